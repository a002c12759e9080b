import errno
import os

import pytest

from pynvr.archive.lock import try_lock
from pynvr.archive.marker import create_marker
from pynvr.base.clock import SystemClock
from pynvr.base.errors import DiskError
from pynvr.media.feed import open_feed
from pynvr.model.cause import Cause
from pynvr.recorder.disk import LEAST_FREE_BYTES, check_disk
from pynvr.recorder.place import place_of_recordings
from pynvr.recorder.process import Recorder
from tests.locking import lock_as_nfs
from tests.mounting import as_root
from tests.recorder.making import make_heart, make_order


def cause_of(dst, marker, needed_bytes=0):
    with pytest.raises(DiskError) as caught:
        check_disk(dst, marker, needed_bytes)
    return caught.value.cause


def test_a_recorder_is_its_cameras_only_one_also_where_the_run_folders_disk_is_read_only_by_now(small_disk, tmp_path):
    order = make_order(small_disk, dst=tmp_path / "gate")
    heart, _master = make_heart()
    recorder = Recorder(heart, order, SystemClock(), open_feed, place_of_recordings(order))
    os.close(recorder._lock())
    as_root("mount", "-o", "remount,ro", small_disk)
    os.close(recorder._lock())


def test_its_lock_is_one_also_on_nfs_and_a_disk_that_refuses_it_is_told(tmp_path, monkeypatch):
    order = make_order(tmp_path)
    heart, _master = make_heart()
    recorder = Recorder(heart, order, SystemClock(), open_feed, place_of_recordings(order))
    with monkeypatch.context() as nfs:
        lock_as_nfs(nfs)
        fd = recorder._lock()
        with open(order.system.run_dir / f"{order.camera.id}.lock", "r+b") as other:
            assert not try_lock(other.fileno())
        os.close(fd)

    def refuse(_fd, _kind):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(DiskError, match=f"can't lock .*{order.camera.id}.lock: No locks available"):
        recorder._lock()


def test_a_disk_with_room_is_fine(small_disk):
    check_disk(small_disk, create_marker(small_disk), 1 << 20)


def test_a_disk_without_room_for_a_chunk_is_full(small_disk):
    marker = create_marker(small_disk)
    (small_disk / "ballast").write_bytes(bytes(16 * 1024 * 1024 - LEAST_FREE_BYTES))
    assert cause_of(small_disk, marker) == Cause.DISK_FULL


def test_the_reserve_counts(small_disk):
    assert cause_of(small_disk, create_marker(small_disk), 9 << 20) == Cause.DISK_FULL


def test_a_disk_that_isnt_mounted_is_missing(small_disk):
    marker = create_marker(small_disk)
    as_root("umount", "-l", small_disk)
    try:
        assert cause_of(small_disk, marker) == Cause.DISK_MISSING
    finally:
        as_root("mount", "-t", "tmpfs", "tmpfs", small_disk)


def test_a_disk_that_is_read_only_is_missing(small_disk):
    marker = create_marker(small_disk)
    as_root("mount", "-o", "remount,ro", small_disk)
    assert cause_of(small_disk, marker) == Cause.DISK_MISSING
    with pytest.raises(DiskError, match="read-only"):
        check_disk(small_disk, marker, 0)
