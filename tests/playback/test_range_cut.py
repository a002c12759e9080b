"""Parts of a sample table."""

from array import array
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from pynvr.archive.record import index_track
from pynvr.isobmff.runs import from_big_endian, from_runs
from pynvr.isobmff.table import TrackTable
from pynvr.model.ticks import to_us as ticks_us
from pynvr.playback.range_cut import audio_span, cut, file_span, first_shown, video_span
from tests.archive.building import AUDIO, VIDEO

START = 1_760_000_000_000_000


def table(durations, keys, composition=(), track=VIDEO):
    count = len(durations)
    return index_track(
        TrackTable(
            track,
            array("I", range(1, count + 1)),
            array("Q", range(100, 100 + 50 * count, 50)),
            array("I", durations),
            array("I", keys),
            array("i", composition),
        )
    )


@st.composite
def videos(draw):
    count = draw(st.integers(1, 40))
    durations = draw(st.lists(st.integers(1, 20_000), min_size=count, max_size=count))
    keys = sorted({0, *draw(st.lists(st.integers(0, count - 1), max_size=5))})
    return table(durations, keys)


def shown(track):
    return list(accumulate(from_runs("I", track.durations, track.count), initial=0))[:-1]


@given(videos(), st.integers(-10_000, 10_000_000), st.integers(1, 5_000_000))
def test_a_span_has_the_frames_shown_in_it_and_what_they_need(track, from_us, length_us):
    to_us = from_us + length_us
    first, end = video_span(track, START, START + from_us, START + to_us)
    # As frame times are told: in whole microseconds.
    times = [ticks_us(ticks, 90_000) for ticks in shown(track)]
    visible = [index for index, at in enumerate(times) if from_us <= at < to_us]
    standing = [index for index, at in enumerate(times) if at <= from_us and at < to_us]
    needed = visible + standing[-1:]
    if not needed:
        assert (first, end) == (0, 0)
        return
    keys = from_big_endian("I", track.keyframes)
    assert end == max(needed) + 1
    # The last keyframe at or before the first frame that is shown, and none earlier.
    assert first == max(key for key in keys if key <= min(needed))


def test_a_range_that_ends_when_a_frame_is_told_to_begin_is_without_that_frame():
    track = table([3003] * 8, [0, 4])  # 33,366.67 µs each: a third of the times is told a little late
    for number, ticks in enumerate(shown(track)):
        told_us = START + ticks_us(ticks, 90_000)
        assert video_span(track, START, None, told_us) == ((0, number) if number else (0, 0))
        assert video_span(track, START, told_us, None) == (number // 4 * 4, 8)


@given(videos(), st.data())
def test_a_cut_holds_just_its_samples_with_their_times(track, data):
    first = data.draw(st.integers(0, track.count - 1))
    end = data.draw(st.integers(first + 1, track.count))
    part = cut(track, first, end, 90_000)
    durations = list(from_runs("I", track.durations, track.count))
    assert list(from_runs("I", part.table.durations, end - first)) == durations[first:end]
    assert part.lead == sum(durations[:first])
    assert list(from_big_endian("I", part.table.sizes)) == list(range(first + 1, end + 1))
    assert list(from_big_endian("I", part.table.offsets)) == [100 + 50 * at for at in range(first, end)]
    keys = from_big_endian("I", track.keyframes)
    assert list(from_big_endian("I", part.table.keyframes)) == [key - first for key in keys if first <= key < end]
    assert file_span([part.table]) == (100 + 50 * first, 100 + 50 * (end - 1) + end)


@given(videos(), st.integers(1, 200_000))
def test_on_another_clock_every_time_is_right_to_a_tick(track, timescale):
    part = cut(track, 0, track.count, timescale)
    found = accumulate(from_runs("I", part.table.durations, track.count), initial=part.lead)
    own = accumulate(from_runs("I", track.durations, track.count), initial=0)
    for ticks, expected in zip(found, own, strict=True):
        assert abs(ticks * 90_000 - expected * timescale) <= 45_000


@given(videos(), st.data())
def test_the_frame_that_stands_at_the_start_is_presented_there(track, data):
    end_us = sum(from_runs("I", track.durations, track.count)) * 100 // 9
    from_us = data.draw(st.integers(1, max(end_us - 1, 1)))
    first, end = video_span(track, START, START + from_us, None)
    at = first_shown(START, START + from_us, 90_000)
    assert at is not None
    part = cut(track, first, end, 90_000, at)
    times = list(accumulate(from_runs("I", part.table.durations, end - first), initial=part.lead))
    assert at in times, "a frame begins exactly where the edit list does"
    usual = list(accumulate(from_runs("I", track.durations, track.count), initial=0))[first : end + 1]
    assert sum(a != b for a, b in zip(times, usual, strict=True)) <= 1, "and no other one is moved"


def test_reordered_pictures_are_chosen_by_when_they_are_shown():
    # Shown: 0, 3, 1, 2, 6, 4, 5 frames of 1000 ticks after the first.
    composition = [0, 2000, -1000, -1000, 2000, -1000, -1000]
    track = table([1000] * 7, [0], composition)
    frame_us = 1000 * 100 / 9
    assert video_span(track, START, None, START + int(1.5 * frame_us)) == (0, 3)
    assert video_span(track, START, None, START + int(3.5 * frame_us)) == (0, 4)
    at = first_shown(START, START + int(1.5 * frame_us), 90_000)
    assert at is not None
    part = cut(track, 0, 7, 90_000, at)
    assert list(from_runs("i", part.table.composition, 7)) == [0, 2000, -1000 + at - 1000, *composition[3:]]
    assert from_runs("I", part.table.durations, 7) == from_runs("I", track.durations, 7)


def test_sound_is_cut_to_whole_samples_with_one_in_front_for_the_decoder():
    track = table([1024] * 10, range(10), track=AUDIO)
    sample_us = 1024 * 1_000_000 / 48_000
    inside = START + int(4.5 * sample_us)
    assert audio_span(track, START, inside, None, primed=True) == (3, 10)
    assert audio_span(track, START, inside, None, primed=False) == (5, 10)
    assert audio_span(track, START, None, inside, primed=False) == (0, 5)
    assert audio_span(track, START, START - 10, START, primed=True) == (0, 0)
    assert audio_span(track, START, START + 10**9, None, primed=False) == (0, 0)
