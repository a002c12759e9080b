"""Where live frames lie in time, and how long they are said to last: a browser drops what follows too late."""

from itertools import pairwise

import pytest

from pynvr.playback.live_time import TrackTime

# Decode times of a camera with B-frames, 29.97 a second, as RTSP gives them: the picture after next comes first.
B_FRAMES = [0, 6006, 6007, 12012, 12013, 18018, 18019, 24024, 24025]


def taken(track, dts, duration=0):
    found = []
    for one in dts:
        if not track.follows(one):
            track.set(one, track.end)
        found.append(track.take(one, duration))
    return found


def dropped(placed):
    """How many a browser takes for frames behind a hole."""
    return sum(two[0] - one[0] > 2 * one[1] - 2 for one, two in pairwise(placed))


def test_frames_at_an_even_pace_last_until_the_next():
    assert taken(TrackTime(90_000, 3600), range(0, 36_000, 3600)) == [(at, 3600) for at in range(0, 36_000, 3600)]


@pytest.mark.parametrize("duration", [0, 3003])
def test_with_b_frames_none_is_dropped_when_they_are_known_together(duration):
    track = TrackTime(90_000, 3003)
    track.foresee(B_FRAMES)
    assert dropped(taken(track, B_FRAMES, duration)) == 0
    assert dropped(taken(TrackTime(90_000, 3003), B_FRAMES, 3003)) == 1, "what this test is about"


def test_one_by_one_it_is_learned_within_a_group():
    placed = taken(TrackTime(90_000, 3003), [36_036 * group + one for group in range(3) for one in B_FRAMES], 3003)
    assert dropped(placed[2:]) <= 2
    assert placed[-1][1] == 12_011, "the longest step, from group to group"


def test_after_a_missing_frame_the_next_such_hole_is_no_hole():
    steps = [0, 3600, 7200, 18_000, 21_600, 32_400, 36_000]
    placed = taken(TrackTime(90_000, 3600), steps)
    assert dropped(placed) == 1
    assert placed[-1] == (36_000, 10_800)


def test_such_steps_are_forgotten():
    track = TrackTime(90_000, 3600)
    taken(track, [0, 3600, 14_400])
    assert taken(track, range(18_000, 18_000 + 100 * 3600, 3600))[-1][1] == 3600
