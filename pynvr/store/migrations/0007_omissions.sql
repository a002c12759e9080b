-- What a camera of mode `motion` sent while nothing moved: it was recorded, looked at, and not kept.

-- Spans, in the form of `deletions`. Touching ones are joined when they are written. Copied from the files that the
-- finisher keeps beside the master's journal; `journals` says how far.
create table omissions (
  camera_id text not null,
  start_us integer not null check (start_us > 0),
  end_us integer not null check (end_us >= start_us),
  primary key (camera_id, start_us)
) strict, without rowid;
