-- Keeps, tags, detections and browsers get numbers that are never another's, as alerts and incidents have them.
--
-- They are deleted by their number over HTTP. SQLite gives the highest number again after its row was deleted, so a
-- request that is sent twice, or late, would have taken away what somebody else made meanwhile: autoincrement.
-- While this runs foreign keys aren't looked at: alerts refer to detections by the table's name, which stays.

create table keeps_with_ids_used_once (
  id integer primary key autoincrement,
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),
  start_us integer not null check (start_us > 0),
  end_us integer not null check (end_us > start_us),

  -- What for, in the user's words.
  reason text not null,

  -- Name of the user or token that made it; empty = made by PyNVR.
  made_by text not null,
  made_us integer not null check (made_us > 0)
) strict;

insert into keeps_with_ids_used_once (id, camera_id, start_us, end_us, reason, made_by, made_us)
  select id, camera_id, start_us, end_us, reason, made_by, made_us from keeps order by id;
drop table keeps;
alter table keeps_with_ids_used_once rename to keeps;

create index keeps_by_camera on keeps (camera_id, start_us);

create table tags_with_ids_used_once (
  id integer primary key autoincrement,
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),
  start_us integer not null check (start_us > 0),

  -- The same as start_us for a moment.
  end_us integer not null check (end_us >= start_us),

  label text not null check (length(label) between 1 and 200),

  -- Name of the user or token that made it; empty = made by PyNVR.
  made_by text not null,
  made_us integer not null check (made_us > 0)
) strict;

insert into tags_with_ids_used_once (id, camera_id, start_us, end_us, label, made_by, made_us)
  select id, camera_id, start_us, end_us, label, made_by, made_us from tags order by id;
drop table tags;
alter table tags_with_ids_used_once rename to tags;

create index tags_by_camera on tags (camera_id, start_us);

-- Labels of a range that reach into a period from before it: the axis asks for them out of half a million moments.
create index tags_spans on tags (camera_id, end_us) where end_us > start_us;

create table detections_with_ids_used_once (
  id integer primary key autoincrement,
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),

  -- When the picture was shown in which it was seen.
  at_us integer not null check (at_us > 0),

  -- What was seen: motion, face, or the word of an outside detector.
  kind text not null check (length(kind) between 1 and 32 and kind not glob '*[^a-z0-9_-]*'),

  -- How sure the detector is.
  confidence real not null check (confidence between 0 and 1),

  -- Where, as shares of the picture's width and height from its upper left corner; all four null = not said.
  box_x real check (box_x between 0 and 1),
  box_y real check (box_y between 0 and 1),
  box_width real check (box_width between 0 and 1),
  box_height real check (box_height between 0 and 1),

  -- The picture's file below system.jpg_cache_dir, as YYYYMMDD/<name>.jpg; empty = none. Things seen in one picture
  -- share its file.
  image_path text not null check (image_path = '' or image_path glob
    '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/[A-Za-z0-9_-]*.jpg' and image_path not like '%/%/%'),

  -- Name of the user or token that reported it; empty = PyNVR's analyser.
  made_by text not null,

  check ((box_x is null) = (box_y is null) and (box_x is null) = (box_width is null)
    and (box_x is null) = (box_height is null))
) strict;

insert into detections_with_ids_used_once (
    id, camera_id, at_us, kind, confidence, box_x, box_y, box_width, box_height, image_path, made_by)
  select id, camera_id, at_us, kind, confidence, box_x, box_y, box_width, box_height, image_path, made_by
  from detections order by id;
drop table detections;
alter table detections_with_ids_used_once rename to detections;

create index detections_by_camera on detections (camera_id, at_us);

-- The oldest, for retention; the newest of all cameras, for lists.
create index detections_by_time on detections (at_us);

-- Who else uses a picture.
create index detections_by_image on detections (image_path) where image_path <> '';

-- Logged-in browsers. The cookie holds a random id; only its hash is stored.
create table sessions_with_ids_used_once (
  id integer primary key autoincrement,

  -- SHA-256 of the session id, in hex.
  id_hash text not null unique check (length(id_hash) = 64),

  user_id integer not null references users (id) on delete cascade,
  made_us integer not null check (made_us > 0),

  -- The last request, to the minute; a session ends when it wasn't used for long.
  seen_us integer not null check (seen_us > 0),

  -- Where it was opened from, for the list that its user sees.
  address text not null,
  agent text not null
) strict;

insert into sessions_with_ids_used_once (id, id_hash, user_id, made_us, seen_us, address, agent)
  select id, id_hash, user_id, made_us, seen_us, address, agent from sessions order by id;
drop table sessions;
alter table sessions_with_ids_used_once rename to sessions;

create index sessions_by_user on sessions (user_id);
