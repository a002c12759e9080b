"""A track of many segments: no drift over a day, edit lists, limits."""

from array import array
from dataclasses import replace

import pytest

from pynvr.archive.index_head import head_of
from pynvr.archive.record import index_track
from pynvr.base.errors import UnevenRangeError
from pynvr.isobmff.table import TrackTable
from pynvr.isobmff.virtual import Edit
from pynvr.playback.range_plan import Use
from pynvr.playback.range_rows import with_last
from pynvr.playback.range_track import Window, track_of
from tests.archive.building import AUDIO, VIDEO

MINUTE = 60_000_000
DAY_MINUTES = 1440


def table(track, count, ticks):
    return index_track(
        TrackTable(
            track,
            array("I", [100]) * count,
            array("Q", range(1000, 1000 + 200 * count, 200)),
            array("I", [ticks]) * count,
            array("I", range(0, count, 50) if track.kind == "video" else range(count)),
        )
    )


def test_sound_and_picture_of_a_day_part_by_less_than_a_sample():
    # A camera's sound clock that is 60 ppm off, and minutes that begin where their first keyframe came.
    starts = [minute * MINUTE + (minute * 7919 % 9_000) for minute in range(DAY_MINUTES)]
    picture = [Use(head_of(table(VIDEO, 1500, 3600)), start, 0) for start in starts]
    heard = [Use(head_of(table(AUDIO, 2811, 1024)), start + 5_000 + 3 * n, 0) for n, start in enumerate(starts)]
    window = Window(0, DAY_MINUTES * MINUTE, 0)
    for uses, timescale in ((picture, 90_000), (heard, 48_000)):
        made = track_of(uses, timescale, window, 90_000)
        durations = list(made.rows.last_ticks)
        at = uses[0].media_us * timescale / 1e6
        for use, last in zip(uses, durations, strict=True):
            assert abs(at - use.media_us * timescale / 1e6) < 1
            at += use.head.duration - use.head.last_run[1] + last
        assert made.shape.duration == pytest.approx(at - uses[0].media_us * timescale / 1e6, abs=1)


def test_rows_are_counted_as_they_come_out():
    uses = [
        Use(head_of(table(VIDEO, 3, 3600)), 0, 0),
        None,
        Use(head_of(table(VIDEO, 1, 3600)), 120_100, 0),
        Use(head_of(table(VIDEO, 2, 3600)), 160_000, 0),
    ]
    made = track_of(uses, 90_000, Window(0, 240_000, 0), 90_000)
    assert list(made.rows.samples) == [0, 3, 3, 4, 6]
    # 120.1 ms: the first three last 3600, 3600, 3609; the one 3591; the last two are as they were.
    assert list(made.rows.last_ticks) == [3609, 0, 3591, 3600]
    assert list(made.rows.durations) == [0, 2, 2, 3, 4]
    assert list(made.rows.keyframes) == [0, 1, 1, 2, 3]


def test_a_last_duration_is_changed_in_the_runs():
    runs = array("I", [2, 3600, 3, 3000])
    runs.byteswap()
    data = runs.tobytes()
    assert with_last(data, 3000) == data
    changed = array("I", with_last(data, 77))
    changed.byteswap()
    assert list(changed) == [2, 3600, 2, 3000, 1, 77]
    single = array("I", with_last(data[:8] + (1).to_bytes(4, "big") + data[12:], 77))
    single.byteswap()
    assert list(single) == [2, 3600, 1, 77]


@pytest.mark.parametrize(
    ("media_us", "window", "edits"),
    [
        (0, Window(0, 2_000_000, 0), (Edit(180_000, 0),)),
        (0, Window(500_000, 2_000_000, 0), (Edit(135_000, 24_000),)),
        (250_000, Window(0, 2_000_000, 0), (Edit(22_500, -1), Edit(157_500, 0))),
        (0, Window(0, 2_000_000, 1_000_000), (Edit(90_000, -1), Edit(180_000, 0))),
        (0, Window(0, 9_000_000, 0), (Edit(384_000, 0),)),
    ],
    ids=["whole", "entered in the middle", "begins later", "waits for a gap in front", "ends before the picture"],
)
def test_an_edit_list_shows_the_window(media_us, window, edits):
    uses = [Use(head_of(table(AUDIO, 200, 1024)), media_us, 0)]
    assert track_of(uses, 48_000, window, 90_000).shape.edits == edits


def test_picture_fills_the_window_though_decoding_ends_earlier():
    uses = [Use(head_of(table(VIDEO, 50, 3600)), 0, -7200)]
    (edit,) = track_of(uses, 90_000, Window(0, 2_000_000, 0), 90_000).shape.edits
    assert edit == Edit(180_000, 7200)


def test_a_pause_longer_than_a_duration_can_be_is_refused():
    uses = [Use(head_of(table(VIDEO, 50, 3600)), at, 0) for at in (0, 48_000 * 1_000_000)]
    with pytest.raises(UnevenRangeError, match="13 hours"):
        track_of(uses, 90_000, Window(0, 49_000 * 1_000_000, 0), 90_000)


def test_each_sample_entry_is_described_once():
    other = replace(VIDEO, sample_entry=b"other")
    uses = [Use(head_of(table(track, 10, 3600)), n * 400_000, 0) for n, track in enumerate((VIDEO, other, VIDEO))]
    shape = track_of(uses, 90_000, Window(0, 1_200_000, 0), 90_000).shape
    assert shape.entries == (VIDEO.sample_entry, b"other")
    assert shape.described == ((0, 0), (10, 1), (20, 0))
    assert shape.samples == 30
