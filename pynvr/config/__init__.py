"""nvr.json → settings: read with every mistake found, compared, watched, written.

In: a JSON file. Out: `pynvr.model.settings.Settings`, or a ConfigError with one line per mistake.
"""
