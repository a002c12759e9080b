-- Labels of a range that reach into a period from before it: the axis asks for them out of half a million moments.
create index tags_spans on tags (camera_id, end_us) where end_us > start_us;
