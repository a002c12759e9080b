-- A camera's finished days as the time axis shows them, and when cameras were added and changed.

-- A cache of `segments`: whoever draws a month needn't read a million rows. A row counts only as long as its four
-- figures are those of the day in `day_totals`, all folders added up.
create table day_tiles (
  camera_id text not null,

  -- The day folder, YYYYMMDD.
  day text not null check (length(day) = 8),

  segments integer not null check (segments >= 0),
  frames integer not null check (frames >= 0),
  file_bytes integer not null check (file_bytes >= 0),
  recorded_us integer not null check (recorded_us >= 0),

  -- Start of the day's last segment.
  last_us integer not null check (last_us >= 0),

  -- Segments that touch, made one: start_us, end_us and frames of each run as three 64-bit integers, big-endian.
  runs blob not null check (length(runs) % 24 = 0),

  -- Epoch seconds at which `levels` begin: a whole minute.
  start_s integer not null check (start_s % 60 = 0),

  -- One byte a minute: 0 = nothing recorded, else the highest activity of its seconds + 1.
  levels blob not null,

  primary key (camera_id, day)
) strict, without rowid;

create trigger day_gone after delete on day_totals begin
  delete from day_tiles where camera_id = old.camera_id and day = old.day;
end;

-- When the cameras of nvr.json were added and last changed, as far as the web site saw it.
create table cameras (
  id text primary key check (length(id) between 1 and 64 and id not glob '*[^A-Za-z0-9_-]*'),

  -- SHA-256, in hex, of what the file says of it, passwords masked; another one means that it was changed by hand.
  document_hash text not null check (length(document_hash) = 64),

  created_us integer not null check (created_us > 0),
  updated_us integer not null check (updated_us > 0)
) strict, without rowid;
