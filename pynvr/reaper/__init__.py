"""Deletes old video where nvr.json allows it: per disk (`reaper`) and per camera (`retention`).

In: rules, the usage of disks, the catalog's totals and oldest rows, keeps, open incidents, leases. Out: files gone,
their rows too, and spans in `deletions`, so that coverage tells why they are missing. The cost of looking doesn't grow
with the archive.
"""
