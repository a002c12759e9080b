"""SIGKILL at every step of finishing; whoever comes next makes exactly one good MP4 of it."""

import os
import signal

import pytest

from pynvr.archive.paths import segment_path
from pynvr.archive.reader import is_finished, read_chunk
from pynvr.base.files import write_all
from pynvr.finisher import finish, inplace
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.inplace import PAGE_BYTES, Step
from pynvr.finisher.outcome import Finished
from tests.finisher.clips import GENEROUS, STAMP, clip, samples_of, write_chunk

IN_PLACE = [
    Step.CLAIMED,
    Step.HEADER_BEHIND_FIRST_PAGE,
    Step.HEADER_SYNCED,
    Step.FIRST_PAGE,
    Step.FIRST_PAGE_SYNCED,
    Step.CHECKED,
    Step.RENAMED,
    Step.FOLDER_SYNCED,
]
REMUXED = [
    Step.CLAIMED,
    Step.COPIED,
    Step.COPY_SYNCED,
    Step.CHECKED,
    Step.RENAMED,
    Step.FOLDER_SYNCED,
    Step.CHUNK_REMOVED,
]


def die_at(path, fatal):
    """Finish in a process of its own that is killed behind the step; the steps that it came to."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:

            def witness(step):
                os.write(write, f"{step}\n".encode())
                if step is fatal:
                    os.kill(os.getpid(), signal.SIGKILL)

            finish_chunk(path, witness)
        finally:
            os._exit(0)
    os.close(write)
    _, status = os.waitpid(child, 0)
    with os.fdopen(read) as file:
        steps = file.read().splitlines()
    assert os.WIFSIGNALED(status), f"it never came to {fatal}: {steps}"
    return steps


def finish_again(tmp_path):
    """What the next start does: everything that still has a chunk's name."""
    folder = tmp_path / STAMP[:8]
    return [finish_chunk(path) for path in sorted(folder.glob("*.chunk"))]


def assert_one_good_mp4(tmp_path, source):
    names = sorted(entry.name for entry in (tmp_path / STAMP[:8]).iterdir())
    assert names == [f"gate.{STAMP}.mp4"]
    target = segment_path(tmp_path, "gate", STAMP)
    for track in source.tracks:
        assert [data for _, _, data in samples_of(target, track.kind)] == source.samples(track.number)


@pytest.mark.parametrize("kind", [{}, {"bframes": 2, "audio": True}], ids=["video", "B-frames and audio"])
@pytest.mark.parametrize("step", IN_PLACE)
def test_killed_while_finishing_in_place(tmp_path, step, kind):
    source = clip(**kind)
    path = write_chunk(tmp_path, source)
    assert die_at(path, step) == [str(s) for s in IN_PLACE[: IN_PLACE.index(step) + 1]]
    if path.exists():
        # At each moment it is a whole chunk, or a whole MP4 that lacks its name.
        if is_finished(path):
            assert [data for _, _, data in samples_of(path)] == source.samples()
        else:
            assert len(read_chunk(path).frames) == len(source.frames)
    outcomes = finish_again(tmp_path)
    assert all(isinstance(outcome, Finished) for outcome in outcomes)
    assert_one_good_mp4(tmp_path, source)


@pytest.mark.parametrize("step", REMUXED)
def test_killed_while_remuxing(tmp_path, step):
    source = clip(bframes=2, audio=True)
    path = write_chunk(tmp_path, source, reserve=0)
    assert die_at(path, step) == [str(s) for s in REMUXED[: REMUXED.index(step) + 1]]
    if path.exists():
        assert len(read_chunk(path).frames) == len(source.frames)
    outcomes = finish_again(tmp_path)
    assert all(isinstance(outcome, Finished) for outcome in outcomes)
    assert_one_good_mp4(tmp_path, source)


@pytest.mark.parametrize("step", IN_PLACE[:-2])
def test_killed_again_at_the_same_step_of_the_second_time(tmp_path, step):
    source = clip()
    path = write_chunk(tmp_path, source)
    die_at(path, step)
    die_at(path, step)
    finish_again(tmp_path)
    assert_one_good_mp4(tmp_path, source)


@pytest.mark.parametrize("written", [0, 1, 2, 3])
def test_killed_between_two_pages_of_the_header(tmp_path, monkeypatch, written):
    """The kernel writes page by page, and a kill may come between any two."""
    source = clip(frames=900, size=(64, 36))
    path = write_chunk(tmp_path, source)
    true_write = write_all

    def torn(fd, data, position):
        if position == PAGE_BYTES:
            true_write(fd, data[: written * PAGE_BYTES], position)
            os.kill(os.getpid(), signal.SIGKILL)
        true_write(fd, data, position)

    monkeypatch.setattr(inplace, "write_all", torn)
    die_at(path, None)
    monkeypatch.undo()
    assert len(read_chunk(path).frames) == len(source.frames)
    finish_again(tmp_path)
    assert_one_good_mp4(tmp_path, source)


def test_a_power_cut_that_keeps_any_mixture_of_unsynced_pages_leaves_a_chunk_or_an_mp4(tmp_path):
    """Before the first sync any of the header's pages may or may not be on disk, but never the first one."""
    source = clip(frames=900, size=(64, 36))
    reference = write_chunk(tmp_path / "whole", source)
    chunk = reference.read_bytes()
    outcome = finish_chunk(reference)
    assert isinstance(outcome, Finished)
    mp4 = outcome.path.read_bytes()
    pages = GENEROUS // PAGE_BYTES
    for mixture in (0b0, 0b10, 0b1010, 0b111110, (1 << pages) - 2):
        data = bytearray(chunk)
        for page in range(1, pages):
            if mixture >> page & 1:
                data[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = mp4[page * PAGE_BYTES : (page + 1) * PAGE_BYTES]
        folder = tmp_path / str(mixture)
        path = write_chunk(folder, source)
        path.write_bytes(data)
        assert isinstance(finish_chunk(path), Finished)
        assert segment_path(folder, "gate", STAMP).read_bytes() == mp4


def test_the_sequence_of_syncs_is_the_one_that_makes_this_true(tmp_path, monkeypatch):
    calls = []
    for name in ("pwrite", "fdatasync"):
        true_call = getattr(os, name)

        def spy(fd, *args, _name=name, _true=true_call):
            calls.append((_name, args[-1] if args else None))
            return _true(fd, *args)

        monkeypatch.setattr(os, name, spy)
    monkeypatch.setattr(finish, "sync_folder", lambda _folder: calls.append(("sync folder", None)))
    finish_chunk(write_chunk(tmp_path, clip()))
    written = calls.index(("pwrite", PAGE_BYTES))
    assert calls[written:] == [
        ("pwrite", PAGE_BYTES),
        ("fdatasync", None),
        ("pwrite", 0),
        ("fdatasync", None),
        ("sync folder", None),
    ]
