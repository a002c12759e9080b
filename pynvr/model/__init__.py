"""Values and their laws, without input or output: camera settings, stamps and local time, frames, segments, causes.

Instants are UTC microseconds (`_us`); local time exists in `stamp` and `schedule` alone.
"""
