"""The kernel tells when a chunk is closed, and nothing else."""

import ctypes
import errno
import os
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from pynvr.finisher import inotify
from pynvr.finisher.claim import claimed
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.folders import OpenFolders, current_days
from pynvr.finisher.outcome import Busy, Finished
from pynvr.finisher.watch import ClosedChunks
from pynvr.model.stamp import instant_us, recent_days
from tests.finisher.clips import STAMP, clip, write_chunk
from tests.finisher.running import ZONE
from tests.locking import lock_as_nfs
from tests.waiting import wait_until

IN_CLOSE_WRITE, IN_DELETE_SELF = 0x8, 0x400
# Bits without an event for a written frame: IN_ONLYDIR, IN_MOVE_SELF, and those two.
HARMLESS = 0x01000000 | 0x800 | IN_CLOSE_WRITE | IN_DELETE_SELF


def masks():
    """Of all inotify watches of this process."""
    found = []
    for info in Path("/proc/self/fdinfo").iterdir():
        try:
            lines = info.read_text().splitlines()
        except OSError:
            continue
        found += [int(line.split("mask:")[1].split()[0], 16) for line in lines if line.startswith("inotify")]
    return found


def test_the_kernels_mask_holds_no_event_of_writing(tmp_path):
    watch = ClosedChunks()
    try:
        before = len(masks())
        assert watch.follow({tmp_path}) == [tmp_path]
        (mask,) = masks()[before:]
        assert mask & IN_CLOSE_WRITE
        assert mask & ~HARMLESS == 0, hex(mask)
    finally:
        watch.close()


def test_a_closed_chunk_comes_out_and_an_index_does_not(tmp_path):
    folder = tmp_path / STAMP[:8]
    folder.mkdir()
    watch = ClosedChunks()
    try:
        watch.follow({folder})
        (folder / "gate.index").write_bytes(b"x")
        path, writer = write_chunk(tmp_path, clip(), close=False)
        assert watch.next_closed(0.2) is None
        writer.close()
        # Under the name with which it was opened, and the one that it has now.
        assert {watch.next_closed(5), watch.next_closed(5)} == {path, path.with_suffix(".chunk.new")}
        assert watch.next_closed(0) is None
    finally:
        watch.close()


def test_asking_for_a_chunk_that_grows_makes_no_event(tmp_path):
    path, writer = write_chunk(tmp_path, clip(), close=False)
    watch = ClosedChunks()
    try:
        watch.follow({path.parent})
        for _ in range(3):
            assert finish_chunk(path) == Busy(path)
        assert watch.next_closed(0.3) is None
    finally:
        watch.close()
        writer.close()


def test_on_nfs_too_a_chunk_is_claimed_and_asking_for_one_that_grows_makes_no_event(tmp_path, monkeypatch):
    lock_as_nfs(monkeypatch)
    path, writer = write_chunk(tmp_path, clip(), close=False)
    watch = ClosedChunks()
    try:
        watch.follow({path.parent})
        assert finish_chunk(path) == Busy(path)
        assert watch.next_closed(0.3) is None
        writer.close()
        with claimed(path) as fd, claimed(path) as other:
            assert fd is not None and other is None
        assert isinstance(finish_chunk(path), Finished)
    finally:
        watch.close()


def test_many_folders_take_one_descriptor_and_no_thread(tmp_path):
    def instances():
        return sum(
            "inotify" in os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fdinfo") if alive(fd)
        )

    def alive(fd):
        return os.path.lexists(f"/proc/self/fd/{fd}")

    folders = {tmp_path / f"{number:03}" for number in range(200)}
    for folder in folders:
        folder.mkdir()
    before = instances(), len(os.listdir("/proc/self/task"))
    watch = ClosedChunks()
    try:
        assert len(watch.follow(folders)) == 200
        assert (instances(), len(os.listdir("/proc/self/task"))) == (before[0] + 1, before[1])
        (tmp_path / "199" / "gate.20260702.0000.chunk").write_bytes(b"x")
        assert watch.next_closed(5) == tmp_path / "199" / "gate.20260702.0000.chunk"
    finally:
        watch.close()


def test_what_the_kernel_could_not_tell_is_read(tmp_path):
    (tmp_path / "one").mkdir()
    watch = ClosedChunks()
    try:
        assert watch.follow({tmp_path / "one"}) == [tmp_path / "one"]
        limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        for number in range(limit + 10):
            # Two names in turn, for the kernel tells the same event only once in a row.
            (tmp_path / "one" / f"gate.2026070{number % 2}.0000.chunk").write_bytes(b"")
        while watch.next_closed(0) is not None:
            pass
        assert watch.follow({tmp_path / "one"}) == [tmp_path / "one"]
        assert watch.follow({tmp_path / "one"}) == []
    finally:
        watch.close()


def test_folders_come_and_go(tmp_path):
    one, other, third = (tmp_path / name for name in ("20260701", "20260702", "20260703"))
    one.mkdir()
    watch = ClosedChunks()
    try:
        assert watch.follow({one, other}) == [one]
        assert watch.follow({one, other}) == []
        other.mkdir()
        assert watch.follow({one, other}) == [other]
        one.rmdir()
        wait_until(lambda: watch.follow({other, third}) == [], what="the removed folder to be forgotten")
        (other / "gate.20260702.0000.chunk").write_bytes(b"x")
        assert watch.next_closed(5) == other / "gate.20260702.0000.chunk"
        # Removed and made again between two looks, as a disk that is mounted elsewhere for a moment.
        (other / "gate.20260702.0000.chunk").unlink()
        other.rmdir()
        wait_until(lambda: other.mkdir(exist_ok=True) or watch.follow({other}) == [other], what="it to be watched anew")
        (other / "gate.20260702.0001.chunk").write_bytes(b"x")
        assert watch.next_closed(5) == other / "gate.20260702.0001.chunk"
    finally:
        watch.close()


def test_a_folder_that_cannot_be_watched_is_read_each_time(tmp_path, monkeypatch, caplog):
    watch = ClosedChunks()
    try:

        def refuse(*_args, **_kwargs):
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr(watch._files, "watch", refuse)
        assert watch.follow({tmp_path}) == [tmp_path]
        assert watch.follow({tmp_path}) == [tmp_path]
        assert caplog.text.count("can't be watched") == 1
    finally:
        watch.close()


def test_a_disk_that_fails_leaves_the_folders_of_others_watched(tmp_path, monkeypatch):
    sick, well = tmp_path / "sick", tmp_path / "well"
    for folder in (sick, well):
        folder.mkdir()
    stat = Path.stat

    def failing(path, **how):
        if path == sick:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return stat(path, **how)

    watch = ClosedChunks()
    try:
        with monkeypatch.context() as broken:
            broken.setattr(Path, "stat", failing)
            assert watch.follow({sick, well}) == [well]
        assert watch.follow({sick, well}) == [sick]
    finally:
        watch.close()


def test_where_others_use_all_of_the_machines_inotify_it_is_read_until_they_do_not(tmp_path, monkeypatch, caplog):
    def refuse(_flags):
        ctypes.set_errno(errno.EMFILE)
        return -1

    with monkeypatch.context() as used_up:
        used_up.setattr(inotify, "_libc", SimpleNamespace(inotify_init1=refuse))
        watch = ClosedChunks()
        assert watch.follow({tmp_path}) == watch.follow({tmp_path}) == [tmp_path]
        assert watch.next_closed(0) is None
        assert "is read each second instead; raise fs.inotify.max_user_instances, or" in caplog.text
        assert "limit of open files" in caplog.text
    try:
        assert watch.follow({tmp_path}) == [tmp_path] and watch.follow({tmp_path}) == []
        (tmp_path / "gate.20260701.1000.chunk").write_bytes(b"x")
        assert watch.next_closed(5) == tmp_path / "gate.20260701.1000.chunk"
    finally:
        watch.close()


def test_yesterday_is_watched_for_an_hour(tmp_path):
    def days(hour, minute):
        return current_days(instant_us(datetime(2026, 7, 2, hour, minute, tzinfo=ZONE)), ZONE)

    assert days(0, 0) == {"20260701", "20260702"}
    assert days(1, 4) == {"20260701", "20260702"}
    assert days(1, 6) == {"20260702"}
    late = instant_us(datetime(2026, 7, 2, 23, 30, tzinfo=ZONE))
    assert recent_days(late, ZONE) == {"20260701", "20260702", "20260703"}


def test_after_the_clock_is_set_the_folders_of_the_former_day_are_watched_on(tmp_path):
    folders = OpenFolders([tmp_path], ZONE)
    before, after = (instant_us(datetime(2026, month, 2, 12, tzinfo=ZONE)) for month in (7, 3))
    assert folders.at(before, 100.0) == {tmp_path / "20260702"}
    assert folders.at(after, 101.0) == {tmp_path / "20260702", tmp_path / "20260302"}
    assert folders.at(after, 101.0 + 4000) == {tmp_path / "20260302"}


def test_a_folder_in_which_a_chunk_was_found_is_watched_for_a_while(tmp_path):
    folders = OpenFolders([tmp_path], ZONE)
    now = instant_us(datetime(2026, 3, 2, 12, tzinfo=ZONE))
    folders.note(tmp_path / "20260702", 100.0)
    assert folders.at(now, 101.0) == {tmp_path / "20260702", tmp_path / "20260302"}
    assert folders.at(now, 100.0 + 4000) == {tmp_path / "20260302"}
