"""The finisher: what nobody holds the lock of is turned into an MP4, then gets its pictures, index record and row.

In: unlocked `.chunk` files of the camera folders, the master's journal of causes. Out: `.mp4` in place of each (or
`.bad` with its reason), `<jpg_cache_dir>`, day indexes, the catalog. Every step may be repeated, and the state of the
tree alone says which steps are left, so a death at any line costs nothing but time.
"""
