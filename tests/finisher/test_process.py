"""The finisher as a process: it notices, finishes, catches up, survives, stops."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from PIL import Image

from pynvr.archive.index import read_records
from pynvr.archive.journal import JournalWriter
from pynvr.archive.paths import chunk_path, index_path, preview_path, segment_path, thumbnail_path
from pynvr.archive.reader import read_chunk
from pynvr.base.clock import SystemClock
from pynvr.base.heart import Beat
from pynvr.finisher import picture, process
from pynvr.finisher.backlog import ChunkTask
from pynvr.finisher.comparison import Comparison
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.outcome import Finished
from pynvr.finisher.process import Finisher
from pynvr.media.still import decode_stored
from pynvr.model.cause import Cause, Transition
from pynvr.model.stamp import stamp_of, stamp_start_us
from pynvr.store.bygone import AT_ONCE, Bygone
from pynvr.store.store import Store
from tests.finisher.clips import clip, samples_of, write_chunk
from tests.finisher.running import ZONE, running_finisher, settings_of, wait_for_beat
from tests.starved import without_threads
from tests.waiting import PATIENCE_S, wait_until


def now_stamp():
    return stamps_before_now(0)[0]


def stamps_before_now(*back_s):
    """Of these moments before one and the same, for the clock may be just before a new minute."""
    now_us = time.time_ns() // 1000
    return [stamp_of(now_us - seconds * 1_000_000, ZONE) for seconds in back_s]


def write_true_chunk(dst, stamp):
    """As `write_chunk`, recorded at the time in its name."""
    return write_chunk(dst, clip(), stamp=stamp, start_us=stamp_start_us(stamp, ZONE))


def is_idle(running):
    return running.figure("pictures_left") == 0


def stored(settings, camera_id="gate"):
    with Store.open(settings.system.database) as store:
        return store.segments.in_range([camera_id], 0, 1 << 60)


def everything_of(settings, stamp, camera_id="gate"):
    dst = settings.camera(camera_id).dst
    cache = settings.system.jpg_cache_dir
    paths = (
        segment_path(dst, camera_id, stamp),
        preview_path(cache, camera_id, stamp),
        thumbnail_path(cache, camera_id, stamp),
    )
    records = read_records(index_path(dst, camera_id, stamp[:8]))
    return all(path.exists() for path in paths) and any(
        record.stamp == stamp and record.signature for record in records
    )


def locked(database):
    """A process that holds the database's write lock (SQLite's locks don't outlive a fork well)."""
    program = "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    program += "c.execute('begin exclusive'); print('held', flush=True); time.sleep(600)"
    holder = subprocess.Popen([sys.executable, "-c", program, database], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    return holder


def test_opening_the_database_may_take_longer_than_a_turn(tmp_path):
    beats: list[Beat] = []
    finisher = Finisher(settings_of(tmp_path), SystemClock())
    try:
        finisher.turn(SimpleNamespace(beat=beats.append))  # type: ignore[arg-type]  # a fake
    finally:
        finisher.close()
    # A turn that begins with a database to be opened; one that is damaged is checked and restored there.
    assert beats[0].within_s == 600


def test_who_looks_for_what_was_left_says_so_folder_by_folder(tmp_path, monkeypatch):
    beats: list[Beat] = []
    heard: list[int] = []
    clock = SimpleNamespace(now_us=SystemClock().now_us, monotonic_s=lambda: 100.0 * len(heard))

    def look(*_):
        heard.append(len(beats))
        return False

    monkeypatch.setattr("pynvr.finisher.work.Work.look", look)
    heart: Any = SimpleNamespace(beat=beats.append)
    Finisher(settings_of(tmp_path), cast("Any", clock), heart).close()
    assert len(heard) > 1
    assert heard == list(range(1, len(heard) + 1))


def test_a_run_folder_that_can_not_be_read_ends_nothing_and_is_told_once(tmp_path, monkeypatch, caplog):
    settings = settings_of(tmp_path)
    settings.system.run_dir.mkdir()
    iterdir = Path.iterdir

    def failing(folder):
        if folder == settings.system.run_dir:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))
        return iterdir(folder)

    monkeypatch.setattr(Path, "iterdir", failing)
    monkeypatch.setattr(process, "_CAUSES_EVERY_S", 0.0)
    finisher = Finisher(settings, SystemClock())
    try:
        for _ in range(3):
            finisher.turn(cast(Any, SimpleNamespace(beat=lambda _beat: None)))
    finally:
        finisher.close()
    assert caplog.text.count(f"{settings.system.run_dir} can't be read: Input/output error") == 1


def test_a_stop_before_its_turn_came_finishes_what_a_power_cut_left_without_pages_never_written(tmp_path):
    settings = settings_of(tmp_path)
    dst, stamp = tmp_path / "gate", now_stamp()
    path = write_chunk(dst, clip(), stamp=stamp)
    frames = read_chunk(path).frames
    edges = [(frame.offset + frame.size - 16) // 4096 * 4096 for frame in frames]
    number = next(n for n, frame in enumerate(frames) if n and frame.offset + 5 < edges[n])
    with path.open("r+b") as file:
        file.truncate(edges[number])
        file.truncate(edges[number] + 4096)
    assert len(read_chunk(path).frames) == number + 1, "the blank one looks whole"
    finisher = Finisher(settings, SystemClock())
    try:
        finisher.finish_rest(cast(Any, SimpleNamespace(beat=lambda _beat: None)))
    finally:
        finisher.close()
    assert [data for _, _, data in samples_of(segment_path(dst, "gate", stamp))] == clip().samples()[:number]


def test_what_was_left_is_forced_before_anything_is_finished_and_what_is_closed_later_too(tmp_path, monkeypatch):
    forced: list[Path] = []
    monkeypatch.setattr("pynvr.finisher.forcing.force_chunks", forced.extend)
    path = write_chunk(tmp_path / "gate", clip(), stamp=now_stamp())
    finisher = Finisher(settings_of(tmp_path), SystemClock())
    try:
        wait_until(lambda: forced == [path], what="what was left")
        with path.open("ab"):
            pass
        finisher._take_closed(5)
        wait_until(lambda: forced == [path, path], what="what was closed")
    finally:
        finisher.close()


def test_a_disk_that_does_not_answer_keeps_no_other_from_being_forced(tmp_path, monkeypatch):
    forced: list[Path] = []
    answers = threading.Event()

    def force(paths):
        for path in paths:
            if path.name.startswith("gate."):
                answers.wait(PATIENCE_S)
            forced.append(path)

    monkeypatch.setattr("pynvr.finisher.forcing.force_chunks", force)
    stamp = now_stamp()
    stuck, path = (write_chunk(tmp_path / name, clip(), camera_id=name, stamp=stamp) for name in ("gate", "yard"))
    finisher = Finisher(settings_of(tmp_path, "gate", "yard"), SystemClock())
    try:
        wait_until(lambda: forced == [path], what="what was left on the other disk")
        answers.set()
        wait_until(lambda: forced == [path, stuck], what="what was left on the first one")
    finally:
        answers.set()
        finisher.close()


def test_a_machine_that_can_start_no_thread_finishes_nevertheless(tmp_path, monkeypatch):
    settings = settings_of(tmp_path)
    stamp = now_stamp()
    write_chunk(tmp_path / "gate", clip(), stamp=stamp)
    beats: list[Beat] = []
    heart: Any = SimpleNamespace(beat=beats.append)
    with without_threads(monkeypatch):
        finisher = Finisher(settings, SystemClock())
        try:
            finisher.turn(heart)
            finisher.finish_rest(heart)
        finally:
            finisher.close()
    assert segment_path(tmp_path / "gate", "gate", stamp).exists()
    assert not finisher._is_compared  # it is tried again
    assert "can't start new thread" in finisher._backup.failure


def test_a_comparison_is_told_but_not_as_trouble(tmp_path):
    beats: list[Beat] = []
    finisher = Finisher(settings_of(tmp_path), SystemClock())
    try:
        finisher._comparison.progress = "day 1 of 400"
        finisher._beat(SimpleNamespace(beat=beats.append))  # type: ignore[arg-type]  # a fake
    finally:
        finisher.close()
    assert (beats[0].detail, beats[0].facts) == ("", {"doing": "day 1 of 400"})


def test_rows_from_before_all_recordings_are_joined_when_the_catalog_is_known_then_hourly(tmp_path, monkeypatch):
    asked: list[int] = []
    left = [AT_ONCE, AT_ONCE, 3]

    def join(_self: Bygone, most: int) -> int:
        asked.append(most)
        return left[len(asked) - 1]

    monkeypatch.setattr(Bygone, "join", join)
    at_s = [1000.0]
    clock = SimpleNamespace(now_us=SystemClock().now_us, monotonic_s=lambda: at_s[0])
    finisher = Finisher(settings_of(tmp_path), cast("Any", clock))
    try:
        monkeypatch.setattr(Comparison, "is_done", False)
        finisher._tend_old_rows()  # it makes the database, with which the tree is to be compared
        finisher._is_compared = True
        finisher._tend_old_rows()
        assert asked == []
        monkeypatch.setattr(Comparison, "is_done", True)
        for later_s, times in [(0, 1), (0.5, 1), (1, 2), (2, 3), (3, 3), (3000, 3)]:
            at_s[0] = 1000.0 + later_s
            finisher._tend_old_rows()
            assert len(asked) == times, later_s
    finally:
        finisher.close()


def test_a_chunk_is_finished_when_its_writer_lets_go_of_it(tmp_path):
    settings = settings_of(tmp_path)
    stamp = now_stamp()
    source = clip()
    path, writer = write_chunk(tmp_path / "gate", source, stamp=stamp, close=False)
    with running_finisher(settings) as running:
        wait_for_beat(running)
        assert path.exists()
        writer.close()
        wait_until(lambda: everything_of(settings, stamp), what="MP4, pictures and record")
        (row,) = wait_until(lambda: stored(settings), what="the row")
    assert not path.exists()
    assert [data for _, _, data in samples_of(segment_path(tmp_path / "gate", "gate", stamp))] == source.samples()
    assert (row.frames, row.codec, row.width, row.height) == (50, "h264", 320, 180)
    assert (row.stamp, row.dst, row.end_us - row.start_us) == (stamp, str(tmp_path / "gate"), 2_000_000)
    assert len(row.activity) == 2
    (record,) = read_records(index_path(tmp_path / "gate", "gate", stamp[:8]))
    assert (record.activity, record.start_us, len(record.signature)) == (row.activity, row.start_us, 64 * 36 * 3 // 2)
    assert Image.open(preview_path(settings.system.jpg_cache_dir, "gate", stamp)).size == (320, 180)
    assert Image.open(thumbnail_path(settings.system.jpg_cache_dir, "gate", stamp)).size == (320, 180)


def test_a_day_folder_that_appears_later_is_watched(tmp_path):
    settings = settings_of(tmp_path)
    with running_finisher(settings) as running:
        wait_for_beat(running)
        stamp = now_stamp()
        write_chunk(tmp_path / "gate", clip(), stamp=stamp)
        wait_until(lambda: everything_of(settings, stamp), what="the first segment of the day")


def test_a_chunk_begun_in_a_day_that_the_clock_has_left_meanwhile_is_finished(tmp_path):
    settings = settings_of(tmp_path)
    # The clock was set just before the finisher first looked at it; the recorder hasn't noticed and goes on.
    first = write_chunk(tmp_path / "gate", clip(), stamp="20250101.0900")
    with running_finisher(settings) as running:
        wait_until(lambda: running.figure("finished") == 1, what="the first chunk")
        second, writer = write_chunk(tmp_path / "gate", clip(), stamp="20250101.0901", close=False)
        writer.close()
        wait_until(lambda: running.figure("finished") == 2, what="the second")
    assert not first.exists() and not second.exists()


def test_a_recorder_that_is_killed_leaves_a_chunk_that_is_finished_at_once(tmp_path):
    settings = settings_of(tmp_path)
    stamp = now_stamp()
    path, writer = write_chunk(tmp_path / "gate", clip(), stamp=stamp, close=False)
    holder = os.fork()
    if holder == 0:
        signal.pause()
    # The child shares the lock; the parent's descriptor goes without giving it back.
    os.close(writer._fd)
    with running_finisher(settings) as running:
        wait_until(lambda: running.figure("chunks_left") == 0, what="a look around")
        assert path.exists()
        os.kill(holder, signal.SIGKILL)
        os.waitpid(holder, 0)
        wait_until(lambda: everything_of(settings, stamp), what="the killed recorder's segment")


def test_how_much_is_left_to_finish_is_told_when_it_is_much(tmp_path):
    beats: list[Beat] = []
    finisher = Finisher(settings_of(tmp_path), SystemClock())
    try:
        for number in range(300):
            finisher._backlog.add(ChunkTask(tmp_path / f"gate.20250101.{number:04}.chunk"), fresh=False)
        finisher._beat(SimpleNamespace(beat=beats.append))  # type: ignore[arg-type]  # a fake
    finally:
        finisher.close()
    said = "300 chunks that were left are still to be finished"
    assert (beats[0].detail, beats[0].facts) == ("", {"doing": said})


def test_hundreds_of_left_chunks_are_finished_and_new_minutes_go_first(tmp_path):
    settings = settings_of(tmp_path)
    template = write_chunk(tmp_path / "gate", clip(), stamp="20250101.0000")
    count = 600
    for number in range(1, count):
        stamp = f"202501{2 + number // 144:02d}.{number % 144 // 6:02d}{number % 6 * 10:02d}"
        target = chunk_path(tmp_path / "gate", "gate", stamp)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(template, target)
    stamp = now_stamp()
    with running_finisher(settings) as running:
        wait_until(lambda: any((tmp_path / "gate").glob("2025*/*.mp4")), what="the first of the backlog")
        # So that it can't be through with all of them before the new minute comes.
        os.kill(running.process.pid, signal.SIGSTOP)
        left = list((tmp_path / "gate").glob("2025*/*.chunk"))
        write_chunk(tmp_path / "gate", clip(), stamp=stamp)
        os.kill(running.process.pid, signal.SIGCONT)
        wait_until(lambda: everything_of(settings, stamp), what="the new minute")
        wait_until(lambda: running.figure("finished") == count + 1, timeout_s=120, what="all chunks")
        wait_until(lambda: running.figure("pictures_left") == 0, timeout_s=120, what="all pictures")
        wait_until(lambda: running.figure("rows_waiting") == 0, what="all rows")
    assert len(left) > 10, "the backlog was done before the new minute came, so this shows nothing"
    finished_ns = segment_path(tmp_path / "gate", "gate", stamp).stat().st_ctime_ns
    after = [path for path in left if path.with_suffix(".mp4").stat().st_ctime_ns > finished_ns]
    assert len(after) > len(left) / 2, "the new minute waited"
    assert list((tmp_path / "gate").glob("*/*.chunk")) == []
    assert len(list((tmp_path / "gate").glob("*/*.mp4"))) == count + 1
    assert len(stored(settings)) == count + 1
    assert len(list(settings.system.jpg_cache_dir.glob("*/*.thumbnail.*"))) == count + 1


def test_stopping_finishes_what_was_let_go_and_leaves_what_grows(tmp_path):
    settings = settings_of(tmp_path, "gate", "door")
    stamps = stamps_before_now(*(60 * n for n in range(1, 30)))
    for stamp in stamps:
        # Just after midnight the folder of yesterday is known, as it is there since yesterday.
        (tmp_path / "gate" / stamp[:8]).mkdir(exist_ok=True)
    grown, writer = write_chunk(tmp_path / "door", clip(), "door", stamp=now_stamp(), close=False)
    with running_finisher(settings) as running:
        wait_for_beat(running)
        os.kill(running.process.pid, signal.SIGSTOP)
        for stamp in stamps:
            write_true_chunk(tmp_path / "gate", stamp)
        os.kill(running.process.pid, signal.SIGTERM)
        os.kill(running.process.pid, signal.SIGCONT)
        running.process.join(PATIENCE_S)
        assert running.process.exitcode == 0
    assert not list(settings.system.jpg_cache_dir.glob("*/*.jpg")), "the stop waited for pictures"
    assert grown.exists()
    writer.close()
    assert {path.name for path in (tmp_path / "gate").glob("*/*.mp4")} == {f"gate.{stamp}.mp4" for stamp in stamps}
    assert len(stored(settings)) == len(stamps)
    indexed = {
        record.stamp
        for day in {stamp[:8] for stamp in stamps}
        for record in read_records(index_path(tmp_path / "gate", "gate", day))
    }
    assert indexed == set(stamps)
    with running_finisher(settings):
        wait_until(
            lambda: all(everything_of(settings, stamp) for stamp in stamps), what="the pictures that were left out"
        )


def test_what_a_death_left_undone_behind_the_name_is_done_at_the_next_start(tmp_path):
    settings = settings_of(tmp_path)
    (stamp,) = stamps_before_now(3600)
    assert isinstance(finish_chunk(write_true_chunk(tmp_path / "gate", stamp)), Finished)
    with running_finisher(settings):
        wait_until(lambda: everything_of(settings, stamp), what="pictures and record")
        wait_until(lambda: stored(settings), what="the row")


def test_a_locked_database_delays_rows_and_nothing_else(tmp_path):
    settings = settings_of(tmp_path)
    Store.open(settings.system.database).close()
    holder = locked(settings.system.data_dir / "nvr.db")
    stamps = stamps_before_now(0, 60, 120)
    with running_finisher(settings) as running:
        wait_for_beat(running)
        for stamp in stamps:
            write_chunk(tmp_path / "gate", clip(), stamp=stamp)
        for stamp in stamps:
            wait_until(partial(everything_of, settings, stamp), what="all but the row")
        wait_until(lambda: "rows wait" in running.listen().detail, what="the reason in the status")
        wait_until(lambda: running.figure("rows_waiting") == 3, what="all rows to wait")
        holder.kill()
        holder.wait()
        wait_until(lambda: running.figure("rows_waiting") == 0, what="the rows")
        wait_until(lambda: "rows wait" not in running.listen().detail, what="the end of the complaint")
    assert {row.stamp for row in stored(settings)} == set(stamps)


def test_causes_reach_the_database(tmp_path):
    settings = settings_of(tmp_path)
    settings.system.run_dir.mkdir(parents=True)
    journal = JournalWriter(settings.system.run_dir)
    told = [Transition("gate", 1_000_000 * n, Cause.UNREACHABLE, f"try {n}") for n in range(1, 4)]
    journal.append(told[:2], time.time_ns() // 1000)
    with running_finisher(settings) as running:
        wait_for_beat(running)
        journal.append(told[2:], time.time_ns() // 1000)

        def known():
            with Store.open(settings.system.database) as store:
                return store.causes.between(["gate"], 1, 1 << 60)["gate"]

        wait_until(lambda: known() == told, what="all transitions")


def test_a_bad_chunk_shows_in_the_status_and_is_tried_once(tmp_path):
    settings = settings_of(tmp_path)
    stamp, other = stamps_before_now(0, 60)
    path = chunk_path(tmp_path / "gate", "gate", stamp)
    path.parent.mkdir()
    path.write_bytes(b"this was never a chunk, whatever its name says")
    with running_finisher(settings) as running:
        wait_until(lambda: running.figure("bad") == 1, what="the bad one")
        assert ".bad" in running.listen().detail

        def problems():
            with Store.open(settings.system.database) as store:
                return store.problems.all()

        (problem,) = wait_until(problems, what="the problem's row")
        assert problem.path == path.with_suffix(".bad") and "not a chunk" in problem.reason
        written_ns = problem.path.stat().st_ctime_ns
        write_chunk(tmp_path / "gate", clip(), stamp=other)
        wait_until(lambda: everything_of(settings, other), what="another")
        assert problem.path.stat().st_ctime_ns == written_ns
    with running_finisher(settings) as running:
        wait_until(lambda: running.figure("bad") == 1, what="the bad one after a restart")


def test_a_keyframe_that_kills_the_decoder_costs_its_preview_only(tmp_path):
    settings = settings_of(tmp_path)
    deadly, harmless = stamps_before_now(600, 660)
    for stamp in (deadly, harmless):
        write_true_chunk(tmp_path / "gate", stamp)

    def decode(path, *args):
        if deadly in path.name:
            os.kill(os.getpid(), signal.SIGKILL)
        return decode_stored(path, *args)

    def before():
        setattr(picture, "decode_stored", decode)  # noqa: B010

    with running_finisher(settings, before) as running:
        running.process.join(PATIENCE_S)
        assert running.process.exitcode == -signal.SIGKILL
    assert segment_path(tmp_path / "gate", "gate", deadly).exists()
    for _ in range(2):
        with running_finisher(settings, before) as running:
            wait_until(lambda: everything_of(settings, harmless), what="the other segment")
            wait_until(lambda: len(stored(settings)) == 2, what="both rows")
            wait_until(partial(is_idle, running), what="the end of the work")
            assert running.process.is_alive()
            assert running.stop() == 0
    records = read_records(index_path(tmp_path / "gate", "gate", deadly[:8]))
    assert {record.stamp: bool(record.signature) for record in records} == {deadly: False, harmless: True}
