-- What somebody should know of: the page shows it alone on request, again and again, out of a million that just happened.
create index audit_notable on audit (at_us, id) where level <> 'info';
