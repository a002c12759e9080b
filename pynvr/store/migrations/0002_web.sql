-- What the web site needs: who is logged in, labels on the time axis, and which recordings are being read.

-- Logged-in browsers. The cookie holds a random id; only its hash is stored.
create table sessions (
  id integer primary key,

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

create index sessions_by_user on sessions (user_id);

-- Labelled times or ranges of a camera, put there by a person, a detector or a script.
create table tags (
  id integer primary key,
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),
  start_us integer not null check (start_us > 0),

  -- The same as start_us for a moment.
  end_us integer not null check (end_us >= start_us),

  label text not null check (length(label) between 1 and 200),

  -- Name of the user or token that made it; empty = made by PyNVR.
  made_by text not null,
  made_us integer not null check (made_us > 0)
) strict;

create index tags_by_camera on tags (camera_id, start_us);

-- Ranges that are being downloaded or played: the reaper takes others first. A row counts until `until_us`, and is
-- renewed while somebody reads.
create table leases (
  id integer primary key,
  camera_id text not null check (length(camera_id) between 1 and 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),
  start_us integer not null check (start_us > 0),
  end_us integer not null check (end_us > start_us),
  until_us integer not null check (until_us > 0)
) strict;

create index leases_by_camera on leases (camera_id, start_us);
