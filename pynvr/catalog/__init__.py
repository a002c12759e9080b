"""Keeps the catalog equal to the tree: reads day folders into the store (`reindex`), and compares both (`verify`).

In: folders of MP4s and their day indexes. Out: rows in `pynvr.store`, index records that were lacking, findings.
"""
