"""Where segments are put on a range's media clock."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pynvr.playback.range_clock import Extent, begins
from pynvr.store.segments import Span

MINUTE = 60_000_000
FRAME = 40_000


def minute(start_us, lasts_us=MINUTE, sound_us=None):
    return Extent(Span(start_us, start_us + lasts_us, lasts_us // FRAME), FRAME, sound_us)


def places(extents, keep_gaps=False):
    return [place.media_us for place in begins(extents, keep_gaps)]


def test_media_time_goes_as_the_wall_clock_does():
    extents = [minute(0), minute(MINUTE + 3_000), minute(2 * MINUTE - 2_000)]
    assert places(extents) == [0, MINUTE + 3_000, 2 * MINUTE - 2_000]
    assert [place.follows for place in begins(extents, keep_gaps=False)] == [False, True, True]


def test_a_gap_is_left_out_or_kept():
    extents = [minute(0), minute(5 * MINUTE), minute(6 * MINUTE)]
    assert places(extents) == [0, MINUTE, 2 * MINUTE]
    assert places(extents, keep_gaps=True) == [0, 5 * MINUTE, 6 * MINUTE]
    assert [place.follows for place in begins(extents, keep_gaps=True)] == [False, False, True]


def test_a_clock_set_back_is_a_border_like_a_gap():
    extents = [minute(0), minute(20_000_000), minute(20_000_000 + MINUTE)]
    for keep_gaps in (False, True):
        assert places(extents, keep_gaps) == [0, MINUTE, 2 * MINUTE]


def test_a_correction_takes_of_the_last_frame_and_the_rest_at_the_next_borders():
    early = minute(MINUTE - 70_000)
    after = minute(2 * MINUTE - 70_000)
    last = minute(3 * MINUTE - 70_000)
    # Of the 40 ms of a last frame 1 ms stays.
    assert places([minute(0), early, after, last]) == [
        0,
        MINUTE - 39_000,
        2 * MINUTE - 70_000,
        3 * MINUTE - 70_000,
    ]


def test_picture_and_sound_are_moved_together():
    first = minute(0, sound_us=(-10_000, MINUTE - 31_000))
    second = minute(MINUTE - 30_000, sound_us=(-10_000, MINUTE - 31_000))
    # The last sound begins 31 ms before the end, and the next one at the earliest 1 ms later.
    assert places([first, second]) == [0, MINUTE - 20_000]


@given(
    st.lists(st.tuples(st.integers(-200_000, 200_000), st.booleans()), min_size=1, max_size=300),
    st.booleans(),
)
def test_what_corrections_leave_behind_is_caught_up_with(steps, keep_gaps):
    """Corrections of the clock at every border, gaps now and then: a border makes up for at most a frame's time."""
    extents, at_us, behind_us, expected = [], 0, 0, []
    for correction_us, is_gap in steps:
        extents.append(minute(at_us))
        expected.append(behind_us)
        at_us += MINUTE + (10 * MINUTE if is_gap else correction_us // 2)
        behind_us = 0 if is_gap else max(0, behind_us - (FRAME - 1_000) - correction_us // 2)
    found = begins(extents, keep_gaps)
    left_out_us = 0
    for number, (extent, place) in enumerate(zip(extents, found, strict=True)):
        if number and not place.follows and not keep_gaps:
            before = extents[number - 1].span
            left_out_us = extent.span.start_us - (found[number - 1].media_us + before.end_us - before.start_us)
        assert place.media_us - (extent.span.start_us - left_out_us) == expected[number]
    for before, after in pairwise(found):
        assert after.media_us >= before.media_us + MINUTE - FRAME
