"""The reaper as a process: beats, a really full disk, and death in the middle of a deletion."""

import multiprocessing
import os
import shutil
import signal
import socket
import sqlite3
import threading

import pytest

from pynvr.base.heart import Beat, Heart
from pynvr.catalog.reindex import reindex
from pynvr.reaper.deletion import Deleter
from pynvr.reaper.process import run
from pynvr.store.deletions import Deletions
from pynvr.store.segments import Segments
from tests.mounting import small_file_system
from tests.reaper.conftest import UTC
from tests.waiting import PATIENCE_S, wait_until

_CONTEXT = multiprocessing.get_context("fork")
MB = 1_000_000


def serve(channel, masters_end, settings):
    masters_end.close()
    heart = Heart(channel)
    heart.listen_to_signals()
    run(heart, settings)


@pytest.fixture
def started():
    """Starts the process for settings; returns it and the master's end of its channel."""
    processes = []

    def start(settings):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        process = _CONTEXT.Process(target=serve, args=(theirs, ours, settings))
        process.start()
        theirs.close()
        processes.append(process)
        ours.settimeout(PATIENCE_S)
        return process, ours

    yield start
    for process in processes:
        process.kill()
        process.join()


@pytest.fixture
def small_disk(tmp_path):
    """A tmpfs of 20 MB at the archive's disk."""
    with small_file_system(tmp_path / "disk", "20m") as disk:
        yield disk


def beat_from(channel):
    return Beat.from_bytes(channel.recv(100_000))


def test_a_full_disk_is_freed_within_seconds_and_the_log_says_how_much(small_disk, archive, started):
    archive.camera("gate")
    archive.rule(percent=80)
    paths = archive.put_days("gate", *range(12, 2, -1), size=MB)
    process, channel = started(archive.settings())
    assert beat_from(channel).within_s > 0
    assert all(path.exists() for path in paths)
    with (small_disk / "ballast").open("wb") as file:
        # At once: the reaper would make room while it is taken bit by bit.
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(small_disk).free)
    wait_until(lambda: shutil.disk_usage(small_disk).free > 4 * MB, what="room")

    def all_told():
        """The beat after the last deletion, and how many there were."""
        figures = beat_from(channel).figures
        deleted = [path for path in paths if not path.exists()]
        return len(deleted) if figures["bytes"] == len(deleted) * MB > 4 * MB else 0

    deleted = wait_until(all_told, what="a word about it")
    assert [path.exists() for path in paths] == [number >= deleted for number in range(10)]
    assert deleted < 10
    os.kill(process.pid, signal.SIGTERM)
    process.join(PATIENCE_S)
    assert process.exitcode == 0


def test_it_ends_when_the_master_is_gone(archive, started):
    process, channel = started(archive.settings())
    beat_from(channel)
    channel.close()
    process.join(PATIENCE_S)
    assert process.exitcode == 0


def test_a_locked_database_is_waited_out_and_a_corrupt_one_replaced(archive, started):
    archive.camera("gate", max_days=1)
    path = archive.put_days("gate", 9)[0]
    database = archive.store.path
    archive.store.close()
    database.write_bytes(b"garbage" * 5000)
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    holder = sqlite3.connect(database.with_name("other.db"))
    holder.close()
    _process, channel = started(archive.settings())
    wait_until(lambda: beat_from(channel).state == "watching", what="a beat")
    wait_until(lambda: list(database.parent.glob("pynvr.db.corrupt-*")), what="the corrupt database set aside")
    # The new catalog knows nothing, and a camera's own limit holds what the catalog knows: nothing is deleted blindly.
    assert path.exists()


STAGES = {
    "before a span is noted": (Deletions, "add", False),
    "after the spans are noted": (Deletions, "add", True),
    "among the files": (Deleter, "_delete_one", True),
    "before the rows go": (Segments, "remove", False),
    "after the rows went": (Segments, "remove", True),
}


@pytest.mark.parametrize("stage", STAGES)
def test_after_a_kill_in_mid_deletion_the_next_cycle_puts_all_in_order(archive, monkeypatch, stage):
    archive.camera("gate", max_days=5)
    old = [archive.put("gate", f"20260120.{n // 60:02}{n % 60:02}") for n in range(600)]
    young = archive.put_days("gate", 4)
    owner, name, afterwards = STAGES[stage]
    original = getattr(owner, name)
    calls = []

    def die(*args):
        if afterwards:
            original(*args)
        calls.append(1)
        if len(calls) == (300 if name == "_delete_one" else 2):
            os.kill(os.getpid(), signal.SIGKILL)
        return None if afterwards else original(*args)

    def cycle():
        monkeypatch.setattr(owner, name, die)
        archive.reaper().cycle()

    archive.store.close()
    process = _CONTEXT.Process(target=cycle)
    process.start()
    process.join(PATIENCE_S)
    assert process.exitcode == -signal.SIGKILL
    assert any(path.exists() for path in old)
    assert not all(path.exists() for path in old)

    archive.reaper().cycle()
    assert not any(path.exists() for path in old)
    assert not old[0].parent.exists()
    assert all(path.exists() for path in young)
    assert archive.store.segments.count() == 1
    (span,) = archive.store.deletions.between(["gate"], 0, 1 << 60)["gate"]
    assert span.end_us - span.start_us == 600 * 60_000_000
    report = reindex(archive.store, [young[0].parent.parent], UTC)
    assert (report.added, report.removed) == (0, 0)


def test_it_beats_while_it_deletes(archive):
    archive.camera("gate", max_days=5)
    for n in range(1400):
        archive.put("gate", f"20260120.{n // 60:02}{n % 60:02}", size=1)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    heart = Heart(theirs)
    archive.store.close()
    thread = threading.Thread(target=run, args=(heart, archive.settings()))
    thread.start()
    ours.settimeout(PATIENCE_S)
    opening = [beat_from(ours), beat_from(ours)][1]
    assert (opening.state, opening.within_s) == ("opening", 600)
    states: list[str] = []

    def next_state() -> list[str]:
        states.append(beat_from(ours).state)
        return states

    wait_until(lambda: next_state().count("deleting") >= 5, what="beats")
    heart.stopping = True
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
