-- Who did what, from where, and when; and what PyNVR did by itself.

-- One thing that happened. States of the cameras are no rows of it: `transitions` has them. Old rows are deleted
-- (system.audit_days).
create table audit (
  -- Never given twice, so that a page of the list goes on where the last one ended.
  id integer primary key autoincrement,

  at_us integer not null check (at_us > 0),
  level text not null check (level in ('info', 'warning', 'error')),

  -- Which part of PyNVR tells it: web, command, master, deliverer, reaper, …
  source text not null check (length(source) between 1 and 32 and source not glob '*[^a-z]*'),

  -- Name of the user or token that did it, or of the account on the machine that gave a command; empty = PyNVR itself,
  -- or nobody knows.
  actor text not null check (length(actor) <= 200),

  -- Network address that it came from; empty = none.
  address text not null check (length(address) <= 200),

  -- What was done, as a word for programs: `camera.change`, `login`, `video.download`.
  action text not null check (length(action) between 1 and 64 and action not glob '*[^a-z0-9._-]*'),

  -- The camera that it was done to; empty = none, or several.
  camera_id text not null check (length(camera_id) <= 64 and camera_id not glob '*[^A-Za-z0-9_-]*'),

  -- What else it was done to: a user's name, an incident's number, a process.
  subject text not null check (length(subject) <= 500),

  -- A sentence for people, without secrets.
  text text not null check (length(text) <= 2000),

  -- A JSON object with the figures, without secrets.
  detail text not null check (json_valid(detail) and length(detail) <= 20000)
) strict;

create index audit_by_time on audit (at_us, id);
create index audit_by_camera on audit (camera_id, at_us) where camera_id <> '';

-- Who did something, and what.
create index audit_by_actor on audit (actor, at_us) where actor <> '';

-- Both are told in one list: what held of all cameras, by time. With the cause, so that looking for rare ones reads
-- nothing else.
create index transitions_by_time on transitions (since_us, camera_id, cause);
