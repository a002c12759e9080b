"""The real program with children that only play: `python -m tests.supervisor.program CONFIG [--real-web]`."""
