import os
import subprocess
import sys
from pathlib import Path

import pytest

from pynvr.archive.chunk import BlockFrame
from pynvr.archive.follower import ChunkFollower
from pynvr.archive.writer import ChunkWriter
from pynvr.base.errors import ChunkError
from tests.archive.building import ANCHOR_PTS, ANCHOR_US, AUDIO, VIDEO, picture, sound, write_chunk
from tests.waiting import wait_until

WRITER = """
import sys
from pathlib import Path
from pynvr.archive.writer import ChunkWriter
from tests.archive.building import *
path, count = Path(sys.argv[1]), int(sys.argv[2])
writer = ChunkWriter.create(path, (VIDEO, AUDIO), ANCHOR_PTS, ANCHOR_US, 4096)
for number in range(count):
    writer.append(picture(number, is_key=number % 25 == 0, length=50 + number * 37 % 9000))
    writer.append(sound(number, 1 + number % 300))
if sys.argv[3] == "close":
    writer.close()
print("done", flush=True)
sys.stdin.read()
"""


def start_writer(path: Path, count: int, end: str = "close") -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, str(count), end],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=os.path.dirname(os.path.dirname(os.path.dirname(__file__))),
    )


def test_a_chunk_is_followed_while_another_process_writes_it(tmp_path):
    path, count = tmp_path / "d" / "c.chunk", 1500
    process = start_writer(path, count)
    seen: list[tuple[BlockFrame, bytes]] = []
    rounds = 0
    try:
        wait_until(path.exists, what="the chunk's name")
        with ChunkFollower(path) as follower:

            def follow():
                nonlocal rounds
                new = follower.read_new()
                rounds += bool(new)
                seen.extend((frame, follower.payload(frame)) for frame in new)
                return len(seen) == 2 * count

            wait_until(follow, what="all frames")
            wait_until(lambda: follower.ended, what="the writer to let go")
            assert follower.read_new() == []
            assert follower.streams is not None
            assert follower.streams.tracks == (VIDEO, AUDIO)
    finally:
        process.kill()
        process.communicate()
    assert rounds > 1
    for number in range(count):
        expected = picture(number, is_key=number % 25 == 0, length=50 + number * 37 % 9000)
        frame, payload = seen[2 * number]
        assert (frame.time_us, frame.pts, frame.is_key, payload) == (
            *expected[1:3],
            expected.is_key,
            expected.payload[0],
        )
        assert seen[2 * number + 1][1] == sound(number, 1 + number % 300).payload[0]


def test_a_killed_writer_ends_the_chunk(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    process = start_writer(path, 10, "hold")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        with ChunkFollower(path) as follower:
            assert len(follower.read_new()) == 20
            before = follower.ended
            process.kill()
            process.wait()
            assert (before, follower.ended) == (False, True)
    finally:
        process.kill()
        process.communicate()


def test_a_block_half_written_is_waited_for_and_one_taken_back_forgotten(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    ends = write_chunk(path, [picture(0, is_key=True), sound(0), picture(1)])
    whole = path.read_bytes()
    growing = tmp_path / "growing.chunk"
    growing.write_bytes(b"")
    with ChunkFollower(growing) as follower:
        seen = []
        for end in range(0, len(whole) + 1, 7):
            growing.write_bytes(whole[:end])
            seen += follower.read_new()
            assert len(seen) == sum(e <= end for e in ends[1:])
        os.truncate(growing, ends[2])
        assert follower.read_new() == []
        growing.write_bytes(whole)
        seen += follower.read_new()
        assert [follower.payload(frame) for frame in seen] == [
            picture(0, is_key=True).payload[0], sound(0).payload[0], picture(1).payload[0]
        ]  # fmt: skip


def test_a_renamed_chunk_has_ended_and_stays_readable(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    writer = ChunkWriter.create(path, (VIDEO, AUDIO), ANCHOR_PTS, ANCHOR_US, 64)
    writer.append(picture(0, is_key=True))
    with ChunkFollower(path) as follower:
        before = follower.ended
        path.rename(path.with_suffix(".mp4"))
        assert (before, follower.ended) == (False, True)
        assert follower.payload(follower.read_new()[0]) == picture(0, is_key=True).payload[0]
    writer.close()
    follower.close()


def test_damage_is_told_after_the_frames_before_it(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    write_chunk(path, [picture(0, is_key=True)])
    with path.open("ab") as file:
        file.write(b"\x07" * 100)
    with ChunkFollower(path) as follower:
        assert len(follower.read_new()) == 1
        for _ in range(2):
            with pytest.raises(ChunkError, match="version 7"):
                follower.read_new()


def test_a_finished_file_is_not_followed(tmp_path):
    path = tmp_path / "c.chunk"
    path.write_bytes(b"\0\0\0\x1cftypisom" + bytes(100))
    with ChunkFollower(path) as follower, pytest.raises(ChunkError, match="finished"):
        follower.read_new()
