"""The server's threads, by themselves."""

import threading

import pytest

from pynvr.web.threads import Threads
from tests.starved import without_threads
from tests.waiting import PATIENCE_S, wait_until


@pytest.fixture
def threads():
    made = Threads(3, "test")
    yield made
    made.close()
    wait_until(lambda: not running(), PATIENCE_S, "them to end, for the next test counts")


def running():
    return sum(one.name.startswith("test_") for one in threading.enumerate())


def waiting(go_on, done):
    def job():
        go_on.wait(PATIENCE_S)
        done.release()

    return job


def test_what_is_begun_at_once_is_done_side_by_side(threads):
    meeting = threading.Barrier(4)
    for _ in range(3):
        threads.employ(lambda: meeting.wait(PATIENCE_S))
    meeting.wait(PATIENCE_S)


def test_a_thread_that_is_idle_is_taken_before_another_is_started(threads):
    for _ in range(20):
        done = threading.Event()
        threads.employ(done.set)
        assert done.wait(PATIENCE_S)
        wait_until(lambda: threads._idle == 1, PATIENCE_S, "it to be idle")
    assert running() == 1


def test_more_wait_until_one_is_free(threads):
    go_on, done = threading.Event(), threading.Semaphore(0)
    for _ in range(10):
        threads.employ(waiting(go_on, done))
    assert running() == 3
    go_on.set()
    assert all(done.acquire(timeout=PATIENCE_S) for _ in range(10))
    assert running() == 3


def test_threads_that_were_refused_are_started_when_they_can_be(threads, monkeypatch, caplog):
    meeting = threading.Barrier(3)
    with without_threads(monkeypatch):
        for _ in range(2):
            threads.employ(lambda: meeting.wait(PATIENCE_S))
        threads.tend()
    assert running() == 0
    assert caplog.text.count("waits for the 0 threads that there are: can't start new thread") == 1
    threads.tend()
    meeting.wait(PATIENCE_S)


def test_closed_they_end_and_what_waits_is_dropped(threads):
    go_on, done = threading.Event(), threading.Semaphore(0)
    for _ in range(4):
        threads.employ(waiting(go_on, done))
    wait_until(lambda: len(threads._jobs) == 1, PATIENCE_S, "the others to begin")
    threads.close()
    go_on.set()
    wait_until(lambda: not running(), PATIENCE_S, "them to end")
    assert all(done.acquire(timeout=PATIENCE_S) for _ in range(3))
    assert not done.acquire(blocking=False)
