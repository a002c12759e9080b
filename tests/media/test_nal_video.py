import pytest

from pynvr.media.nal_video import NalVideo
from pynvr.model.nal import to_annexb
from tests.media.encoded import (
    SCALE,
    encode,
    nals,
    parameter_sets,
    split_sample,
    units,
    without_parameter_sets,
)

CODECS = {"h264": "libx264", "hevc": "libx265"}


def feed_all(video, frames):
    return [sample for unit in units(frames) for sample in video.feed(unit)]


@pytest.mark.parametrize("codec", CODECS)
def test_every_nal_unit_of_every_frame_is_kept(codec):
    frames = encode(CODECS[codec])
    samples = feed_all(NalVideo(codec, SCALE, b""), frames)
    assert [split_sample(sample.payload) for sample in samples] == [nals(data) for data, _, _ in frames]
    assert [sample.is_key for sample in samples] == [is_key for _, _, is_key in frames]
    assert all(sample.size == sum(map(len, sample.payload)) for sample in samples)


@pytest.mark.parametrize("codec", CODECS)
def test_the_track_is_described_by_the_stream_itself(codec):
    video = NalVideo(codec, SCALE, b"")
    feed_all(video, encode(CODECS[codec], count=1, width=320, height=180, fps=30))
    assert video.track is not None
    assert (video.track.codec, video.track.width, video.track.height) == (codec, 320, 180)
    assert video.track.sample_entry[4:8] == (b"avc1" if codec == "h264" else b"hvc1")
    assert video.track.frame_rate == 30


@pytest.mark.parametrize("codec", CODECS)
def test_parameter_sets_of_the_sdp_are_put_before_each_keyframe(codec):
    frames = encode(CODECS[codec])
    sets = parameter_sets(codec, frames[0][0])
    bare = [(without_parameter_sets(codec, data), pts, is_key) for data, pts, is_key in frames]
    samples = feed_all(NalVideo(codec, SCALE, to_annexb(sets)), bare)
    for sample, (data, _, is_key) in zip(samples, bare, strict=True):
        assert split_sample(sample.payload) == (sets if is_key else []) + nals(data)


def test_parameter_sets_sent_once_are_put_before_each_keyframe():
    frames = encode()
    sets = parameter_sets("h264", frames[0][0])
    sent = [frames[0]] + [(without_parameter_sets("h264", data), pts, is_key) for data, pts, is_key in frames[1:]]
    samples = feed_all(NalVideo("h264", SCALE, b""), sent)
    keys = [sample for sample in samples if sample.is_key]
    assert len(keys) == 2
    assert split_sample(keys[1].payload)[: len(sets)] == sets


def test_they_stand_behind_the_access_unit_delimiter():
    frames = encode(extra="aud=1")
    sets = parameter_sets("h264", frames[0][0])
    bare = [(without_parameter_sets("h264", data), pts, is_key) for data, pts, is_key in frames]
    first = feed_all(NalVideo("h264", SCALE, to_annexb(sets)), bare)[0]
    kinds = [nal[0] & 0x1F for nal in split_sample(first.payload)]
    assert kinds[:3] == [9, 7, 8]


def test_a_stream_without_parameter_sets_gives_nothing_that_could_start_a_segment():
    frames = encode()
    bare = [(without_parameter_sets("h264", data), pts, is_key) for data, pts, is_key in frames]
    video = NalVideo("h264", SCALE, b"")
    assert not any(sample.is_key for sample in feed_all(video, bare))
    assert video.track is None
    assert video.unusable == 2


def test_another_size_is_another_track():
    video = NalVideo("h264", SCALE, b"")
    feed_all(video, encode(width=128, height=96))
    before = video.track
    feed_all(video, encode(width=128, height=96))
    assert video.track is before
    feed_all(video, encode(width=320, height=180))
    assert video.track is not before
    assert video.track is not None
    assert (video.track.width, video.track.height) == (320, 180)


def test_slices_and_long_and_short_start_codes_come_out_alike():
    frames = encode(extra="slices=4")
    short = [(data.replace(b"\0\0\0\1", b"\0\0\1"), pts, is_key) for data, pts, is_key in frames]
    long = [(to_annexb(nals(data)), pts, is_key) for data, pts, is_key in frames]
    mixed = [(data.replace(b"\0\0\1", b"\0\0\0\1", 1), pts, is_key) for data, pts, is_key in short]
    results = [
        [split_sample(sample.payload) for sample in feed_all(NalVideo("h264", SCALE, b""), some)]
        for some in (short, long, mixed)
    ]
    assert len(results[0][1]) >= 4
    assert results[0] == results[1] == results[2]


def test_zeros_after_a_nal_unit_are_no_part_of_it():
    frames = encode(count=3)
    padded = [(to_annexb(nals(data)).replace(b"\0\0\0\1", b"\0\0\0\0\0\1"), pts, key) for data, pts, key in frames]
    samples = feed_all(NalVideo("h264", SCALE, b""), padded)
    assert [split_sample(sample.payload) for sample in samples] == [nals(data) for data, _, _ in frames]


def test_samples_that_have_lengths_already_pass_through():
    frames = encode()
    sps, pps = parameter_sets("h264", frames[0][0])
    avcc = (
        b"\1" + sps[1:4] + b"\xff\xe1" + len(sps).to_bytes(2, "big") + sps + b"\1" + len(pps).to_bytes(2, "big") + pps
    )
    bare = [without_parameter_sets("h264", data) for data, _, _ in frames]
    prefixed = [
        (b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals(data)), pts, is_key)
        for data, (_, pts, is_key) in zip(bare, frames, strict=True)
    ]
    samples = feed_all(NalVideo("h264", SCALE, avcc), prefixed)
    for sample, data, (_, _, is_key) in zip(samples, bare, prefixed, strict=True):
        assert split_sample(sample.payload) == ([sps, pps] if is_key else []) + nals(data)


@pytest.mark.parametrize("data", [b"\0\0\0\1", b"garbage", b"\0\0\0\1\x67", b"\0\0\0\1\x65\x88", b"\0\0\0\0\0\0"])
def test_garbage_neither_fails_nor_starts_a_segment(data):
    video = NalVideo("h264", SCALE, b"")
    samples = feed_all(video, [(data, 0, True)])
    assert not samples
    assert video.track is None


def test_a_damaged_sps_leaves_the_description_as_it_was():
    video = NalVideo("h264", SCALE, b"")
    frames = encode()
    feed_all(video, frames)
    before = video.track
    damaged = frames[0][0].replace(parameter_sets("h264", frames[0][0])[0], b"\x67\xff")
    feed_all(video, [(damaged, 10 * SCALE, True)])
    assert video.track is before
