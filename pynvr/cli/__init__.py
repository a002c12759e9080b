"""The commands: one module a verb, each loaded only when its verb is called.

In: words on the command line and nvr.json. Out: lines for people, JSON for scripts, an exit code.
"""
