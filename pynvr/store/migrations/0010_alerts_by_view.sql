-- The first alert of a camera and kind behind any instant, viewed or not, without looking at the others: a time axis asks
-- for one to a place.
create index alerts_by_view on alerts (camera_id, kind, viewed, at_us);
