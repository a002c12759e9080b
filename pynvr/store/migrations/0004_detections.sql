-- What detectors saw in the cameras' pictures, and what of it calls for a person.

-- One thing seen at one instant. Old ones are deleted (system.detection_days), with their pictures.
create table detections (
  id integer primary key,
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

create index detections_by_camera on detections (camera_id, at_us);

-- The oldest, for retention; the newest of all cameras, for lists.
create index detections_by_time on detections (at_us);

-- Who else uses a picture.
create index detections_by_image on detections (image_path) where image_path <> '';

-- Detections that reached their camera's threshold, at most one per camera and kind within a cooldown.
create table alerts (
  id integer primary key,
  detection_id integer not null unique references detections (id) on delete cascade,

  -- As the detection has them: alerts are looked for by them.
  camera_id text not null,
  at_us integer not null check (at_us > 0),
  kind text not null,

  -- Whether a person has seen it.
  viewed integer not null default 0 check (viewed in (0, 1))
) strict;

-- The last of a camera and kind, for the cooldown; lists by time.
create index alerts_by_camera on alerts (camera_id, kind, at_us);
create index alerts_by_time on alerts (at_us);
