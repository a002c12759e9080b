"""What a power cut leaves of a chunk: each frame read from it is as it was written, and each forced one is there."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.archive.begun import is_but_begun
from pynvr.archive.reader import read_chunk
from pynvr.archive.seal import FORCED_BYTES, SEAL_BYTES, forced_block, has_forced, is_sealed, read_forced, seal_of
from pynvr.archive.writer import ChunkWriter
from pynvr.base.errors import DiskError
from tests.archive.building import ANCHOR_PTS, ANCHOR_US, AUDIO, VIDEO, picture, sound

GOLDEN = Path(__file__).parent / "golden"
SECTOR = 512


def pictures(count, length=3000):
    return [picture(n, is_key=n % 10 == 0, b_frame=n % 4 == 1, length=length + 97 * n) for n in range(count)]


def written(path, frames, forced=(), close=False):
    """The open writer of a chunk with these frames; before those numbers of `forced` it was forced to disk."""
    path.unlink(missing_ok=True)
    writer = ChunkWriter.create(path, (VIDEO, AUDIO), ANCHOR_PTS, ANCHOR_US, 4096)
    for number, frame in enumerate(frames):
        if number in forced:
            writer.sync()
        writer.append(frame)
    if close:
        writer.sync()
        writer.close()
    return writer


def samples(path, contents):
    data = path.read_bytes()
    return [data[frame.offset : frame.offset + frame.size] for frame in contents.frames]


@settings(max_examples=150)
@given(data=st.data())
def test_whatever_sectors_were_not_written_each_frame_read_is_as_it_was_written(tmp_path, data):
    frames = data.draw(st.lists(st.sampled_from([picture(0, True, length=700), picture(1), sound(2, 90)]), min_size=3))
    # As in real ones, some of the bytes are zeros.
    frames = [f._replace(payload=(f.payload[0].replace(b"\x55\x55", b"\0\0"),)) for f in frames]
    path = tmp_path / "d" / "c.chunk"
    at = data.draw(st.integers(1, len(frames) - 1))
    written(path, frames, {at}).close()
    whole = path.read_bytes()
    original = read_chunk(path)
    forced_end = original.forced_bytes
    assert forced_end == original.frames[at - 1].offset + original.frames[at - 1].size + SEAL_BYTES
    left = bytearray(whole[: data.draw(st.integers(forced_end, len(whole)))])
    sectors = range(forced_end // SECTOR, -(-len(left) // SECTOR))
    for sector in data.draw(st.sets(st.sampled_from(sectors))) if sectors else ():
        begin, end = max(sector * SECTOR, forced_end), min((sector + 1) * SECTOR, len(left))
        left[begin:end] = bytes(max(0, end - begin))
    path.write_bytes(left)
    found = read_chunk(path, proven=True)
    assert found.frames == original.frames[: len(found.frames)]
    assert samples(path, found) == [frame.payload[0] for frame in frames[: len(found.frames)]]
    assert len(found.frames) >= at
    assert found.whole_bytes + found.dropped_bytes == len(left)
    if left == whole:
        assert len(found.frames) == len(frames)


@pytest.mark.parametrize("place", ["version", "length", "time", "sample", "end of the sample", "seal"])
def test_one_changed_byte_is_seen(tmp_path, place):
    path = tmp_path / "d" / "c.chunk"
    written(path, pictures(30)).close()
    frame = read_chunk(path).frames[20]
    at = {
        "version": frame.offset - 17,
        "length": frame.offset - 9,
        "time": frame.offset - 1,
        "sample": frame.offset + 100,
        "end of the sample": frame.offset + frame.size - 1,
        "seal": frame.offset + frame.size + SEAL_BYTES - 1,
    }[place]
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert len(read_chunk(path, proven=True).frames) == 20


def test_a_chunk_that_was_forced_before_it_was_let_go_of_says_so_and_nothing_of_it_is_read(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    written(path, pictures(30), close=True)
    contents = read_chunk(path, proven=True)
    last = contents.frames[-1]
    assert contents.forced_bytes == last.offset + last.size + SEAL_BYTES
    assert (contents.whole_bytes, contents.dropped_bytes) == (contents.forced_bytes + FORCED_BYTES, 0)
    data = bytearray(path.read_bytes())
    data[last.offset + 5] ^= 1
    path.write_bytes(data)
    assert len(read_chunk(path, proven=True).frames) == 30


def test_what_came_behind_the_last_sync_is_not_said_to_be_forced(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    written(path, pictures(30), {7, 20}).close()
    frames = read_chunk(path).frames
    assert read_chunk(path).forced_bytes < frames[20].offset < path.stat().st_size
    assert read_chunk(path).forced_bytes > frames[19].offset


def test_behind_a_sync_that_failed_nothing_is_said_to_be_forced(tmp_path, monkeypatch):
    def failing(_fd):
        raise OSError(5, "Input/output error")

    path = tmp_path / "d" / "c.chunk"
    writer = written(path, pictures(10))
    with monkeypatch.context() as patched, pytest.raises(DiskError):
        patched.setattr("os.fdatasync", failing)
        writer.sync()
    writer.append(picture(10))
    # The kernel told of the failure once, and takes what it couldn't write for written.
    writer.sync()
    writer.append(picture(11))
    writer.close()
    assert read_chunk(path).forced_bytes == 0
    assert len(read_chunk(path, proven=True).frames) == 12


def test_a_full_disk_keeps_nobody_from_letting_go(tmp_path, monkeypatch):
    path = tmp_path / "d" / "c.chunk"
    writer = written(path, pictures(5))
    writer.sync()
    size = path.stat().st_size
    pwrite = os.pwrite
    monkeypatch.setattr("os.pwrite", lambda fd, data, at: pwrite(fd, data[:7], at))
    writer.close()
    assert path.stat().st_size == size
    assert len(read_chunk(path, proven=True).frames) == 5


def test_a_chunk_of_an_older_version_is_believed():
    for name in ("version0.chunk", "version1.chunk"):
        assert read_chunk(GOLDEN / name, proven=True) == read_chunk(GOLDEN / name)


def test_what_is_said_to_be_forced_lies_in_front_of_the_word(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    written(path, pictures(3)).close()
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(forced_block(whole + 1))
    contents = read_chunk(path)
    assert (len(contents.frames), contents.forced_bytes, contents.dropped_bytes) == (3, 0, FORCED_BYTES)


def test_a_seal_and_a_word_hold_for_just_their_bytes():
    block = b"one" * 10
    sealed = block + seal_of((b"one", memoryview(b"one" * 9)))
    assert is_sealed(sealed) and not is_sealed(sealed[1:]) and not is_sealed(sealed + b"\0") and not is_sealed(b"")
    word = forced_block(77)
    assert read_forced(word) == 77 and read_forced(word[:-1]) is None and read_forced(bytes(len(word))) is None
    assert has_forced(b"before" + word + b"behind") and not has_forced(b"before" + word[:-1])
    for at in range(len(word)):
        assert read_forced(word[:at] + bytes((word[at] ^ 1,)) + word[at + 1 :]) is None


@pytest.fixture
def torn(tmp_path):
    """A function that writes a chunk whose first picture is torn; a descriptor of it, and where its frames begin."""
    fds = []

    def make(frames, **how):
        path = tmp_path / "d" / "c.chunk"
        written(path, frames, **how)
        first = read_chunk(path).frames[0]
        with path.open("r+b") as file:
            file.seek(first.offset - 5)
            file.write(bytes(10))
        fds.append(os.open(path, os.O_RDONLY))
        return fds[-1], read_chunk(path, proven=True).whole_bytes

    yield make
    for fd in fds:
        os.close(fd)


def test_a_torn_first_picture_that_nothing_whole_follows_was_just_begun(torn):
    assert is_but_begun(*torn(pictures(1)))
    assert is_but_begun(*torn(pictures(9)))


@pytest.mark.parametrize("key", [10, 11], ids=["version 0", "version 1"])
def test_with_a_whole_keyframe_behind_it_it_was_not(torn, key):
    frames = [frame._replace(is_key=number == key) for number, frame in enumerate(pictures(12))]
    if key == 10:
        frames[10] = pictures(12)[10]
    assert not is_but_begun(*torn(frames))


def test_with_a_word_on_what_was_forced_behind_it_it_was_not(torn):
    assert not is_but_begun(*torn(pictures(5), forced={4}))


def test_with_much_behind_it_it_was_not(torn):
    assert not is_but_begun(*torn(pictures(9, length=200_000)))
