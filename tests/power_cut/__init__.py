"""The power cut: PyNVR records on a file system whose every write and flush is written down in order; then the disk is
put together again as it would be if the power had gone at this or that moment, and the next start is looked at.

`python -m tests.power_cut --help`; the method and what was measured: docs/durability.md.
"""
