-- The database of PyNVR, version 1.
--
-- `segments`, its totals, `problems` and `scans` are caches of the folder tree: `pynvr reindex` makes them again.
-- All else lives here alone, and is what the daily backup is for.
-- Instants are UTC microseconds since the Unix epoch (`_us`); spans include their start and exclude their end.
-- Times before 1970 or after 2262 don't occur: every instant is checked to be positive.

-- Folders that hold recordings (`dst` in nvr.json), and the disk each was last seen on.
create table disks (
  id integer primary key,

  -- Absolute path of the folder that holds the day folders.
  dst text not null unique check (dst like '/%'),

  -- Content of <dst>/.pynvr-disk, a random hex id. Null: the folder was seen, but carries no marker yet. A folder
  -- whose marker isn't this one is another disk (or none is mounted), and is neither written to nor reaped.
  marker text check (marker <> '')
) strict;

-- Finished files: one row per MP4 in the tree.
create table segments (
  id integer primary key,

  -- The camera that recorded it; it needn't be in nvr.json any more.
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),

  -- Local start, as in the file's name: YYYYMMDD.HHMM, or with seconds, and `b` in autumn's second pass.
  stamp text not null check (
    stamp glob '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9].[0-9][0-9][0-9][0-9]*' and length(stamp) between 13 and 16),

  -- Where it lies: <dst>/<first 8 letters of the stamp>/<camera_id>.<stamp>.mp4.
  disk_id integer not null references disks (id),

  -- Presentation of the first video frame.
  start_us integer not null check (start_us > 0),

  -- End of the last video frame's display, exclusive.
  end_us integer not null check (end_us >= start_us),

  -- Video frames in it.
  frames integer not null check (frames >= 0),

  -- Length of the file.
  file_bytes integer not null check (file_bytes >= 0),

  -- Name of the video codec as libav says it (h264, hevc, …); empty = not known.
  codec text not null,

  -- Coded picture size in pixels; 0 = not known.
  width integer not null check (width >= 0),
  height integer not null check (height >= 0),

  -- Name of the audio codec; empty = no audio.
  audio_codec text not null,

  -- One byte per second from start_us, 0 (as quiet as it gets) to 255; empty = not known.
  activity blob not null,

  -- One file has one row. The camera may have moved to another folder within a minute, so the folder is part of it.
  unique (camera_id, stamp, disk_id)
) strict;

-- Spans of a camera in time order, answered from the index alone (timeline, coverage, ranges).
create index segments_by_time on segments (camera_id, start_us, end_us, frames);

-- The oldest of a camera on a disk, for the reaper.
create index segments_by_age on segments (disk_id, camera_id, start_us);

-- What lies in each folder per camera and day. Kept by triggers; answers "which days" and the totals of reports.
create table day_totals (
  camera_id text not null,

  -- The day folder, YYYYMMDD.
  day text not null check (length(day) = 8),

  disk_id integer not null references disks (id),

  -- Rows of `segments` counted here.
  segments integer not null check (segments >= 0),

  -- Their video frames, lengths of file, and lengths in time, added up.
  frames integer not null check (frames >= 0),
  file_bytes integer not null check (file_bytes >= 0),
  recorded_us integer not null check (recorded_us >= 0),

  -- The longest of them, ever: a search for what overlaps an instant needn't begin further back. Deletions leave it.
  longest_us integer not null check (longest_us >= 0),

  primary key (camera_id, day, disk_id)
) strict, without rowid;

-- Whether a day folder still holds anything.
create index day_totals_by_folder on day_totals (disk_id, day);

-- What lies in each folder per camera, over all days. Kept by triggers; the reaper's limits are held against it.
create table camera_totals (
  disk_id integer not null references disks (id),
  camera_id text not null,
  segments integer not null check (segments >= 0),
  file_bytes integer not null check (file_bytes >= 0),
  recorded_us integer not null check (recorded_us >= 0),
  longest_us integer not null check (longest_us >= 0),
  primary key (disk_id, camera_id)
) strict, without rowid;

create trigger segments_added after insert on segments begin
  insert into day_totals values (
    new.camera_id, substr(new.stamp, 1, 8), new.disk_id,
    1, new.frames, new.file_bytes, new.end_us - new.start_us, new.end_us - new.start_us)
  on conflict (camera_id, day, disk_id) do update set
    segments = segments + 1,
    frames = frames + excluded.frames,
    file_bytes = file_bytes + excluded.file_bytes,
    recorded_us = recorded_us + excluded.recorded_us,
    longest_us = max(longest_us, excluded.longest_us);
  insert into camera_totals values (
    new.disk_id, new.camera_id, 1, new.file_bytes, new.end_us - new.start_us, new.end_us - new.start_us)
  on conflict (disk_id, camera_id) do update set
    segments = segments + 1,
    file_bytes = file_bytes + excluded.file_bytes,
    recorded_us = recorded_us + excluded.recorded_us,
    longest_us = max(longest_us, excluded.longest_us);
end;

create trigger segments_removed after delete on segments begin
  update day_totals set
    segments = segments - 1,
    frames = frames - old.frames,
    file_bytes = file_bytes - old.file_bytes,
    recorded_us = recorded_us - (old.end_us - old.start_us)
  where camera_id = old.camera_id and day = substr(old.stamp, 1, 8) and disk_id = old.disk_id;
  delete from day_totals
  where camera_id = old.camera_id and day = substr(old.stamp, 1, 8) and disk_id = old.disk_id and segments = 0;
  update camera_totals set
    segments = segments - 1,
    file_bytes = file_bytes - old.file_bytes,
    recorded_us = recorded_us - (old.end_us - old.start_us)
  where disk_id = old.disk_id and camera_id = old.camera_id;
  delete from camera_totals where disk_id = old.disk_id and camera_id = old.camera_id and segments = 0;
end;

-- The key of a segment never changes, so its totals stay in their rows.
create trigger segments_changed after update on segments begin
  select raise(abort, 'the key of a segment never changes')
  where new.camera_id <> old.camera_id or new.stamp <> old.stamp or new.disk_id <> old.disk_id;
  update day_totals set
    frames = frames - old.frames + new.frames,
    file_bytes = file_bytes - old.file_bytes + new.file_bytes,
    recorded_us = recorded_us - (old.end_us - old.start_us) + (new.end_us - new.start_us),
    longest_us = max(longest_us, new.end_us - new.start_us)
  where camera_id = new.camera_id and day = substr(new.stamp, 1, 8) and disk_id = new.disk_id;
  update camera_totals set
    file_bytes = file_bytes - old.file_bytes + new.file_bytes,
    recorded_us = recorded_us - (old.end_us - old.start_us) + (new.end_us - new.start_us),
    longest_us = max(longest_us, new.end_us - new.start_us)
  where disk_id = new.disk_id and camera_id = new.camera_id;
end;

-- Day folders as the last look at the tree found them: one that hasn't changed since needn't be read again.
create table scans (
  disk_id integer not null references disks (id),

  -- The day folder, YYYYMMDD.
  day text not null check (length(day) = 8),

  -- Its modification time, which changes with every name that comes or goes, in nanoseconds.
  mtime_ns integer not null,

  primary key (disk_id, day)
) strict, without rowid;

-- Why a camera was or wasn't recorded: from `since_us` until the camera's next row. Copied from the journal
-- that the master keeps beside the database.
create table transitions (
  camera_id text not null,
  since_us integer not null check (since_us > 0),

  -- A word of pynvr.model.cause.Cause.
  cause text not null check (cause <> ''),

  -- A sentence for people, without passwords.
  detail text not null,

  primary key (camera_id, since_us)
) strict, without rowid;

-- How far each file of that journal was copied.
create table journals (
  -- What identifies the file; its reader chooses it.
  name text primary key check (name <> ''),

  -- Bytes from its start that are in `transitions`.
  offset_bytes integer not null check (offset_bytes >= 0)
) strict, without rowid;

-- Spans that were recorded and that the reaper deleted since. Touching ones are joined when they are written.
create table deletions (
  camera_id text not null,
  start_us integer not null check (start_us > 0),
  end_us integer not null check (end_us >= start_us),
  primary key (camera_id, start_us)
) strict, without rowid;

-- Spans of a camera that the reaper never touches.
create table keeps (
  id integer primary key,
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),
  start_us integer not null check (start_us > 0),
  end_us integer not null check (end_us > start_us),

  -- What for, in the user's words.
  reason text not null,

  -- Name of the user or token that made it; empty = made by PyNVR.
  made_by text not null,
  made_us integer not null check (made_us > 0)
) strict;

create index keeps_by_camera on keeps (camera_id, start_us);

-- Chunks that can't become segments and were set aside as .bad.
create table problems (
  -- Absolute path of the file that was set aside.
  path text primary key check (path like '/%'),
  camera_id text not null,
  stamp text not null,

  -- Why, in a sentence for people.
  reason text not null,

  file_bytes integer not null check (file_bytes >= 0),
  noticed_us integer not null check (noticed_us > 0)
) strict;

-- Who may log in.
create table users (
  id integer primary key,
  name text not null unique collate nocase check (length(name) between 1 and 64),

  -- "scrypt$ln=15,r=8,p=3$<salt>$<hash>", the last two in base64.
  password_hash text not null check (password_hash like 'scrypt$%'),

  -- viewer: sees everything; admin: changes anything.
  role text not null check (role in ('viewer', 'admin')),

  made_us integer not null check (made_us > 0),

  -- Sessions that began before it are void.
  password_changed_us integer not null check (password_changed_us > 0)
) strict;

-- What programs log in with.
create table tokens (
  id integer primary key,
  name text not null unique check (length(name) between 1 and 64),

  -- SHA-256 of the token, in hex. A token has 256 random bits, so no slow hash is needed.
  token_hash text not null unique check (length(token_hash) = 64),

  role text not null check (role in ('viewer', 'admin')),
  made_us integer not null check (made_us > 0)
) strict;
