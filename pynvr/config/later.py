"""What nvr.json will hold in a coming version. Used today it is a mistake, never silently without effect.

A line goes from here when its function comes.
"""

from collections.abc import Mapping

LATER_KEYS: Mapping[str, frozenset[str]] = {}

LATER_VALUES: Mapping[str, frozenset[str]] = {}
