"""The tree on disk: names, chunks, day indexes, markers of disks, the journal of causes.

In: `Frame`s of a recorder, sample tables of the finisher. Out: files that whoever follows or reads them may trust; what
the disk refuses is a `DiskError`, what can't be understood a `ChunkError`.
"""
