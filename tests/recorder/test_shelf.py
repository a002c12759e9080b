"""What chunks are called."""

import pytest

from pynvr.model.settings import Record
from pynvr.recorder.shelf import RecordingShelf
from tests.archive.clips import make_clip
from tests.recorder.making import make_order

MINUTE_US = 1_782_900_000_000_000  # 10:00 UTC
TRACKS = make_clip(count=2).tracks


@pytest.mark.parametrize(
    ("mode", "second", "name"),
    [
        ("always", 3, "gate.20260701.1000.chunk"),
        ("always", 20, "gate.20260701.1000.chunk"),
        ("motion", 3, "gate.20260701.1000.chunk"),
        # The one before it in this minute may be deleted by now, and its name free.
        ("motion", 20, "gate.20260701.100020.chunk"),
    ],
)
def test_a_chunk_has_the_name_of_its_minute_unless_an_earlier_one_may_have_had_it(tmp_path, mode, second, name):
    shelf = RecordingShelf(make_order(tmp_path, record=Record(mode=mode)))
    writer = shelf.begin(TRACKS, 0, MINUTE_US + second * 1_000_000, 25.0)
    writer.close()
    assert writer.path.name == name
