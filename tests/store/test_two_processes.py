"""Two processes on one database, and one of them killed."""

import multiprocessing
import os
import signal

from pynvr.store.backup import unsound
from pynvr.store.store import Store, open_or_repair
from tests.store.samples import segment
from tests.waiting import wait_until

_CONTEXT = multiprocessing.get_context("spawn")


def add_minutes(url, camera_id, count):
    with open_or_repair(url) as store:
        for minute in range(count):
            store.segments.add(segment(camera_id, minute))


def test_two_processes_that_write_lose_nothing(url):
    writers = [_CONTEXT.Process(target=add_minutes, args=(url, camera_id, 300)) for camera_id in ("gate", "yard")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    with Store.open(url) as store:
        assert {(t.camera_id, t.segments) for t in store.totals.cameras()} == {("gate", 300), ("yard", 300)}


def test_a_writer_that_is_killed_leaves_a_sound_database_with_true_totals(url):
    with Store.open(url) as store:
        writer = _CONTEXT.Process(target=add_minutes, args=(url, "gate", 1_000_000))
        writer.start()
        wait_until(lambda: store.segments.count() > 50, what="rows of the writer")
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(20)
        store.segments.add(segment("yard"))
        rows = len(store.segments.in_range(["gate"], 0, 1 << 60))
        assert {t.camera_id: t.segments for t in store.totals.cameras()} == {"gate": rows, "yard": 1}
    assert unsound(store.path) == ""
