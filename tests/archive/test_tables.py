from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.archive.chunk import BlockFrame, ChunkContents
from pynvr.archive.tables import Columns, GrowingTables, tables_of, usual
from pynvr.base.errors import ChunkError
from tests.archive.building import ANCHOR_PTS, ANCHOR_US, AUDIO, VIDEO


def block(
    pts: int, dts: int | None = None, track: int = 0, time_us: int | None = None, is_key: bool = False
) -> BlockFrame:
    scale = 90_000 if track == 0 else 48_000
    at_us = ANCHOR_US + round(Fraction((pts - ANCHOR_PTS) * 1_000_000, scale)) if time_us is None else time_us
    return BlockFrame(track, at_us, pts, pts if dts is None else dts, 0, is_key, 100 + pts, 10)


def contents(frames: list[BlockFrame], tracks=(VIDEO, AUDIO)) -> ChunkContents:
    return ChunkContents(tracks, ANCHOR_PTS, ANCHOR_US, frames, None, 1000, 0)


def decode_times(frames: list[BlockFrame]) -> list[int]:
    columns = Columns(frames[0])
    for frame in frames:
        columns.take(frame)
    return list(columns.decode_times())


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 10**6), st.integers(-10, 2000)), max_size=40))
def test_tables_that_grow_are_those_of_all_frames_so_far_whenever_they_are_asked_for(found):
    frames = [block(pts, pts - early, track, is_key=pts % 7 == 0) for track, pts, early in found]
    growing, given_out = GrowingTables(), []
    for number, frame in enumerate(frames, 1):
        growing.take(frame)
        if any(one.track == 0 for one in frames[:number]):
            given_out.append((growing.tables((VIDEO, AUDIO)), tables_of(contents(frames[:number]))))
    assert all(one == whole for one, whole in given_out)


def test_decode_times_of_the_frames_are_kept_when_they_can_be():
    frames = [block(3000, 0), block(9000, 3000), block(6000, 6000)]
    assert decode_times(frames) == [0, 3000, 6000]


@pytest.mark.parametrize("dts", [(0, 0, 6000), (0, 9000, 12000), (3000, 2000, 1000)])
def test_decode_times_that_cannot_be_are_made_from_the_presentation(dts):
    frames = [block(pts, at) for pts, at in zip((3000, 9000, 6000), dts, strict=True)]
    assert decode_times(frames) == [0, 3000, 6000]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=50))
def test_decode_times_always_rise_and_are_never_late(times):
    frames = [block(pts, dts) for pts, dts in times]
    made = decode_times(frames)
    assert all(a < b for a, b in pairwise(made))
    assert all(dts <= frame.pts for dts, frame in zip(made, frames, strict=True))


def test_the_last_frame_lasts_as_long_as_is_usual():
    assert usual([3000, 3000, 9000, 3000, 2999], 1) == 3000
    assert usual([], 7) == 7
    table = tables_of(contents([block(1000 + pts) for pts in (0, 3000, 6000, 60_000)])).tables[0]
    assert list(table.durations) == [3000, 3000, 54_000, 3000]


def test_a_single_frame_lasts_as_long_as_the_camera_declares():
    found = tables_of(contents([block(1000, is_key=True)]))
    assert list(found.tables[0].durations) == [3003]
    assert (found.start_us, found.end_us) == (ANCHOR_US, ANCHOR_US + 33_367)


def test_the_end_is_that_of_the_frame_shown_last():
    frames = [block(1000 + pts, 1000 + dts) for pts, dts in ((0, -3600), (10_800, 0), (3600, 3600), (7200, 7200))]
    found = tables_of(contents(frames))
    assert list(found.tables[0].composition) == [3600, 10_800, 0, 0]
    assert found.end_us - found.start_us == 160_000


def test_tracks_begin_where_their_first_frame_is():
    frames = [block(1000, is_key=True), block(77, track=1, time_us=ANCHOR_US - 20_000), block(4600)]
    video, audio = tables_of(contents(frames)).tables
    assert (video.start_offset_us, audio.start_offset_us) == (0, -20_000)
    assert list(audio.durations) == [1024]
    assert list(video.keyframes) == [0]


def test_a_track_without_frames_is_left_out():
    assert [t.track.number for t in tables_of(contents([block(1000)])).tables] == [0]


def test_a_chunk_that_says_nothing_of_its_streams_is_told():
    assert tables_of(contents([block(0), block(3600)], tracks=()), (VIDEO,)).tables[0].track == VIDEO
    with pytest.raises(ChunkError):
        tables_of(contents([block(0)], tracks=()))


def test_a_chunk_without_video_and_times_that_no_mp4_can_tell_are_refused():
    with pytest.raises(ChunkError, match="no video"):
        tables_of(contents([block(0, track=1)]))
    with pytest.raises(ChunkError, match="too far apart"):
        tables_of(contents([block(0), block(1 << 40)]))
