"""Sending by HTTP POST to addresses that an admin configured: what is sent, what counts as taken, when to try again.

In: an address with its headers and a body that may be large. Out: nothing if it was taken, else an error that says
whether it may be later. Certificates are checked, no secret goes to another host than the configured one, and no
receiver, however slow, keeps a request for longer than was allowed.
"""
