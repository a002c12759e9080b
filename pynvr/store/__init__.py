"""The database: one SQLite file, one module a table, one way to open it.

`Store.open(url)` brings the schema up to date; `open_or_repair(url)` also survives a corrupt or missing file.
Values of `pynvr.model` go in and come out; SQLAlchemy Core stays inside. Every failure is a `StoreError`.
"""
