"""What every package may use: clock, errors, redaction, atomic files, locks, a child's side of supervision.

Imports nothing of PyNVR outside this package.
"""
