"""Chunks are found for many who ask at once, also while a disk hangs."""

import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pynvr.archive.paths import chunk_path
from pynvr.archive.writer import ChunkWriter
from pynvr.base.clock import SystemClock
from pynvr.playback import chunk_watches
from pynvr.playback.chunk_watches import ChunkWatches
from pynvr.playback.day_names import day_names
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US, make_clip
from tests.starved import without_threads
from tests.waiting import wait_until

CLIP = make_clip(count=24)
DAY = "20260310"
STAMP = f"{DAY}.1200"


def grow(dst):
    path = chunk_path(dst, "gate", STAMP)
    path.parent.mkdir(parents=True)
    writer = ChunkWriter.create(path, CLIP.tracks, ANCHOR_PTS, ANCHOR_US, 16_384)
    for frame in CLIP.frames:
        writer.append(frame)
    return writer


@pytest.fixture
def watches():
    made = ChunkWatches(SystemClock())
    yield made
    made.close()


def test_where_no_thread_can_be_started_chunks_are_found_and_let_go_of_later(tmp_path, watches, monkeypatch):
    monkeypatch.setattr(chunk_watches, "_TIDY_EVERY_S", 0.01)
    grow(tmp_path).close()
    with without_threads(monkeypatch):
        (watch,) = watches.of(tmp_path, "gate", [DAY])
    assert watches.of(tmp_path, "gate", [DAY]) == [watch]
    monkeypatch.setattr(chunk_watches, "_UNUSED_S", -1)
    wait_until(lambda: watches.find(tmp_path, "gate", STAMP) is None, 20, "it to be let go of")


def test_a_disk_that_hangs_holds_up_no_camera_of_another(tmp_path, watches, monkeypatch):
    hanging, answering = tmp_path / "hanging", tmp_path / "answering"
    grow(answering).close()
    asked, go_on = threading.Event(), threading.Event()
    listed = day_names

    def listed_when_it_answers(folder, *more):
        if folder.is_relative_to(hanging):
            asked.set()
            assert go_on.wait(60)
        return listed(folder, *more)

    monkeypatch.setattr(chunk_watches, "day_names", listed_when_it_answers)
    monkeypatch.setattr(chunk_watches, "_PATIENCE_S", 0.05)
    with ThreadPoolExecutor(3) as pool:
        try:
            stuck = pool.submit(watches.of, hanging, "gate", [DAY])
            assert asked.wait(60)
            (found,) = pool.submit(watches.of, answering, "gate", [DAY]).result(20)
            assert found.stamp == STAMP
            # Who asks the same disk isn't stuck as well.
            assert pool.submit(watches.of, hanging, "gate", [DAY]).result(20) == []
            assert not stuck.done()
        finally:
            go_on.set()


def test_a_chunk_that_takes_the_name_of_a_deleted_one_is_another(tmp_path, watches, monkeypatch):
    monkeypatch.setattr(chunk_watches, "_LISTING_S", -1.0)
    writer = grow(tmp_path)
    (first,) = watches.of(tmp_path, "gate", [DAY])
    writer.close()
    writer.path.unlink()
    writer.path.parent.rmdir()
    grow(tmp_path).close()
    (second,) = watches.of(tmp_path, "gate", [DAY])
    assert second is not first
    assert second.frames == first.frames


def test_a_chunk_that_many_ask_for_at_once_is_followed_once(tmp_path, watches):
    grow(tmp_path).close()
    with ThreadPoolExecutor(8) as pool:
        found = [one for row in pool.map(lambda _: watches.of(tmp_path, "gate", [DAY]), range(32)) for one in row]
    assert len(found) == 32
    assert len({id(one) for one in found}) == 1


def test_a_file_that_nobody_asks_for_any_more_is_let_go_of_without_another_question(tmp_path, watches, monkeypatch):
    monkeypatch.setattr(chunk_watches, "_TIDY_EVERY_S", 0.02)
    monkeypatch.setattr(chunk_watches, "_UNUSED_S", 0.1)
    for _ in range(2):  # whoever tidies ends with the last file, and begins with the next
        writer = grow(tmp_path)
        (watch,) = watches.of(tmp_path, "gate", [DAY])
        assert watch.file_bytes > 0

        def is_open(path=writer.path):
            return any(os.path.realpath(link) == str(path) for link in Path("/proc/self/fd").iterdir())

        assert is_open()
        writer.close()
        wait_until(lambda: not is_open(), what="the file to be closed")
        wait_until(lambda: watches.find(tmp_path, "gate", STAMP) is None, what="the chunk to be forgotten")
        shutil.rmtree(tmp_path / DAY)
