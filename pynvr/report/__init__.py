"""What is needed to understand trouble from afar, in one ZIP, without pictures, passwords and names of users.

In: nvr.json, status, logs, database, folders. Out: `bundle.entries`, a text for each question, disguised; nothing that
is looked at is changed, and what can't be looked at is said in its place.
"""
