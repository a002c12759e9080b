-- How many alerts nobody has seen, and which, without looking at all of those that somebody has.
create index alerts_unviewed on alerts (at_us) where viewed = 0;
