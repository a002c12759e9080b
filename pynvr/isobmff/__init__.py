"""The MP4 boxes that PyNVR writes and reads itself (ISO/IEC 14496-12), as bytes; no media library.

In: sample tables. Out: a segment's header; and the other way round, from the header of any progressive MP4.
"""
