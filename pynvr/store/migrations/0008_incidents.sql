-- Moments of a camera for which a clip is wanted, and how far each is. What the states mean: pynvr/model/incident.py.

create table incidents (
  -- Goes out in messages, so one that was deleted must not give its id to the next: autoincrement.
  id integer primary key autoincrement,
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),

  -- The moment, and how much before and after it is wanted.
  incident_us integer not null check (incident_us > 0),
  pre_us integer not null check (pre_us between 0 and 3600000000),
  post_us integer not null check (post_us between 0 and 3600000000),

  -- Names the clip's file, <data_dir>/incidents/<key>.mp4; by it a receiver knows a repeated delivery.
  key text not null unique check (length(key) between 1 and 64 and key not glob '*[^A-Za-z0-9_-]*'),

  -- When and by whom it was reported: name of a user or token, empty = the command line.
  created_us integer not null check (created_us > 0),
  created_by text not null,

  -- 1: begins and ends at the very frame, newly encoded. Codec: copy = as recorded, h264.
  exact integer not null check (exact in (0, 1)),
  codec text not null check (codec in ('copy', 'h264')),

  -- 1: it is to be delivered to its camera's post_url.
  deliver integer not null check (deliver in (0, 1)),

  -- In the words of whoever reported it.
  note text not null check (length(note) <= 1000),

  status text not null check (status in ('pending', 'extracted', 'uploading', 'waiting', 'uploaded', 'failed')),

  -- Deliveries that were begun; nothing is tried before next_try_us, null = any time.
  attempts integer not null check (attempts >= 0),
  next_try_us integer check (next_try_us > 0),

  -- Why it isn't further, in a sentence without secrets.
  last_error text not null,

  -- When it came so far; null = not yet.
  extracted_us integer check (extracted_us > 0),
  uploaded_us integer check (uploaded_us > 0),
  failed_us integer check (failed_us > 0),

  -- What the clip shows, end exclusive, and its file's length; no length = there is no file (yet, or any more).
  clip_start_us integer check (clip_start_us > 0),
  clip_end_us integer check (clip_end_us >= clip_start_us),
  clip_bytes integer check (clip_bytes > 0),

  -- Spans that were asked for and aren't in it, as JSON: [[start_us, end_us, cause, detail], …].
  missing text not null check (json_valid(missing)),

  -- Counts the writes: who read an older one can't overwrite a newer.
  revision integer not null check (revision >= 0),

  check (pre_us + post_us > 0)
) strict;

-- Lists, newest first: of all, of a camera.
create index incidents_by_time on incidents (incident_us);
create index incidents_by_camera on incidents (camera_id, incident_us);

-- What is still to be done.
create index incidents_by_status on incidents (status, incident_us);
