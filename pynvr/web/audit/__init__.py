"""The web process's part of the audit log: requests come in, entries go to the database."""
