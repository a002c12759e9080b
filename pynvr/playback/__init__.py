"""What was recorded, as somebody wants to see it: a range as one MP4, HLS, a frame, a time axis.

In: the catalog, day indexes, finished segments and growing chunks. Out: bytes made as they are asked for; no temporary
file, nothing kept that grows with the range.
"""
