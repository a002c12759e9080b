"""A disk that a test may fill, pull out and write-protect."""

import pytest

from tests.mounting import small_file_system


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 16 MB."""
    with small_file_system(tmp_path / "disk", "16m") as disk:
        yield disk
