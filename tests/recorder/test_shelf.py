"""What chunks are called, and what they leave behind in memory."""

import sys

import pytest

from pynvr.model.settings import Record
from pynvr.recorder.shelf import RecordingShelf
from tests.archive.clips import make_clip
from tests.recorder.making import make_order

MINUTE_US = 1_782_900_000_000_000  # 10:00 UTC
TRACKS = make_clip(count=2).tracks
MINUTES = 5


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


def test_a_chunk_leaves_no_name_but_its_own_among_the_interned(tmp_path, monkeypatch):
    # CPython 3.12 keeps interned names for good, others grow the table of them: a recorder lives for months.
    shelf = RecordingShelf(make_order(tmp_path))
    shelf.begin(TRACKS, 0, MINUTE_US, 25.0).close()
    intern, names = sys.intern, set()

    def noted(name):
        names.add(name)
        return intern(name)

    monkeypatch.setattr(sys, "intern", noted)
    for minute in range(1, 1 + MINUTES):
        writer = shelf.begin(TRACKS, 0, MINUTE_US + minute * 60_000_000, 25.0)
        writer.sync()
        writer.close()
    dated = {name for name in names if name.startswith("gate.")}
    assert dated == {f"gate.20260701.100{minute}.chunk" for minute in range(1, 1 + MINUTES)}
