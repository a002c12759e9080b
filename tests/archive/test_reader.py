"""Whatever happens to a chunk's bytes: the whole blocks before it are kept, what is dropped is counted."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.archive.reader import read_chunk
from pynvr.archive.seal import SEAL_BYTES
from pynvr.base.errors import ChunkError
from pynvr.model.frame import Frame
from tests.archive.building import ANCHOR_US, VIDEO, nal, picture, sound, write_chunk

RELAXED = settings(max_examples=80)


@st.composite
def frame_lists(draw):
    kinds = draw(st.lists(st.sampled_from(["key", "inter", "late", "sound", "long"]), min_size=1, max_size=12))
    frames = []
    for number, kind in enumerate(kinds):
        length = draw(st.integers(2, 60))
        if kind == "sound":
            frames.append(sound(number, length))
        else:
            length = 70_000 if kind == "long" else length
            frames.append(picture(number, is_key=kind == "key", b_frame=kind == "late", length=length))
    return frames


def written(folder: Path, frames: list[Frame], reserve_bytes: int = 64) -> tuple[Path, list[int], bytes]:
    path = folder / "d" / "c.chunk"
    path.unlink(missing_ok=True)
    ends = write_chunk(path, frames, reserve_bytes)
    return path, ends, path.read_bytes()


@RELAXED
@given(frames=frame_lists(), data=st.data(), reserve=st.sampled_from([0, 22, 64, 4096]))
def test_a_torn_tail_is_dropped_and_counted(tmp_path, frames, data, reserve):
    path, ends, whole = written(tmp_path, frames, reserve)
    expected = read_chunk(path)
    length = data.draw(st.integers(0, len(whole)))
    os.truncate(path, length)
    if length < (reserve or ends[0]):
        with pytest.raises(ChunkError):
            read_chunk(path)
        return
    contents = read_chunk(path)
    kept = sum(end <= length for end in ends[1:])
    assert contents.frames == expected.frames[:kept]
    assert contents.whole_bytes == max(end for end in [reserve, *ends] if end <= length)
    assert contents.dropped_bytes == length - contents.whole_bytes


@RELAXED
@given(frames=frame_lists(), data=st.data())
def test_a_flipped_bit_costs_nothing_in_front_of_its_block(tmp_path, frames, data):
    path, ends, whole = written(tmp_path, frames)
    expected = read_chunk(path)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(damaged)
    try:
        contents = read_chunk(path)
    except ChunkError:
        assert at < 64
        return
    before = sum(end <= at for end in ends[1:])
    assert contents.frames[:before] == expected.frames[:before]
    assert contents.whole_bytes + contents.dropped_bytes == len(whole)
    if contents.frames:
        end = contents.frames[-1].offset + contents.frames[-1].size
        assert contents.whole_bytes in (end, end + SEAL_BYTES)


@RELAXED
@given(frames=frame_lists(), data=st.data())
def test_a_typed_block_with_a_flipped_bit_in_its_fields_is_never_believed(tmp_path, frames, data):
    path, ends, whole = written(tmp_path, frames)
    typed = [n for n, frame in enumerate(frames) if whole[ends[n]] == 1]
    if not typed:
        return
    number = data.draw(st.sampled_from(typed))
    damaged = bytearray(whole)
    # A flipped version may make a plain block of it; a flipped kind or field must be seen by the check sum.
    damaged[ends[number] + data.draw(st.integers(1, 43))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(damaged)
    contents = read_chunk(path)
    assert len(contents.frames) == number
    assert contents.dropped_bytes == len(whole) - ends[number]


@RELAXED
@given(frames=frame_lists(), garbage=st.binary(min_size=1, max_size=300))
def test_garbage_behind_the_frames_is_dropped(tmp_path, frames, garbage):
    path, _, whole = written(tmp_path, frames)
    expected = read_chunk(path)
    path.write_bytes(whole + garbage)
    contents = read_chunk(path)
    assert contents.frames[: len(frames)] == expected.frames
    assert contents.whole_bytes >= len(whole)
    assert contents.whole_bytes + contents.dropped_bytes == len(whole) + len(garbage)


@RELAXED
@given(frames=frame_lists(), data=st.data())
def test_a_range_of_zeros_ends_the_chunk_in_front_of_it(tmp_path, frames, data):
    path, ends, whole = written(tmp_path, frames)
    expected = read_chunk(path)
    start = data.draw(st.sampled_from(ends[:-1]))
    path.write_bytes(whole[:start] + bytes(len(whole) - start))
    contents = read_chunk(path)
    assert contents.frames == expected.frames[: ends.index(start)]
    assert contents.dropped_bytes == len(whole) - start


@settings(max_examples=300)
@given(data=st.one_of(st.binary(max_size=200), st.binary(max_size=100).map(lambda rest: b"\0" * 8 + b"\x20" + rest)))
def test_any_bytes_are_a_chunk_or_a_chunk_error(tmp_path, data):
    path = tmp_path / "x.chunk"
    path.write_bytes(data)
    try:
        contents = read_chunk(path)
    except ChunkError:
        return
    assert contents.whole_bytes > 0
    assert contents.whole_bytes + contents.dropped_bytes == len(data)


def plain(time_us: int, payload: bytes) -> bytes:
    return b"\0" + len(payload).to_bytes(8, "big") + time_us.to_bytes(8, "big") + payload


def test_a_version_0_chunk_with_times_that_step_back_a_little_is_read(tmp_path):
    path = tmp_path / "x.chunk"
    path.write_bytes(plain(ANCHOR_US, nal(0x65)) + plain(ANCHOR_US - 5_000_000, nal(0x41)))
    assert [f.pts for f in read_chunk(path).frames] == [0, -450_000]


def test_a_version_0_block_a_hundred_years_later_is_damage(tmp_path):
    path = tmp_path / "x.chunk"
    path.write_bytes(plain(ANCHOR_US, nal(0x65)) + plain(ANCHOR_US + (100 * 365 * 86_400_000_000), nal(0x41)))
    contents = read_chunk(path)
    assert len(contents.frames) == 1
    assert contents.dropped_bytes == 17 + len(nal(0x41))


def test_a_second_description_of_the_streams_is_damage(tmp_path):
    path, ends, whole = written(tmp_path, [picture(0, is_key=True)])
    path.write_bytes(whole + whole[64 : ends[0]])
    assert read_chunk(path).dropped_bytes == ends[0] - 64


def test_a_description_that_is_no_json_is_damage(tmp_path):
    from pynvr.archive import chunk

    good = chunk.streams_block(chunk.Streams((VIDEO,), 0, 0))
    for text in (b"[]", b"{", b'{"tracks":[{}],"anchor_pts":0,"anchor_us":0}', b"\xff", b"[" * 100_000):
        start = b"\1" + (5 + len(text)).to_bytes(8, "big") + bytes(8)
        bad = start + chunk._kind_and_crc(start, chunk.STREAMS, text) + text
        path = tmp_path / "x.chunk"
        path.write_bytes(bad)
        with pytest.raises(ChunkError):
            read_chunk(path)
    path.write_bytes(good)
    assert read_chunk(path).tracks == (VIDEO,)


def test_an_open_descriptor_is_read_and_left_open(tmp_path):
    path, _, whole = written(tmp_path, [picture(0, is_key=True)])
    fd = os.open(path, os.O_RDONLY)
    assert len(read_chunk(fd).frames) == 1
    assert os.pread(fd, len(whole), 0) == whole
    os.close(fd)


def test_what_stands_in_the_reserve_means_nothing_to_a_reader(tmp_path):
    path, _, whole = written(tmp_path, [picture(0, is_key=True), sound(0)], 4096)
    before = read_chunk(path)
    path.write_bytes(whole[:22] + bytes(n & 0xFF for n in range(4096 - 22)) + whole[4096:])
    assert read_chunk(path) == before
