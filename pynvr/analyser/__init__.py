"""Looks at the cameras' pictures while they are recorded; one process for all cameras that ask for it.

In: growing chunks, of which as few frames are decoded as the settings need. Out: detections with their pictures, and
alerts, in the database. It may be late, crash or hang: recording doesn't know of it.
"""
