"""One process per camera: frames from the camera's stream into chunks, nothing else.

In: a `RecorderOrder`. Out: chunks under the camera's `dst`, beats to the master. Never the database, and no
decoding unless the camera is to be transcoded or its audio can't be carried by MP4.
"""
