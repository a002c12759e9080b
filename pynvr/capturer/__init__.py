"""Captures: one process each, which looks at a stream for a while and keeps its brightest pictures.

In: a URL that an admin gave. Out: a folder under `<data_dir>/captures` (`archive/capture_folder.py`), which the web
process shows.
"""
