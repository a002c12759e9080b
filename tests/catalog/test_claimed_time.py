"""The time that an MP4 claims, where nothing but the file itself tells it."""

import struct
from zoneinfo import ZoneInfo

import pytest

from pynvr.catalog.reindex import reindex
from pynvr.catalog.verify import Counts, Verifier
from pynvr.isobmff.identity import identity_box
from pynvr.isobmff.table import SegmentIdentity
from pynvr.model.cause import Cause
from pynvr.model.stamp import stamp_start_us
from pynvr.store.accounting import coverage_of

UTC = ZoneInfo("UTC")
STAMP = "20260101.0830"
NAMED_US = stamp_start_us(STAMP, UTC)
S = 1_000_000
HOUR, DAY = 3600 * S, 86_400 * S
CLIP_US = 2_500_000


def claim(path, start_us, end_us):
    """A whole segment of PyNVR but for what it says of its time."""
    with path.open("ab") as file:
        file.write(identity_box(SegmentIdentity("gate", start_us, end_us)))


@pytest.mark.parametrize(
    ("start_us", "end_us", "words"),
    [
        (NAMED_US, NAMED_US + 60 * DAY, "no segment lasts longer than 26 h"),
        (NAMED_US, NAMED_US + HOUR, "its frames last 0:00:02"),
        (NAMED_US, NAMED_US - 1, "ends before it begins"),
        (NAMED_US, NAMED_US - 60 * DAY, "ends before it begins"),
        (NAMED_US + 27 * HOUR, NAMED_US + 27 * HOUR + CLIP_US, "its name says 2026-01-01 08:30:00 UTC"),
        (NAMED_US - 27 * HOUR, NAMED_US - 27 * HOUR + CLIP_US, "its name says 2026-01-01 08:30:00 UTC"),
        (NAMED_US - 400 * DAY, NAMED_US, "to show 2024-11-27 08:30:00 UTC to 2026-01-01 08:30:00 UTC"),
        (-(1 << 63), (1 << 63) - 1, f"{-(1 << 63)} µs since 1970"),
        (0, CLIP_US, "its name says"),
    ],
)
def test_a_file_that_claims_a_time_that_cannot_be_is_damaged(store, archive, tmp_path, start_us, end_us, words):
    archive.put("20260101.0829")
    path = archive.put(STAMP)
    claim(path, start_us, end_us)
    report = reindex(store, [archive.dst], UTC)
    assert report.added == 1
    ((named, reason),) = report.unreadable
    assert named == path and str(path) in reason and words in reason, reason
    assert store.segments.find("gate", STAMP) is None
    found = coverage_of(store, ["gate"], NAMED_US - 500 * DAY, NAMED_US + 500 * DAY, now_us=NAMED_US + 500 * DAY)[
        "gate"
    ]
    assert found.sums_us.get(Cause.RECORDED, 0) == CLIP_US
    counts = Counts()
    findings = Verifier(store, UTC, tmp_path / "jpg").verify([archive.dst], counts)
    assert [(one.kind, one.path) for one in findings] == [("unreadable", path)]


@pytest.mark.parametrize("off_us", [0, 59 * S, HOUR, -HOUR, 25 * HOUR, -25 * HOUR])
def test_a_file_whose_name_is_of_another_zone_or_of_an_hour_that_came_twice_is_believed(store, archive, off_us):
    start_us = NAMED_US + off_us
    # What another muxer rounds is a guess at the last frame.
    claim(archive.put(STAMP), start_us, start_us + CLIP_US + 3 * S)
    assert reindex(store, [archive.dst], UTC).unreadable == []
    found = store.segments.find("gate", STAMP)
    assert (found.start_us, found.end_us) == (start_us, start_us + CLIP_US + 3 * S)


def test_a_file_of_another_recorder_whose_frames_last_for_days_is_damaged(store, archive):
    path = archive.put(STAMP)
    data = bytearray(path.read_bytes())
    at = data.index(b"stts") + 12
    count, delta = struct.unpack_from(">II", data, at)
    assert count == 25
    timescale = 10 * delta
    struct.pack_into(">II", data, at, count, timescale * 3600)
    path.write_bytes(data)
    believed = reindex(store, [archive.dst], UTC)
    assert believed.unreadable == [] and store.segments.find("gate", STAMP).end_us == NAMED_US + 25 * HOUR
    struct.pack_into(">II", data, at, count, timescale * 3600 * 2)
    # Of another length, so that it is read again.
    path.write_bytes(data + b"\0\0\0\x08free")
    ((_, reason),) = reindex(store, [archive.dst], UTC).unreadable
    assert "2026-01-01 08:30:00 UTC to 2026-01-03 10:30:00 UTC" in reason


def test_a_name_of_a_time_that_there_is_not_is_no_end_of_the_walk(store, archive):
    archive.put(STAMP)
    path = archive.put("20260101.2570")
    report = reindex(store, [archive.dst], UTC)
    assert report.added == 1
    assert report.unreadable == [(path, f"{path} is named by a time that there isn't")]
