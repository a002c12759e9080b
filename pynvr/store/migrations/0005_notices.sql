-- Messages to people and other programs (notify in nvr.json), and an alert's number that is never another's.

-- An alert's id goes out in messages, so one that was deleted must not give its id to the next: autoincrement.
create table alerts_with_ids_used_once (
  id integer primary key autoincrement,
  detection_id integer not null unique references detections (id) on delete cascade,

  -- As the detection has them: alerts are looked for by them.
  camera_id text not null,
  at_us integer not null check (at_us > 0),
  kind text not null,

  -- Whether a person has seen it.
  viewed integer not null default 0 check (viewed in (0, 1))
) strict;

insert into alerts_with_ids_used_once (id, detection_id, camera_id, at_us, kind, viewed)
  select id, detection_id, camera_id, at_us, kind, viewed from alerts order by id;

drop table alerts;

alter table alerts_with_ids_used_once rename to alerts;

create index alerts_by_camera on alerts (camera_id, kind, at_us);
create index alerts_by_time on alerts (at_us);

-- Messages that still have to be sent: one row for each target. A row goes when the target took it, or when it is given up.
create table notices (
  id integer primary key,

  -- Name of an item of notify.
  target text not null check (length(target) between 1 and 64 and target not glob '*[^A-Za-z0-9_-]*'),

  -- By it a receiver knows a message that it got already.
  key text not null check (length(key) between 1 and 64),

  -- When it was put here; after a day it is given up.
  made_us integer not null check (made_us > 0),

  -- The message as JSON, without its picture.
  message text not null check (json_valid(message)),

  unique (target, key)
) strict;

-- How it goes with each target.
create table notice_targets (
  target text primary key check (length(target) between 1 and 64 and target not glob '*[^A-Za-z0-9_-]*'),

  -- The newest alert that was looked at for it.
  alert_id integer not null check (alert_id >= 0),

  -- Messages that it took; messages that were given up.
  sent integer not null default 0 check (sent >= 0),
  given_up integer not null default 0 check (given_up >= 0),

  -- When it last took one; null = never.
  sent_us integer check (sent_us > 0),

  -- When it last failed, and why, in words without secrets; null and empty = never.
  failed_us integer check (failed_us > 0),
  failure text not null default ''
) strict, without rowid;

-- What a target was told last of each thing that is either well or not, and when it was last told of anything else that
-- has a quiet time.
create table notice_states (
  target text not null check (length(target) between 1 and 64 and target not glob '*[^A-Za-z0-9_-]*'),

  -- `camera gate`, `disk /srv`, `system finisher`, `alert gate motion`.
  subject text not null check (length(subject) between 1 and 5000),

  -- Whether it was told to be in trouble.
  troubled integer not null check (troubled in (0, 1)),
  told_us integer not null check (told_us > 0),

  primary key (target, subject)
) strict, without rowid;
