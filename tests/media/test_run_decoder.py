"""Runs of samples decoded for their last picture, held against all of them decoded in order."""

import pytest

from pynvr.base.errors import MediaError
from pynvr.media.run_decoder import RunDecoder
from pynvr.media.still import decode_still
from tests.archive.clips import KEYFRAME_EVERY, make_clip


@pytest.fixture(scope="module", params=["libx264", "libx265"])
def clip(request):
    return make_clip(request.param)


def samples(clip):
    return [b"".join(frame.payload) for frame in clip.of(0)]


def test_runs_that_follow_each_other_give_the_pictures_of_a_whole_decoding(clip):
    track, all_of_it = clip.tracks[0], samples(clip)
    decoder = RunDecoder(track.codec, track.sample_entry)
    for start, end in ((0, 4), (4, 5), (5, KEYFRAME_EVERY)):
        shown = decoder.last_picture(all_of_it[start:end], from_keyframe=start == 0)
        assert shown is not None
        picture, place = shown
        expected = decode_still(track.codec, track.sample_entry, all_of_it[: start + place + 1])
        assert picture.luma(16, 16) == expected.luma(16, 16)


def test_a_keyframe_can_be_jumped_to(clip):
    track, all_of_it = clip.tracks[0], samples(clip)
    decoder = RunDecoder(track.codec, track.sample_entry)
    decoder.last_picture(all_of_it[:3], from_keyframe=True)
    shown = decoder.last_picture(all_of_it[KEYFRAME_EVERY : KEYFRAME_EVERY + 3], from_keyframe=True)
    assert shown is not None
    expected = decode_still(track.codec, track.sample_entry, all_of_it[KEYFRAME_EVERY : KEYFRAME_EVERY + shown[1] + 1])
    assert shown[0].luma(16, 16) == expected.luma(16, 16)


def test_what_is_no_video_is_an_error_of_ours(clip):
    with pytest.raises(MediaError):
        RunDecoder("aac", b"")
    decoder = RunDecoder("h264", b"")
    with pytest.raises(MediaError):
        decoder.last_picture([b"\x00\x00\x00\x05nonsense"], from_keyframe=True)


@pytest.mark.parametrize("form", [{}, {"b_frames": 2}, {"codec": "libx265"}], ids=str)
def test_every_picture_of_a_run_is_given_once_with_its_place(form):
    clip = make_clip(count=24, **form)
    track = clip.tracks[0]
    samples = [b"".join(frame.payload) for frame in clip.of(0)][:12]
    decoder = RunDecoder(track.codec, track.sample_entry)
    for _ in range(2):  # the end of one run is no hindrance for the next
        found = {place: picture.planes(160, 96) for picture, place in decoder.pictures(samples)}
        assert sorted(found) == list(range(12))
    for place in (0, 1, 7, 11):
        assert found[place] == decode_still(track.codec, track.sample_entry, samples[: place + 1]).planes(160, 96)


def test_garbage_in_a_run_is_an_error_of_ours():
    clip = make_clip(count=12)
    track = clip.tracks[0]
    with pytest.raises(MediaError):
        list(RunDecoder(track.codec, track.sample_entry).pictures([b"\x00\x00\x00\x05\x65garb"]))
