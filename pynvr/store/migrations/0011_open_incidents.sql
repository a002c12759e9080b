-- Asked for every second or two, among all the incidents that are over: what is still to be done, which clips may go, and
-- which incidents are old.
create index incidents_by_state on incidents (status, deliver, camera_id);
create index incidents_by_clip on incidents (uploaded_us) where clip_bytes is not null;
create index incidents_by_creation on incidents (created_us);
