"""The deliverer: clips around incidents are cut out of what is recorded, and posted to where they are wanted.

In: the database's incidents, the recordings, nvr.json. Out: clips under `<data_dir>/incidents`, each in one request to
its camera's `post_url`, again and again until it is taken. One process, there if a camera has a `post_url` or as long
as there are incidents to be cut.
"""
