"""What of a chunk of mode `motion` is kept: decided on times alone."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pynvr.archive.chunk import BlockFrame
from pynvr.archive.vigil import Watched
from pynvr.finisher.keeping import ChunkTimes, Margins, between, is_told, merged, periods_to_keep, runs_to_keep

S = 1_000_000
T0 = 1_782_900_000 * S
BEFORE, CHUNK, BEHIND = T0 - 60 * S, T0, T0 + 60 * S
TIMES = ChunkTimes(CHUNK, T0, T0 + 60 * S)
MARGINS = Margins(5 * S, 10 * S)


def line(chunk: int, from_s: float, to_s: float, first_s: float | None = None, last_s: float | None = None) -> Watched:
    at = [0 if second is None else T0 + round(second * S) for second in (first_s, last_s)]
    return Watched(chunk, T0 + round(from_s * S), T0 + round(to_s * S), *at)


def watched(*moves: tuple[float, float], until_s: float = 70) -> list[Watched]:
    """Without a break from the chunk before to the one behind; something moves from … to …, each by itself."""
    lines = []
    at_s = -30.0
    for first_s, last_s in [*moves, (until_s, None)]:
        while at_s < first_s:
            to_s = min(at_s + 2, first_s)
            chunk = BEFORE if to_s < 0 else CHUNK if to_s < 60 else BEHIND
            is_motion = to_s == first_s and last_s is not None
            lines.append(line(chunk, at_s, to_s, *((to_s, to_s) if is_motion else ())))
            at_s = to_s
        if last_s is not None and last_s > first_s:
            chunk = BEFORE if last_s < 0 else CHUNK if last_s < 60 else BEHIND
            lines.append(line(chunk, first_s, last_s, first_s, last_s))
            at_s = last_s
    return lines


def kept(lines: list[Watched], margins: Margins = MARGINS) -> list[tuple[float, float]]:
    """In seconds of the chunk."""
    found = periods_to_keep(TIMES, lines, margins)
    cut = [(max(a, TIMES.start_us), min(b, TIMES.end_us)) for a, b in found]
    return [((a - T0) / S, (b - T0) / S) for a, b in cut if a < b]


def test_nothing_is_kept_where_nothing_moved():
    assert kept(watched()) == []


def test_the_margins_are_kept_around_what_moved_and_those_that_overlap_are_one():
    assert kept(watched((20, 24))) == [(15, 34)]
    assert kept(watched((20, 21), (30, 33), (50, 50))) == [(15, 43), (45, 60)]


def test_motion_in_the_next_minute_keeps_the_end_of_this_one_and_in_the_last_minute_its_beginning():
    assert kept(watched((62, 64))) == [(57, 60)]
    assert kept(watched((66, 68))) == []
    assert kept(watched((-9, -4))) == [(0, 6)]
    assert kept(watched((-20, -11))) == []


def test_without_margins_the_motion_alone_is_kept():
    (period,) = kept(watched((20, 24)), Margins(0, 0))
    assert period == (20, 24 + 1e-6)


def test_what_nobody_watched_counts_as_moving():
    lines = watched()
    hole = [one for one in lines if not 20 * S <= one.to_us - T0 <= 24 * S]
    assert kept(hole) == [(13, 34)]
    assert kept([]) == [(0, 60)]
    # Nobody looked on: the camera was lost, or the analyser.
    assert kept([one for one in lines if one.to_us <= T0 + 50 * S]) == [(45, 60)]
    assert kept([one for one in lines if one.to_us <= T0 + 62 * S]) == [(57, 60)]
    # Nobody looked before: the camera came back just now.
    assert kept([one for one in lines if one.from_us >= T0 + 2 * S]) == [(0, 12)]


def test_a_line_that_got_lost_is_time_that_nobody_watched_though_times_around_it_are():
    lines = watched()
    lost = lines.index(line(CHUNK, 20, 22))
    assert kept(lines[:lost] + lines[lost + 1 :]) == [(15, 32)]


def test_a_clock_set_back_does_not_make_watched_what_was_watched_the_first_time():
    first = watched(until_s=100)
    # The second pass through the same minutes: another chunk, of which nothing was seen.
    again = ChunkTimes(T0 + 7, T0 + 7, T0 + 60 * S)
    found = periods_to_keep(again, first, MARGINS)
    assert merged(found)[0][0] <= again.start_us and merged(found)[-1][1] >= again.end_us


def test_a_chunk_is_told_when_the_analyser_has_left_it_and_come_far_enough():
    assert not is_told(TIMES, None, MARGINS)
    assert not is_told(TIMES, line(BEFORE, -2, -1), MARGINS)
    assert not is_told(TIMES, line(CHUNK, 58, 60), Margins(0, 0))
    assert not is_told(TIMES, line(BEHIND, 62, 64.9), MARGINS)
    assert is_told(TIMES, line(BEHIND, 62, 65), MARGINS)
    assert is_told(TIMES, line(BEHIND, 59, 60), Margins(0, 0))


def frame(at_s: float, is_key: bool) -> BlockFrame:
    at_us = T0 + round(at_s * S)
    return BlockFrame(0, at_us, at_us, at_us, 0, is_key, 0, 1)


FRAMES = [frame(n / 10, n % 10 == 0) for n in range(100)]


def runs(*periods: tuple[float, float], frames: list[BlockFrame] = FRAMES) -> list[tuple[int, int]]:
    return runs_to_keep(frames, [(T0 + round(a * S), T0 + round(b * S)) for a, b in periods])


def test_a_run_begins_with_the_keyframe_before_and_ends_with_the_last_frame_before_the_end():
    assert runs((2.55, 4.05)) == [(20, 41)]
    assert runs((2, 4)) == [(20, 40)]
    assert runs((-5, 0.05), (9.95, 12)) == [(0, 1), (90, 100)]


def test_runs_that_meet_in_a_group_of_pictures_are_one():
    assert runs((1.5, 3.2), (3.6, 4)) == [(10, 40)]
    assert runs((1.5, 3.0), (3.1, 4)) == [(10, 40)]
    assert runs((1.5, 2.9), (3.1, 4)) == [(10, 29), (30, 40)]


def test_frames_that_are_stored_before_they_are_shown_come_with_those_that_need_them():
    shown = [0.0, 0.3, 0.1, 0.2, 0.6, 0.4, 0.5]  # I P B B P B B
    frames = [frame(at_s, n == 0) for n, at_s in enumerate(shown)]
    # The frame at 0.3 is needed for those at 0.1 and 0.2, which are shown before the end.
    assert runs((0, 0.25), frames=frames) == [(0, 4)]


class Counted:
    """A frame that counts how often it was asked for its time."""

    asked = 0

    def __init__(self, at_us, is_key):
        self.at_us, self.is_key = at_us, is_key

    @property
    def time_us(self):
        Counted.asked += 1
        return self.at_us


def test_an_hour_in_which_much_moved_is_not_looked_through_for_each_motion():
    frames: Any = [Counted(n * 40_000, n % 50 == 0) for n in range(90_000)]
    periods = [(n * 4 * S, n * 4 * S + S) for n in range(900)]
    assert len(runs_to_keep(frames, periods)) == 900
    assert Counted.asked <= 3 * len(frames)


shown = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=30)
spans = st.lists(st.tuples(st.integers(-5, 65), st.integers(1, 20)), max_size=5)


@given(shown, spans)
def test_runs_are_the_same_as_when_each_frame_is_looked_at(times, wanted):
    """Whatever the order in which the frames are shown."""
    frames = [frame(at_s, is_key or n == 0) for n, (at_s, is_key) in enumerate(times)]
    periods = merged((T0 + begin_s * S, T0 + (begin_s + length_s) * S) for begin_s, length_s in wanted)
    expected: list[tuple[int, int]] = []
    for begin_us, end_us in periods:
        first = max((n for n, one in enumerate(frames) if one.is_key and one.time_us <= begin_us), default=0)
        behind = max((n + 1 for n, one in enumerate(frames) if one.time_us < end_us), default=0)
        if behind > first and expected and first <= expected[-1][1]:
            expected[-1] = expected[-1][0], max(expected[-1][1], behind)
        elif behind > first:
            expected.append((first, behind))
    assert runs_to_keep(frames, periods) == expected


seconds = st.integers(-200, 900).map(lambda tenths: tenths / 10)
moves = st.lists(st.tuples(seconds, st.integers(0, 100)), max_size=6)
margins_s = st.builds(lambda a, b: Margins(a * S, b * S), st.integers(0, 20), st.integers(0, 20))


@given(moves, margins_s, st.sets(st.integers(0, 60)))
def test_every_instant_near_motion_or_unwatched_time_is_kept_and_no_other(found, margins, lost):
    """Against the plainest way to say it: instant by instant."""
    spans: list[tuple[float, float]] = []
    for wanted_s, tenths in sorted(found):
        first_s = max(wanted_s, spans[-1][1] + 0.1 if spans else -25.0)
        spans.append((round(first_s, 1), round(first_s + tenths / 10, 1)))
    lines: Any = watched(*spans, until_s=120)
    present = [one for number, one in enumerate(lines) if number not in lost]
    at_once = periods_to_keep(TIMES, present, margins)
    moving = [(one.first_us, one.last_us) for one in present if one.moved]
    # Touching lines that reach into the chunk; what they don't cover nobody watched.
    reaching: list[tuple[int, int]] = []
    for begin_us, end_us in merged((one.from_us, one.to_us) for one in present):
        if any(one.chunk_us == CHUNK and begin_us <= one.to_us <= end_us for one in present):
            reaching.append((begin_us, end_us))
    asleep = between(T0 - margins.post_us, T0 + 60 * S + margins.pre_us, [
        (max(a, T0 - margins.post_us), min(b, T0 + 60 * S + margins.pre_us)) for a, b in reaching
        if b > T0 - margins.post_us and a < T0 + 60 * S + margins.pre_us
    ])  # fmt: skip
    for tenth in range(0, 600, 7):
        at_us = T0 + tenth * S // 10
        near = any(a - margins.pre_us <= at_us < b + max(margins.post_us, 1) for a, b in moving + asleep)
        assert near == any(a <= at_us < b for a, b in at_once), tenth
