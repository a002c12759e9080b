"""Which frames are decoded: frames of 10 a second, a keyframe every `gop`-th."""

from itertools import pairwise

import pytest

from pynvr.analyser.choice import Choice
from pynvr.archive.chunk import BlockFrame

T0 = 1_800_000_000_000_000
FRAME_US = 100_000


def frames(start, end, gop):
    return [BlockFrame(0, T0 + n * FRAME_US, n, n, 1, n % gop == 0, n, 1) for n in range(start, end)]


def numbers(run):
    return None if run is None else [frame.pts for frame in run.frames]


def decoded(fps, gop, count, portion=3, late=()):
    """What is decoded of a recording that comes in portions; in `late` portions nobody looks."""
    choice, runs, waiting = Choice(), [], []
    for start in range(0, count, portion):
        waiting += frames(start, min(start + portion, count), gop)
        if start // portion in late:
            continue
        run = choice.take(waiting, fps)
        waiting = []
        if run is not None:
            runs.append(run)
    return choice, runs


def test_keyframes_only_decodes_nothing_else():
    _, runs = decoded(0, gop=20, count=100)
    assert [numbers(run) for run in runs] == [[0], [20], [40], [60], [80]]
    assert all(run.from_keyframe for run in runs)


def test_of_a_camera_that_sends_keyframes_alone_two_a_second_are_enough():
    choice, runs = decoded(0, gop=1, count=100)
    assert 15 <= len(runs) <= 26
    assert choice.missed == 0


def test_where_keyframes_come_at_the_wanted_pace_they_are_all_that_is_decoded():
    _, runs = decoded(1, gop=10, count=200)
    assert [numbers(run) for run in runs] == [[n] for n in range(0, 200, 10)]


def test_between_keyframes_each_frame_is_decoded_once_and_only_up_to_the_wanted_one():
    _, runs = decoded(1, gop=40, count=160)
    taken = [number for run in runs for number in numbers(run)]
    assert taken == sorted(set(taken)), "a frame was decoded twice or out of order"
    steps = [after - before for before, after in pairwise(ends(runs))]
    assert all(7 <= step <= 13 for step in steps), steps
    for before, after in pairwise(runs):
        follows = numbers(after)[0] == numbers(before)[-1] + 1
        assert after.from_keyframe or follows
        assert after.from_keyframe == after.frames[0].is_key


def test_who_was_late_goes_on_with_the_newest_keyframe_and_counts_what_is_left_out():
    choice, runs = decoded(1, gop=10, count=200, late=range(10, 30))
    assert [end for end in ends(runs) if 30 <= end <= 100] == [90, 100]
    assert 5 <= choice.missed <= 6
    assert max(len(run.frames) for run in runs) == 1


def test_keyframes_that_were_passed_over_are_counted():
    choice, runs = decoded(0, gop=10, count=200, late=range(10, 30))
    assert [end for end in ends(runs) if 30 <= end <= 100] == [90, 100]
    assert choice.missed == 6


def test_what_is_too_late_is_not_decoded_to_be_late_again():
    choice, runs = decoded(1, gop=100, count=300, late=range(5, 30))
    assert max(len(run.frames) for run in runs) <= 45
    assert choice.missed >= 4


def test_another_chunk_begins_with_its_own_keyframe():
    choice = Choice()
    choice.take(frames(0, 5, 100), 5)
    choice.restart()
    assert choice.take(frames(5, 9, 100), 5) is None, "frames whose keyframe was never seen"
    run = choice.take(frames(100, 101, 100), 5)
    assert numbers(run) == [100]


def ends(runs):
    return [numbers(run)[-1] for run in runs]


@pytest.mark.parametrize(("fps", "gop"), [(0, 10), (1, 10), (2, 40)])
def test_after_the_clock_was_set_back_it_is_looked_on(fps, gop):
    choice = Choice()
    assert choice.take(frames(0, 41, gop), fps) is not None
    choice.restart()
    earlier = [frame._replace(time_us=frame.time_us - 3_600_000_000) for frame in frames(50, 200, gop)]
    runs = [choice.take(earlier[at : at + 3], fps) for at in range(0, len(earlier), 3)]
    found = [run.frames[-1].time_us for run in runs if run is not None]
    assert len(found) >= 10 * (fps or 1)
    assert found == sorted(found)
    assert choice.missed == 0


def test_of_a_camera_that_was_away_for_an_hour_nothing_was_missed():
    choice = Choice()
    for start in range(0, 30, 3):
        choice.take(frames(start, start + 3, gop=10), 1)
    choice.restart()
    for start in range(36_000, 36_030, 3):
        choice.take(frames(start, start + 3, gop=10), 1)
    assert choice.missed == 0
