"""What strangers send, made up: each parser and each route with inputs that nobody thought of.

In a run of the suite each gets a few examples, always the same ones; `python -m tests.fuzz` (`make fuzz`) goes on with
others as long as it is told to.
"""
