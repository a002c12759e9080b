"""What PyNVR costs, measured beside its peers in the same run: `make bench`, or `python -m benchmarks NAME …`.

One module a question. Each prints rows (what, measured, to reach) and is never collected as a test.
"""
