import fcntl
import os
import resource
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from pynvr.archive.lock import try_lock
from pynvr.archive.reader import read_chunk
from pynvr.archive.writer import ChunkWriter, reserve_for
from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause
from tests.archive.building import ANCHOR_PTS, ANCHOR_US, AUDIO, VIDEO, nal, picture, sound, write_chunk
from tests.mounting import as_root, small_file_system
from tests.waiting import wait_until


def make_writer(path: Path, reserve_bytes: int = 4096) -> ChunkWriter:
    return ChunkWriter.create(path, (VIDEO, AUDIO), ANCHOR_PTS, ANCHOR_US, reserve_bytes)


def versions(path: Path, ends: list[int]) -> list[int]:
    """Version of each frame's block."""
    data = path.read_bytes()
    return [data[end] for end in ends[:-1]]


def test_what_is_appended_is_read_back(tmp_path):
    path = tmp_path / "20251009" / "c.20251009.0853.chunk"
    frames = [picture(0, is_key=True), sound(0), *(picture(n, b_frame=n % 3 == 0) for n in range(1, 20))]
    write_chunk(path, frames, 8192)
    contents = read_chunk(path)
    data = path.read_bytes()
    assert contents.reserve == (0, 8192)
    for found, frame in zip(contents.frames, frames, strict=True):
        assert (found.track, found.time_us, found.pts, found.dts, found.is_key) == (*frame[:4], frame.is_key)
        assert data[found.offset : found.offset + found.size] == b"".join(frame.payload)
    assert os.listdir(path.parent) == [path.name]
    assert (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o750, 0o640)


def test_a_payload_in_pieces_becomes_one_sample(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    whole = nal(0x67) + nal(0x68) + nal(0x65, 40)
    pieces: tuple[tuple[bytes | memoryview, ...], ...] = (
        (nal(0x67), memoryview(nal(0x68)), nal(0x65, 40)),
        (whole[:3], whole[3:30], whole[30:]),
    )
    many = tuple(nal(0x65, 2) for _ in range(2000))
    frames = [picture(n, is_key=True)._replace(payload=p, size=len(whole)) for n, p in enumerate(pieces)]
    frames.append(picture(2, is_key=True)._replace(payload=many, size=len(b"".join(many))))
    ends = write_chunk(path, frames)
    data = path.read_bytes()
    samples = [data[f.offset : f.offset + f.size] for f in read_chunk(path).frames]
    assert samples == [whole, whole, b"".join(many)]
    assert versions(path, ends) == [0, 0, 0]


def test_version_0_is_used_only_where_it_says_all(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    keyframe, inter = picture(0, is_key=True), picture(1)
    broken = nal(0x41)[:-1]
    frames = [
        keyframe,
        inter,
        picture(2, b_frame=True),
        picture(3)._replace(pts=picture(3).pts + 1, dts=picture(3).pts + 1),
        picture(4)._replace(is_key=True),
        picture(5, is_key=True)._replace(is_key=False),
        picture(6)._replace(payload=(broken,), size=len(broken)),
        picture(7)._replace(payload=(b"",), size=0),
        sound(0),
    ]
    ends = write_chunk(path, frames)
    assert versions(path, ends) == [0, 0, 1, 1, 1, 1, 1, 1, 1]
    found = read_chunk(path).frames
    assert [(f.pts, f.dts, f.is_key, f.size) for f in found] == [(f.pts, f.dts, f.is_key, f.size) for f in frames]


def test_h265_always_goes_as_version_1(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    track = VIDEO.__class__(0, "video", "hevc", 90_000, b"entry")
    ends = write_chunk(path, [picture(0, is_key=True), picture(1)], tracks=(track,))
    assert versions(path, ends) == [1, 1]


def test_a_taken_name_is_never_overwritten(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    path.parent.mkdir()
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        make_writer(path)
    assert path.read_bytes() == b"precious"
    assert os.listdir(path.parent) == ["c.chunk"]


def test_a_chunk_that_is_being_made_keeps_its_name(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    path.parent.mkdir()
    path.with_name("c.chunk.new").write_bytes(b"somebody's")
    with pytest.raises(FileExistsError):
        make_writer(path)
    assert path.with_name("c.chunk.new").read_bytes() == b"somebody's"


def test_a_missing_disk_is_not_made(tmp_path):
    with pytest.raises(DiskError) as caught:
        make_writer(tmp_path / "unmounted" / "20251009" / "c.chunk")
    assert caught.value.cause == Cause.DISK_MISSING
    assert not (tmp_path / "unmounted").exists()


def test_the_lock_is_held_until_close_even_while_a_sync_runs(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    writer = make_writer(path)
    other = os.open(path, os.O_RDWR)
    assert not try_lock(other)
    duplicate = os.dup(writer._fd)  # what sync() holds meanwhile
    writer.close()
    writer.close()
    assert try_lock(other)
    os.close(duplicate)
    os.close(other)
    writer.sync()


def test_syncing_beside_appending_loses_nothing(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    writer = make_writer(path)
    syncs, failures, done = [0], [], threading.Event()

    def keep_syncing():
        try:
            while not done.is_set():
                writer.sync()
                syncs[0] += 1
        except Exception as err:
            failures.append(err)

    thread = threading.Thread(target=keep_syncing)
    thread.start()
    count = 0
    try:
        while syncs[0] < 20 and count < 20_000 and not failures:
            writer.append(picture(count, is_key=count % 25 == 0, length=500))
            count += 1
        writer.close()
        wait_until(lambda: syncs[0] >= 20 or failures, what="20 syncs")
    finally:
        done.set()
        thread.join()
    assert not failures
    assert len(read_chunk(path).frames) == count == writer.frames
    assert writer.bytes_written == path.stat().st_size - 4096


def test_a_frame_that_lies_about_its_size_changes_nothing(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    writer = make_writer(path)
    writer.append(picture(0, is_key=True))
    before = path.read_bytes()
    for size in (1, 1000):
        with pytest.raises(ValueError, match="says"):
            writer.append(sound(1)._replace(size=size))
    assert path.read_bytes() == before
    writer.close()


@contextmanager
def longest_file(limit_bytes):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_refused_write_leaves_whole_blocks_and_can_be_tried_again(tmp_path):
    path = tmp_path / "d" / "c.chunk"
    writer = make_writer(path)
    writer.append(picture(0, is_key=True))
    whole = path.read_bytes()
    with longest_file(len(whole) + 5000):
        for _ in range(3):
            with pytest.raises(DiskError) as caught:
                writer.append(picture(1, length=20_000))
            assert caught.value.cause == Cause.DISK_FULL
            assert path.read_bytes() == whole
        writer.append(picture(2))
    writer.append(picture(3, length=20_000))
    writer.close()
    contents = read_chunk(path)
    assert [f.time_us for f in contents.frames] == [picture(n).time_us for n in (0, 2, 3)]
    assert contents.dropped_bytes == 0


@pytest.fixture
def small_disk(tmp_path):
    with small_file_system(tmp_path / "disk", "256k") as disk:
        yield disk


def test_a_full_disk_stops_at_a_whole_frame_and_goes_on_when_there_is_room(small_disk):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(64 << 10))
    path = small_disk / "d" / "c.chunk"
    writer = make_writer(path)
    appended = 0
    with pytest.raises(DiskError) as caught:
        for number in range(100):
            writer.append(picture(number, is_key=number == 0, length=9000))
            appended += 1
    assert caught.value.cause == Cause.DISK_FULL
    assert 5 < appended < 30
    assert len(read_chunk(path).frames) == appended
    assert read_chunk(path).dropped_bytes == 0
    with pytest.raises(DiskError) as caught:
        make_writer(small_disk / "d" / "second.chunk", reserve_bytes=64 << 10)
    assert caught.value.cause == Cause.DISK_FULL
    assert sorted(os.listdir(small_disk / "d")) == ["c.chunk"]
    ballast.unlink()
    writer.append(picture(appended, length=9000))
    writer.sync()
    # The reserve was there all along: a full disk doesn't keep the header from being written over it.
    fd = os.open(path, os.O_RDWR)
    with pytest.raises(OSError, match="No space left"), (small_disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    assert os.pwrite(fd, bytes(range(256)) * 16, 0) == 4096
    os.close(fd)
    writer.close()


def test_a_read_only_disk_is_a_missing_disk(small_disk):
    as_root("mount", "-o", "remount,ro", small_disk)
    with pytest.raises(DiskError) as caught:
        make_writer(small_disk / "d" / "c.chunk")
    assert caught.value.cause == Cause.DISK_MISSING


def test_a_sync_that_fails_is_a_disk_error(tmp_path, monkeypatch):
    writer = make_writer(tmp_path / "d" / "c.chunk")

    def failing(fd):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.fdatasync", failing)
    with pytest.raises(DiskError, match="Input/output error") as caught:
        writer.sync()
    assert caught.value.cause == Cause.DISK_MISSING
    writer.close()


def test_a_sync_without_a_descriptor_to_spare_is_a_disk_error(tmp_path, monkeypatch):
    writer = make_writer(tmp_path / "d" / "c.chunk")

    def failing(fd):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("os.dup", failing)
    with pytest.raises(DiskError, match="Too many open files"):
        writer.sync()
    writer.close()


def test_a_close_that_fails_is_a_disk_error_and_lets_go(tmp_path, monkeypatch):
    path = tmp_path / "d" / "c.chunk"
    writer = make_writer(path)
    close = os.close

    def failing(fd):
        close(fd)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("os.close", failing)
        with pytest.raises(DiskError, match="Input/output error"):
            writer.close()
    writer.close()
    with path.open("rb") as file:
        assert try_lock(file.fileno())


def test_a_disk_that_dies_while_a_chunk_is_made_is_a_disk_error(tmp_path, monkeypatch):
    descriptors = len(os.listdir("/proc/self/fd"))

    def failing(*_args, **_named):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("os.posix_fallocate", failing)
        patched.setattr("pathlib.Path.unlink", failing)
        with pytest.raises(DiskError, match="Input/output error"):
            make_writer(tmp_path / "d" / "c.chunk")
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_the_descriptor_is_not_inherited(tmp_path):
    writer = make_writer(tmp_path / "d" / "c.chunk")
    assert fcntl.fcntl(writer._fd, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
    writer.close()


def test_the_reserve_grows_with_what_it_must_hold():
    assert reserve_for(30, 0, 60) % 4096 == 0
    assert 30_000 < reserve_for(30, 0, 60) < reserve_for(30, 47, 60) < 120_000
    assert reserve_for(0, 0, 60) == reserve_for(30, 0, 60)
    assert reserve_for(30, 0, 3600) > 50 * reserve_for(30, 0, 60)


WRITER = """
import os, sys
from pathlib import Path
from tests.archive.building import *
from pynvr.archive.writer import ChunkWriter
writer = ChunkWriter.create(Path(sys.argv[1]), (VIDEO, AUDIO), ANCHOR_PTS, ANCHOR_US, 4096)
number = 0
while True:
    writer.append(picture(number, is_key=number % 25 == 0, length=20_000))
    os.write(1, b".")
    number += 1
"""


@pytest.mark.parametrize("after", [1, 60, 333])
def test_a_killed_writer_loses_at_most_the_frame_it_was_writing(tmp_path, after):
    path = tmp_path / "d" / "c.chunk"
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent.parent
    )
    assert process.stdout is not None
    try:
        reported = len(process.stdout.read(after))
    finally:
        process.kill()
        reported += len(process.communicate()[0])
    contents = read_chunk(path)
    assert reported >= after
    assert len(contents.frames) in (reported, reported + 1)
    assert contents.dropped_bytes <= contents.frames[0].size + 17


def test_a_disk_without_links_gets_its_chunks_too(tmp_path, monkeypatch):
    def refused(*_args):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    path = tmp_path / "d" / "c.chunk"
    make_writer(path).close()
    with pytest.raises(FileExistsError):
        make_writer(path)
    assert os.listdir(path.parent) == ["c.chunk"]
    assert len(read_chunk(path).tracks) == 2
