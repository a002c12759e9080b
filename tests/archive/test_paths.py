from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive import paths
from pynvr.archive.paths import SegmentName, free_stamp, parse_name

UTC = ZoneInfo("UTC")
AT_US = 1_760_000_000_000_000  # 2025-10-09 08:53:20 UTC
DST, CACHE = Path("/dst"), Path("/cache")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (paths.chunk_path(DST, "gate-1", "20251009.0853"), "chunk"),
        (paths.new_chunk_path(DST, "gate-1", "20251009.0853"), "new"),
        (paths.segment_path(DST, "gate-1", "20251009.0853"), "mp4"),
        (paths.bad_path(DST, "gate-1", "20251009.0853"), "bad"),
        (paths.reason_path(DST, "gate-1", "20251009.0853"), "reason"),
        (paths.preview_path(CACHE, "gate-1", "20251009.0853"), "preview"),
        (paths.thumbnail_path(CACHE, "gate-1", "20251009.0853"), "thumbnail"),
    ],
)
def test_every_name_that_is_given_is_read_back_and_lies_in_its_day(path, kind):
    assert parse_name(path.name) == (SegmentName("gate-1", "20251009.0853"), kind)
    assert path.parent.name == "20251009"


def test_ranges_and_indices_are_read_back():
    name = paths.range_path(CACHE, "a", "20251009.0853", "20251009.085410b").name
    assert name == "a.range.20251009.0853.to.20251009.085410b.mp4"
    assert parse_name(name) == (SegmentName("a", "20251009.0853"), "range")
    assert parse_name(paths.index_path(DST, "a", "20251009").name) == (SegmentName("a", ""), "index")


@pytest.mark.parametrize(
    "name",
    [
        "a.20251009.0853.mp4\n",
        "a.b.20251009.0853.mp4",
        ".20251009.0853.mp4",
        "a.20251009.08.mp4",
        "a.20251009.0853.mp4.new",
        "a.２0251009.0853.mp4",
        "x" * 65 + ".20251009.0853.mp4",
        "a.preview.20251009.0853.png",
    ],
)
def test_foreign_names_are_not_taken_for_ours(name):
    assert parse_name(name) is None


def test_a_camera_may_be_called_preview():
    assert parse_name("preview.20251009.0853.mp4") == (SegmentName("preview", "20251009.0853"), "mp4")


def test_a_further_recording_in_the_minute_gets_a_stamp_with_seconds(tmp_path):
    found = []
    for suffix in (".mp4", ".chunk", ".bad", ".chunk.new", ".cut"):
        found.append(free_stamp(tmp_path, "a", AT_US, UTC))
        path = tmp_path / "20251009" / f"a.{found[-1]}{suffix}"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    seconds = ["20251009.085320", "20251009.085321", "20251009.085322", "20251009.085323"]
    assert found == ["20251009.0853", *seconds]
    assert free_stamp(tmp_path, "a", AT_US, UTC) == "20251009.085324"
    assert free_stamp(tmp_path, "b", AT_US, UTC) == "20251009.0853"


def test_the_second_pass_through_the_repeated_hour_has_its_own_stamp(tmp_path):
    zone = ZoneInfo("Europe/Berlin")
    first = free_stamp(tmp_path, "a", 1_761_438_600_000_000, zone)
    second = free_stamp(tmp_path, "a", 1_761_438_600_000_000 + 3_600_000_000, zone)
    assert (first, second) == ("20251026.0230", "20251026.0230b")


def test_days_are_listed_oldest_first(tmp_path):
    for name in ("20251010", "20251009", "lost+found", "2025"):
        (tmp_path / name).mkdir()
    (tmp_path / "20251011").touch()
    assert paths.days_of(tmp_path) == ["20251009", "20251010"]
    assert paths.days_of(tmp_path / "gone") == []
