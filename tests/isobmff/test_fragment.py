import io

import av
import pytest

from pynvr.isobmff.codec_string import codec_string
from pynvr.isobmff.fragment import TrackRun, fragment_head
from pynvr.isobmff.init_segment import init_segment
from pynvr.model.frame import Track
from tests.archive.clips import make_clip
from tests.isobmff.fragments import boxes_of, samples_of


def test_samples_come_back_with_times_flags_and_bytes():
    video = TrackRun(1, 1 << 40, [3, 1, 2], [10, 20, 30], [0, -4, 5], [0, 2])
    sound = TrackRun(2, 77, [2, 2], [1024, 1000])
    fragment = fragment_head(7, [video, sound]) + b"aaabccddee"
    samples = samples_of(fragment)
    assert [sample.payload for sample in samples] == [b"aaa", b"b", b"cc", b"dd", b"ee"]
    assert [sample.decode for sample in samples] == [1 << 40, (1 << 40) + 10, (1 << 40) + 30, 77, 77 + 1024]
    assert [sample.shown - sample.decode for sample in samples] == [0, -4, 5, 0, 0]
    assert [sample.is_key for sample in samples] == [True, False, True, True, True]
    assert [sample.duration for sample in samples] == [10, 20, 30, 1024, 1000]


def test_a_track_without_samples_is_left_out():
    fragment = fragment_head(1, [TrackRun(1, 0, [1], [1], keyframes=[0]), TrackRun(2, 0, [], [])]) + b"x"
    assert {sample.track_id for sample in samples_of(fragment)} == {1}


def test_one_frame_alone_makes_a_fragment_of_a_few_bytes():
    assert len(fragment_head(1, [TrackRun(1, 123, [5000], [3600], keyframes=[])])) < 140


def test_the_init_segment_of_equal_tracks_is_equal_and_says_no_samples():
    clip = make_clip(audio_from_us=0, count=12)
    init = init_segment(clip.tracks)
    assert init == init_segment(make_clip(audio_from_us=0, count=12).tracks)
    assert [kind for kind, *_ in boxes_of(init)] == [b"ftyp", b"moov"]
    moov = boxes_of(init)[1][2]
    assert [kind for kind, *_ in boxes_of(moov)] == [b"mvhd", b"trak", b"trak", b"mvex"]
    assert all(track.sample_entry in init for track in clip.tracks)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_libav_reads_every_frame_at_its_time_one_fragment_a_frame(codec):
    clip = make_clip(codec, variable=True, count=24)
    data = init_segment(clip.tracks)
    frames = clip.frames
    for number, frame in enumerate(frames):
        after = frames[number + 1].pts if number + 1 < len(frames) else frame.pts + 3600
        run = TrackRun(1, frame.pts, [frame.size], [after - frame.pts], keyframes=[0] if frame.is_key else [])
        data += fragment_head(number + 1, [run]) + b"".join(frame.payload)
    with av.open(io.BytesIO(data), "r") as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    assert [packet.pts for packet in packets] == [frame.pts for frame in frames]
    assert [bytes(packet) for packet in packets] == [b"".join(frame.payload) for frame in frames]
    assert [packet.is_keyframe for packet in packets] == [frame.is_key for frame in frames]


def test_h265_is_named_as_browsers_take_it():
    track = make_clip("libx265", count=12).tracks[0]
    entry = track.sample_entry
    named = Track(0, "video", "hevc", 90_000, entry[:4] + b"hev1" + entry[8:], 160, 96)
    assert b"hev1" not in init_segment([named])
    assert init_segment([named]) == init_segment([track])


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        (b"avc1", b"\0\0\0\x0bavcC\x01\x64\x00", "avc1"),
        (b"avc1", b"\0\0\0\x0cavcC\x01\x64\x00\x28", "avc1.640028"),
        # Main profile, level 4.0, as in ISO/IEC 14496-15 annex E's examples.
        (
            b"hvc1",
            b"\0\0\0\x1fhvcC\x01\x01" + bytes.fromhex("60000000") + bytes.fromhex("b00000000000") + b"\x78" + bytes(10),
            "hvc1.1.6.L120.B0",
        ),
        (
            b"hev1",
            b"\0\0\0\x1fhvcC\x01\x22" + bytes.fromhex("20000000") + bytes.fromhex("900000000000") + b"\x99" + bytes(10),
            "hvc1.2.4.H153.90",
        ),
        (b"av01", b"\0\0\0\x0cav1C\x81\x08\x0c\x00", "av01.0.08M.08"),
        (b"mp4v", b"", "mp4v"),
        (b"mp4v", b"\xff\xff", "mp4v"),
    ],
)
def test_what_a_browser_calls_the_codec(kind, body, expected):
    entry = (86 + len(body)).to_bytes(4, "big") + kind + bytes(78) + body
    assert codec_string(Track(0, "video", "x", 90_000, entry)) == expected


def test_aac_is_named_with_its_object_type():
    clip = make_clip(audio_from_us=0, count=12)
    assert codec_string(clip.tracks[0]).startswith("avc1.64")
    assert codec_string(clip.tracks[1]) == "mp4a.40.2"
