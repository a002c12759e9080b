import io

import av
import pytest

from pynvr.base.errors import MediaError
from pynvr.media.sample_description import describe, describe_stream, describe_video, sample_entry_of
from tests.media.encoded import encode


@pytest.mark.parametrize(("codec", "encoder", "name"), [("h264", "libx264", b"avc1"), ("hevc", "libx265", b"hvc1")])
def test_size_and_rate_are_found_without_decoding(codec, encoder, name):
    found = describe(codec, encode(encoder, count=1, width=640, height=360, fps=15)[0][0])
    assert (found.width, found.height, float(found.frame_rate)) == (640, 360, 15)
    assert found.sample_entry[4:8] == name
    assert int.from_bytes(found.sample_entry[:4], "big") == len(found.sample_entry)


@pytest.mark.parametrize(("codec", "encoder"), [("h264", "libx264"), ("hevc", "libx265")])
def test_the_same_stream_is_described_alike_by_each_of_its_keyframes(codec, encoder):
    frames = encode(encoder, count=30)
    keys = [data for data, _, is_key in frames if is_key]
    assert len(keys) == 3
    assert len({describe_video(codec, key) for key in keys}) == 1


@pytest.mark.parametrize("data", [b"", b"\0\0\0\1\x65\x88\x84", b"garbage" * 20, b"\0\0\0\1\x67\xff\xff\0\0\0\1\x68"])
@pytest.mark.parametrize("codec", ["h264", "hevc", "aac", "nonsense"])
def test_what_cant_be_described_is_refused(codec, data):
    with pytest.raises(MediaError):
        describe(codec, data)


def test_a_file_that_isnt_an_mp4_has_no_sample_entry():
    with pytest.raises(MediaError, match="moov"):
        sample_entry_of(b"\0\0\0\x08ftyp" + b"x" * 50)


def test_audio_that_mp4_cant_carry_is_named():
    wav = io.BytesIO()
    with av.open(wav, "w", format="wav") as output:
        stream = output.add_stream("pcm_mulaw", 8000)
        stream.layout = "mono"
        frame = av.AudioFrame("s16", "mono", 800)
        frame.sample_rate = 8000
        output.mux(stream.encode(frame))
    wav.seek(0)
    with av.open(wav) as source, pytest.raises(MediaError, match="MP4 can't carry pcm_mulaw"):
        describe_stream(source.streams.audio[0], b"\xff" * 160)
