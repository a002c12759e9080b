"""A data directory to search in."""

from tests.playback.conftest import recording

__all__ = ["recording"]
