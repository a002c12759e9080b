"""A data directory to play from."""

import pytest

from tests.playback.recording import kept


@pytest.fixture
def recording(tmp_path):
    """Nothing is recorded yet."""
    with kept(tmp_path) as made:
        yield made
