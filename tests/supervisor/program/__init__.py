"""The real program with recorders, finisher and reaper that only play: `python -m tests.supervisor.program`."""
