"""The web site and the HTTP interface: one process, many threads, nothing held in memory that grows with the archive.

In: requests, the catalog, the tree through `pynvr.playback`, status.json. Out: pages, JSON, video.

`process` is what the supervisor starts, `server` the WSGI server, `app` puts the routes of `api` and `pages` together,
`access` decides who may do what.
"""
