"""The recorder of a sub-stream: what it leaves on disk, and that nothing of it stays."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pynvr.archive.lock import try_lock
from pynvr.archive.reader import read_chunk
from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause
from pynvr.model.frame import Track
from pynvr.model.settings import Live, Record
from pynvr.model.sub_stream import as_camera, folder_of
from pynvr.recorder import live_shelf
from pynvr.recorder.live_shelf import LiveShelf
from pynvr.recorder.order import RecorderOrder
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.recorder.making import make_order, recording
from tests.waiting import wait_until

LIVE = "pynvr.recorder.live"
NOON_US = 1_777_629_600_000_000
TRACKS = (Track(0, "video", "h264", 90_000, b"", 128, 96),)


def live_order(folder, url="rtsp://127.0.0.1/sub"):
    """What a sub-stream's recorder is told."""
    main = make_order(folder)
    camera, system = as_camera(replace(main.camera, live=Live(url)), main.system)
    return RecorderOrder(camera, system, "")


def chunks_in(folder):
    return sorted(path for path in folder.glob("*/*") if path.is_file())


def is_being_written(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        return not try_lock(fd)
    finally:
        os.close(fd)


def test_a_sub_stream_is_a_camera_that_is_always_taken_in_as_it_comes(tmp_path):
    main = make_order(tmp_path, record=Record(mode="never", codec="h264", width=640))
    camera, system = as_camera(replace(main.camera, live=Live("rtsp://127.0.0.1/sub")), main.system)
    assert (camera.id, camera.url, camera.record) == (main.camera.id, "rtsp://127.0.0.1/sub", Record())
    assert camera.dst == folder_of(main.system, camera.id) == tmp_path / "run" / "live" / "gate"
    assert camera.initial_timeout_s == main.camera.initial_timeout_s
    assert system.timezone.key == "UTC"


def test_the_newest_two_chunks_stay(tmp_path):
    order = live_order(tmp_path)
    shelf = LiveShelf(order)
    kept = []
    for number in range(6):
        kept.append(shelf.begin(TRACKS, 0, NOON_US + number * 10_000_000, 25.0).path)
        assert chunks_in(order.camera.dst) == kept[-2:]
    # Also over midnight (UTC), and what a crash left.
    stray = kept[-1].with_name("gate.20260501.100000.chunk.new")
    stray.touch()
    late = [shelf.begin(TRACKS, 0, NOON_US + 86_400_000_000 + second, 25.0).path for second in (0, 10_000_000)]
    assert chunks_in(order.camera.dst) == late
    assert [folder.name for folder in order.camera.dst.iterdir()] == ["20260502"]


def test_two_chunks_of_one_second_have_two_names(tmp_path):
    shelf = LiveShelf(live_order(tmp_path))
    first, second = (shelf.begin(TRACKS, 0, NOON_US, 25.0).path for _ in range(2))
    assert first.name < second.name


def test_a_full_disk_is_left_to_recordings(tmp_path, monkeypatch):
    monkeypatch.setattr(live_shelf, "LEAST_FREE_BYTES", 1 << 62)
    shelf = LiveShelf(live_order(tmp_path))
    with pytest.raises(DiskError) as refused:
        shelf.begin(TRACKS, 0, NOON_US, 25.0)
    assert refused.value.cause == Cause.DISK_FULL


def test_a_folder_that_was_taken_away_is_made_again(tmp_path):
    order = live_order(tmp_path)
    shelf = LiveShelf(order)
    shelf.begin(TRACKS, 0, NOON_US, 25.0)
    shutil.rmtree(order.system.live_dir)
    assert shelf.begin(TRACKS, 0, NOON_US + 10_000_000, 25.0).path.exists()


def test_a_folder_that_can_not_be_listed_just_now_ends_nothing(tmp_path, monkeypatch):
    order = live_order(tmp_path)
    shelf = LiveShelf(order)
    first = shelf.begin(TRACKS, 0, NOON_US, 25.0).path

    def refuse(folder):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(folder))

    with monkeypatch.context() as poor:
        poor.setattr(Path, "iterdir", refuse)
        second = shelf.begin(TRACKS, 0, NOON_US + 10_000_000, 25.0).path
    third = shelf.begin(TRACKS, 0, NOON_US + 20_000_000, 25.0).path
    assert chunks_in(order.camera.dst) == [second, third] and not first.exists()


@pytest.fixture(scope="module")
def cameras():
    sub = SimulatedCamera(name="sub", width=128, height=96, fps=20, gop_s=0.5, loop_s=4, bitrate_kbps=100)
    with SimulatorServer([sub]) as server:
        yield server


def test_a_sub_stream_is_taken_in_and_nothing_of_it_stays(cameras, tmp_path):
    order = live_order(tmp_path, cameras.url("sub"))
    left = folder_of(order.system, "gate") / "20200101" / "gate.20200101.1200.chunk"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left by a crash")
    with recording(order, LIVE) as recorder:
        recorder.wait_for_state("recording")
        recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 20)
        assert not left.exists()
        newest = chunks_in(order.camera.dst)[-1]
        assert is_being_written(newest)
        assert read_chunk(newest).tracks[0].width == 128
        assert recorder.stop() == 0
    assert not order.camera.dst.exists()


def test_what_a_killed_one_left_goes_with_the_next(cameras, tmp_path):
    order = live_order(tmp_path, cameras.url("sub"))
    with recording(order, LIVE) as recorder:
        recorder.wait_for_state("recording")
        recorder.process.kill()
        recorder.process.join()
    (left,) = chunks_in(order.camera.dst)[-1:]
    inode = left.stat().st_ino
    with recording(order, LIVE) as recorder:
        recorder.wait_for_state("recording")
        wait_until(lambda: inode not in [path.stat().st_ino for path in chunks_in(order.camera.dst)], 60, "it to go")
        recorder.stop()
    assert not order.camera.dst.exists()


def test_it_and_the_recorder_of_the_camera_run_side_by_side(cameras, tmp_path):
    main, sub = make_order(tmp_path, cameras.url("sub")), live_order(tmp_path, cameras.url("sub"))
    with recording(main) as one, recording(sub, LIVE) as other:
        one.wait_for_state("recording")
        other.wait_for_state("recording")
        assert chunks_in(main.camera.dst)
        assert chunks_in(sub.camera.dst)
