"""Any file is an MP4 that PyNVR reads, or a BoxError; never anything else."""

import io
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.container import InputContainer
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.base.errors import BoxError
from pynvr.isobmff.reader import read_segment
from tests.archive.clips import make_clip
from tests.isobmff.test_header import AUDIO, RESERVED, VIDEO, header

RELAXED = settings(max_examples=400)
OURS = header(VIDEO, AUDIO) + bytes(2700 - RESERVED)


@pytest.fixture(scope="module")
def libavs(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("libav") / "x.mp4"
    make_clip(count=10, b_frames=2, audio_from_us=-20_000).remux_by_libav(path)
    return Path(path).read_bytes()


def is_read(path: Path) -> bool:
    """False if it is refused; what is read must lie inside the file."""
    try:
        found = read_segment(path)
    except BoxError as err:
        assert str(path) in str(err)
        return False
    for table in found.tables:
        count = table.count
        assert len(table.offsets) == len(table.durations) == count
        assert len(table.composition) in (0, count)
        assert all(at + size <= found.file_bytes for at, size in zip(table.offsets, table.sizes, strict=True))
        assert all(index < count for index in table.keyframes)
    return True


@RELAXED
@given(changes=st.lists(st.tuples(st.integers(0, RESERVED - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_segment_is_read_or_refused(tmp_path, changes):
    data = bytearray(OURS)
    for at, value in changes:
        data[at] = value
    path = tmp_path / "x.mp4"
    path.write_bytes(data)
    is_read(path)


@RELAXED
@given(data=st.data())
def test_a_damaged_file_of_libav_is_read_or_refused(tmp_path, libavs, data):
    damaged = bytearray(libavs)
    moov = damaged.index(b"moov")
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(moov, len(damaged) - 1))] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
    path = tmp_path / "x.mp4"
    path.write_bytes(damaged)
    is_read(path)


@RELAXED
@given(length=st.integers(0, 2699))
def test_a_cut_file_is_refused(tmp_path, length):
    path = tmp_path / "x.mp4"
    path.write_bytes(OURS[:length])
    assert not is_read(path)


@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path, data):
    path = tmp_path / "x.mp4"
    path.write_bytes(data)
    assert not is_read(path)


def muxed(options: dict[str, str], frames: int = 10) -> bytes:
    """An MP4 that libav writes of generated video."""
    clip = make_clip(count=frames)
    target = io.BytesIO()
    with (
        av.open(io.BytesIO(clip.templates[0])) as template,
        av.open(target, "w", format="mp4", container_options=options) as output,
    ):
        stream = output.add_stream_from_template(template.streams[0], opaque=True)
        stream.time_base = Fraction(1, 90_000)
        for frame in clip.frames:
            packet = av.Packet(bytes(frame.payload[0]))
            packet.stream, packet.time_base = stream, Fraction(1, 90_000)
            packet.pts = packet.dts = frame.pts - clip.frames[0].pts
            packet.is_keyframe = frame.is_key
            output.mux(packet)
    return target.getvalue()


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "frag_keyframe", "frag_keyframe+default_base_moof"])
def test_fragmented_files_are_refused_by_name(tmp_path, flags):
    path = tmp_path / "x.mp4"
    path.write_bytes(muxed({"movflags": flags}, 30))
    with pytest.raises(BoxError, match="fragmented"):
        read_segment(path)


@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}, {"moov_size": "8000"}, {"use_editlist": "0"}])
def test_progressive_files_of_libav_are_read(tmp_path, options):
    path = tmp_path / "x.mp4"
    if options.get("movflags") == "faststart":
        # It reads its own output again, so it needs a file.
        data = muxed({})
        with av.open(io.BytesIO(data)) as source, av.open(str(path), "w", container_options=options) as output:
            assert isinstance(source, InputContainer)
            stream = output.add_stream_from_template(source.streams.video[0], opaque=True)
            for packet in source.demux():
                if packet.size:
                    packet.stream = stream
                    output.mux(packet)
    else:
        path.write_bytes(muxed(options))
    found = read_segment(path)
    assert found.tables[0].count == 10
    assert (found.tables[0].track.codec, found.tables[0].track.width, found.tables[0].track.timescale) == (
        "h264",
        160,
        90_000,
    )
    assert found.identity is None
    with av.open(str(path)) as container:
        sizes = [packet.size for packet in container.demux() if packet.size]
    assert list(found.tables[0].sizes) == sizes


def test_a_file_without_video_is_refused(tmp_path):
    path = tmp_path / "x.mp4"
    path.write_bytes(make_clip(count=3, audio_from_us=0).templates[1])
    with pytest.raises(BoxError, match="no video"):
        read_segment(path)


def test_a_missing_file_is_the_callers_affair(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_segment(tmp_path / "x.mp4")
