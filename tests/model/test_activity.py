"""Activity from the sizes of inter frames alone."""

import random

from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.activity import activity, learned, loads


def quiet(seconds=60, level=4000, seed=1):
    source = random.Random(seed)
    return [level * source.uniform(0.93, 1.07) for _ in range(seconds)]


def usual_of(*minutes):
    usual = None
    for minute in minutes:
        usual = learned(usual, minute)
    return usual


def test_keyframes_are_left_out_and_frames_count_in_their_second():
    times_us = [0, 500_000, 1_000_000, 1_500_000, 2_100_000]
    assert loads(times_us, [90_000, 100, 90_000, 300, 500], [0, 2], 2_200_000) == [100.0, 300.0, 500.0]


def test_a_frame_at_the_very_end_counts_in_the_last_second():
    assert loads([0, 1_000_000], [9, 7], [0], 1_000_000) == [7.0]


def test_a_file_that_says_it_lasts_for_a_month_has_the_activity_of_two_days():
    assert len(loads([0, 1_000_000], [9, 7], [0], 30 * 86_400_000_000)) == 2 * 86_400


def test_a_quiet_minute_is_quiet():
    assert max(activity(quiet(seed=2), usual_of(quiet()))) < 20


def test_a_visitor_stands_out_in_his_seconds_only():
    minute = quiet(seed=2)
    minute[20:25] = [30_000.0] * 5
    found = activity(minute, usual_of(quiet()))
    assert len(found) == 60
    assert min(found[20:25]) > 180
    assert max(found[:20] + found[25:]) < 20


def test_more_change_is_more_activity():
    found = activity([4_000.0, 8_000.0, 16_000.0, 32_000.0, 200_000.0], usual_of(quiet()))
    assert list(found) == sorted(found)
    assert len(set(found)) == 5
    assert found[-1] == 255


def test_a_busy_minute_hardly_moves_the_usual():
    before = usual_of(*(quiet(seed=n) for n in range(30)))
    after = learned(before, [40_000.0] * 60)
    assert activity([8_000.0], after)[0] > 0.8 * activity([8_000.0], before)[0]


def test_twice_the_bit_rate_for_good_becomes_usual_within_an_hour_or_so():
    usual = usual_of(*(quiet(seed=n) for n in range(30)))
    night = [quiet(level=8_000, seed=n) for n in range(90)]
    assert max(activity(night[0], usual)) > 40
    for minute in night:
        usual = learned(usual, minute)
    assert max(activity(night[1], usual)) < 20


def test_quiet_again_is_usual_again_within_minutes():
    usual = usual_of(*(quiet(level=16_000, seed=n) for n in range(60)))
    for minute in [quiet(seed=n) for n in range(15)]:
        usual = learned(usual, minute)
    assert activity([16_000.0], usual)[0] > 100


def test_seconds_without_inter_frames_are_zero_and_a_stream_of_keyframes_says_nothing():
    assert activity([0.0, 4_000.0], usual_of(quiet()))[0] == 0
    assert activity([0.0, 0.0], None) == b""
    assert learned(None, [0.0]) is None


def test_the_first_minute_is_held_against_itself():
    minute = quiet()
    minute[10] = 30_000.0
    found = activity(minute, None)
    assert found.index(max(found)) == 10 and max(found) > 150


@given(st.lists(st.floats(0, 1e9), max_size=100), st.lists(st.floats(0, 1e9), max_size=100))
def test_any_loads_give_a_byte_a_second(first, second):
    usual = learned(None, first)
    found = activity(second, usual)
    assert len(found) == len(second) or (found == b"" and usual is None)
