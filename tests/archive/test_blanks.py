"""Pages that were never written, in a chunk that a power cut left."""

import os
from dataclasses import replace

import pytest

from pynvr.archive.blanks import without_blanks
from pynvr.archive.reader import read_chunk
from tests.finisher.clips import clip, write_chunk

PAGE = 4096
# Without the length of its first NAL unit the walk over the blocks sees the damage by itself.
LENGTH_AND_TYPE = 5
ENOUGH = 16


def large(frame):
    """With one more NAL unit, of 12,000 bytes."""
    more = (12_000).to_bytes(4, "big") + b"\x65" + bytes(range(1, 251)) * 48
    more = more[: 4 + 12_000]
    return frame._replace(payload=(*frame.payload, more), size=frame.size + len(more))


@pytest.fixture
def chunk(tmp_path):
    source = clip(frames=30, audio=True)
    frames = [large(frame) if not frame.track and frame.is_key else frame for frame in source.frames]
    path = write_chunk(tmp_path / "gate", replace(source, frames=tuple(frames)))
    fd = os.open(path, os.O_RDWR)
    yield fd
    os.close(fd)


def crossing(contents, among):
    """A frame that goes on behind a page's edge, and that edge."""
    for number in among:
        frame = contents.frames[number]
        edge = -(-(frame.offset + LENGTH_AND_TYPE) // PAGE) * PAGE
        if edge + ENOUGH < frame.offset + frame.size:
            return number, edge
    raise AssertionError("no frame goes on behind a page's edge")


def checked(fd):
    return without_blanks(read_chunk(fd), fd)


def test_a_whole_chunk_stays_as_it_is(chunk):
    assert checked(chunk) == read_chunk(chunk)


def test_what_comes_from_the_first_blank_page_on_is_dropped(chunk):
    contents = read_chunk(chunk)
    number, edge = crossing(contents, range(len(contents.frames) // 2, len(contents.frames)))
    size = os.fstat(chunk).st_size
    os.pwrite(chunk, bytes(min(PAGE, size - edge)), edge)
    assert len(read_chunk(chunk).frames) > number, "the frame looks whole nevertheless"
    found = checked(chunk)
    assert found.frames == contents.frames[:number]
    last = found.frames[-1]
    assert found.whole_bytes == last.offset + last.size
    assert found.whole_bytes + found.dropped_bytes == size


def test_it_need_not_be_the_end_of_a_frame(chunk):
    contents = read_chunk(chunk)
    number = next(n for n, frame in enumerate(contents.frames) if frame.size > 2 * PAGE)
    edge = -(-(contents.frames[number].offset + LENGTH_AND_TYPE) // PAGE) * PAGE
    os.pwrite(chunk, bytes(PAGE), edge)
    assert checked(chunk).frames == contents.frames[:number]


def test_zeros_that_a_camera_fills_its_frames_up_with_are_no_blank_page(tmp_path):
    source = clip(frames=30, audio=True)
    filled = [
        frame._replace(payload=(bytes(frame.payload[0]) + bytes(3000),), size=frame.size + 3000)
        if frame.track
        else frame
        for frame in source.frames
    ]
    fd = os.open(write_chunk(tmp_path / "gate", replace(source, frames=tuple(filled))), os.O_RDWR)
    # The end of the file isn't followed by anything; there a single frame may be taken for blank.
    assert checked(fd).frames[:-1] == read_chunk(fd).frames[: len(checked(fd).frames) - 1]
    assert len(read_chunk(fd).frames) - len(checked(fd).frames) <= 1
    os.close(fd)
