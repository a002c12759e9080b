"""The boxes of ISO/IEC 14496-12 that PyNVR writes and reads itself, as pure bytes.

In: sample tables. Out: a segment's header; and back again, from any progressive MP4. What can't be read is
a `BoxError`.
"""
