"""The tree on disk: names and folders, chunks and their codec, the day index, a disk's marker, the journal of causes.

In: frames of a recorder. Out: chunks, what is in them, and the sample tables of which segments are made.
"""
