import threading
import time
from functools import partial

import pytest

from pynvr.archive.paths import chunk_path
from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause
from pynvr.model.stamp import stamp_of
from pynvr.recorder import place, syncing
from pynvr.recorder.syncing import Syncer, rest_after
from tests.recorder.making import UTC, make_order
from tests.waiting import wait_until


class Writer:
    """A chunk whose disk is as slow or as broken as the test wants."""

    def __init__(self):
        self.bytes_written = 0
        self.syncs = 0
        self.closed = False
        self.hold = threading.Event()
        self.hold.set()
        self.error = None

    def sync(self):
        assert not self.closed
        self.hold.wait(20)
        if self.error:
            raise self.error
        self.syncs += 1

    def close(self):
        self.closed = True


@pytest.fixture
def syncer():
    syncer = Syncer(0.05)
    syncer.start()
    yield syncer
    syncer.stop(5)


def test_what_grows_is_synced_again_and_again(syncer):
    writer = Writer()
    syncer.follow(writer)
    writer.bytes_written = 1
    wait_until(lambda: writer.syncs == 1, what="the first sync")
    writer.bytes_written = 2
    wait_until(lambda: writer.syncs == 2, what="the second sync")


@pytest.mark.parametrize("took_s", [0, 0.01, 0.5, 1])
def test_what_came_in_just_behind_a_sync_is_on_disk_in_time(took_s):
    assert took_s + rest_after(took_s, 5) + took_s <= 5


def test_a_disk_that_takes_too_long_is_not_synced_all_the_time():
    assert rest_after(60, 5) == rest_after(6, 5) == 0.5
    assert rest_after(0, 0) == 0


def test_what_doesnt_grow_is_left_alone(syncer):
    idle, busy = Writer(), Writer()
    syncer.follow(busy)
    busy.bytes_written = 1
    wait_until(lambda: busy.syncs == 1, what="a sync")
    syncer.follow(idle)
    wait_until(lambda: busy.closed, what="the hand-over")
    assert idle.syncs == 0


def test_a_chunk_is_synced_before_it_is_let_go(syncer):
    first, second = Writer(), Writer()
    syncer.follow(first)
    first.hold.clear()
    syncer.follow(second)
    assert not first.closed
    first.hold.set()
    wait_until(lambda: first.closed, what="the end of the first")
    assert first.syncs >= 1
    assert not second.closed


def test_a_slow_disk_keeps_nobody_waiting(syncer):
    slow = Writer()
    slow.hold.clear()
    syncer.follow(slow)
    slow.bytes_written = 1
    for _ in range(100):
        slow.bytes_written += 1
        syncer.keyframe()
        next_chunk = Writer()
        syncer.follow(next_chunk)
    assert not slow.closed  # the disk is still at it, and all this didn't wait for it
    slow.hold.set()
    wait_until(lambda: slow.closed, what="the slow disk")


def test_a_sync_that_fails_is_a_failed_write(syncer):
    writer = Writer()
    writer.error = DiskError("no more", Cause.DISK_MISSING)
    syncer.follow(writer)
    writer.bytes_written = 1
    wait_until(lambda: syncer.failure, what="the failure")
    syncer.follow(None)
    with pytest.raises(DiskError, match="no more"):
        syncer.raise_failure()
    wait_until(lambda: writer.closed, what="the chunk to be let go")


def test_a_disk_that_is_another_one_now_is_a_failed_write():
    failure = DiskError("not mounted", Cause.DISK_MISSING)
    checks: list[None] = []

    def check():
        checks.append(None)
        if len(checks) > 1:
            raise failure

    syncer = Syncer(0.05, check)
    syncer.start()
    writer = Writer()
    syncer.follow(writer)
    for count in (1, 2):
        assert syncer.failure is None
        writer.bytes_written = count
        wait_until(partial(reached, checks, count), what=f"check {count}")
    wait_until(lambda: syncer.failure, what="the failure")
    syncer.stop(5)
    with pytest.raises(DiskError, match="not mounted"):
        syncer.raise_failure()


def test_an_error_that_nobody_expected_is_told_and_ends_nothing(syncer):
    odd, next_one = Writer(), Writer()
    odd.error = RuntimeError("odd")
    syncer.follow(odd)
    syncer.follow(next_one)
    wait_until(lambda: odd.closed, what="the chunk to be let go")
    with pytest.raises(DiskError, match="odd"):
        syncer.raise_failure()
    next_one.bytes_written = 1
    wait_until(lambda: next_one.syncs, what="a sync of the next chunk")


def reached(writer, count):
    return (len(writer) if isinstance(writer, list) else writer.syncs) == count


def test_at_zero_each_keyframe_is_synced_and_nothing_else():
    syncer = Syncer(0)
    syncer.start()
    writer = Writer()
    syncer.follow(writer)
    for count in (1, 2, 3):
        writer.bytes_written = count
        syncer.keyframe()
        wait_until(partial(reached, writer, count), what=f"sync {count}")
    syncer.stop(5)
    assert writer.closed


def test_stopping_doesnt_wait_for_a_dead_disk():
    syncer = Syncer(5)
    syncer.start()
    writer = Writer()
    writer.hold.clear()
    syncer.follow(writer)
    began_s = time.monotonic()
    syncer.stop(0.2)
    assert time.monotonic() - began_s < 2
    writer.hold.set()


def test_what_was_left_is_forced_first_and_once_and_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(syncing, "_LEFT_WITHIN_S", 600.0)
    done: list[str] = []
    slow = threading.Event()

    def force_left():
        slow.wait(20)
        done.append("left")
        yield

    class Told(Writer):
        def sync(self):
            done.append("sync")

    writer = Told()
    syncer = Syncer(0.05, force_left=force_left)
    syncer.start()
    syncer.follow(writer)
    writer.bytes_written = 1
    assert done == []
    slow.set()
    wait_until(lambda: len(done) > 1, what="the first sync")
    writer.bytes_written = 2
    wait_until(lambda: len(done) > 2, what="the second sync")
    syncer.stop(5)
    assert done[0] == "left"
    assert done.count("left") == 1


@pytest.mark.parametrize("every_s", [0, 0.05])
def test_what_comes_now_does_not_wait_for_all_that_was_left(every_s):
    """When the first one is forced, and while others are, what is due is synced, checked and let go of."""
    slow = threading.Event()
    steps: list[int] = []
    checks: list[None] = []

    def force_left():
        for number in range(3):
            steps.append(number)
            slow.wait(20)
            slow.clear()
            yield

    first, second = Writer(), Writer()
    syncer = Syncer(every_s, lambda: checks.append(None), force_left)
    syncer.start()
    try:
        syncer.follow(first)
        first.bytes_written = 1
        time.sleep(0.1)  # by then it is due
        slow.set()
        wait_until(lambda: first.syncs and checks, what="a sync behind the first one that was left")
        syncer.follow(second)
        wait_until(lambda: len(steps) == 2, what="the second one")
        slow.set()
        wait_until(lambda: first.closed, what="the chunk to be let go of")
        wait_until(lambda: len(steps) == 3, what="the third one")
    finally:
        slow.set()
        syncer.stop(5)


@pytest.mark.parametrize("every_s", [0, 1000])
def test_a_stop_while_what_was_left_is_forced_is_not_missed(every_s):
    slow, again = threading.Event(), threading.Event()

    def force_left():
        slow.wait(20)
        yield
        again.wait(20)
        yield

    writer = Writer()
    syncer = Syncer(every_s, force_left=force_left)
    syncer.start()
    syncer.follow(writer)
    writer.bytes_written = 1
    syncer.stop(0.1)
    slow.set()
    wait_until(lambda: writer.closed, what="the chunk to be let go of")
    again.set()
    for thread in syncer._threads:
        thread.join(20)
        assert not thread.is_alive()


@pytest.mark.parametrize("every_s", [0, 0.05])
def test_what_comes_now_does_not_wait_for_a_left_one_that_the_disk_never_comes_to_an_end_with(every_s, monkeypatch):
    monkeypatch.setattr(syncing, "_LEFT_WITHIN_S", 0.05)
    slow = threading.Event()

    def force_left():
        slow.wait(60)
        yield

    first, second = Writer(), Writer()
    syncer = Syncer(every_s, force_left=force_left)
    syncer.start()
    try:
        syncer.follow(first)
        first.bytes_written = 1
        syncer.keyframe()
        wait_until(lambda: first.syncs, what="a sync")
        syncer.follow(second)
        wait_until(lambda: first.closed, what="the chunk to be let go of")
        assert not slow.is_set()
    finally:
        slow.set()
        syncer.stop(5)


def test_what_was_left_and_makes_trouble_is_no_trouble_of_what_is_recorded_now():
    def force_left():
        yield
        raise RuntimeError("odd")

    writer = Writer()
    syncer = Syncer(0.05, force_left=force_left)
    syncer.start()
    syncer.follow(writer)
    writer.bytes_written = 1
    wait_until(lambda: writer.syncs, what="a sync")
    syncer.stop(5)
    assert syncer.failure is None


def test_a_recorder_forces_what_its_predecessor_left_and_no_other_cameras(tmp_path, monkeypatch):
    forced: list[str] = []
    monkeypatch.setattr(place, "force_chunks", lambda paths: forced.extend(path.name for path in paths))
    order = make_order(tmp_path)
    now_us = time.time_ns() // 1000
    stamps = [stamp_of(at_us, UTC) for at_us in (now_us, now_us - 86_400_000_000, now_us - 5 * 86_400_000_000)]
    for camera_id in ("gate", "yard"):
        for stamp in stamps:
            path = chunk_path(order.camera.dst, camera_id, stamp)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    custody = place.place_of_recordings(order).custody
    custody.start()
    custody.stop(20)
    assert sorted(forced) == sorted(f"gate.{stamp}.chunk" for stamp in stamps[:2])
