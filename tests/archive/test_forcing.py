"""What a killed recorder left outlives a disk that fails, from the moment at which somebody forced it."""

import os
import signal

import pytest

from pynvr.archive import forcing
from pynvr.archive.forcing import force_chunks, left_chunks
from pynvr.archive.reader import read_chunk
from pynvr.archive.writer import ChunkWriter
from tests.archive.building import ANCHOR_PTS, ANCHOR_US, AUDIO, VIDEO, picture, write_chunk
from tests.torture.disk import LoopDisk

STAMP = "20251009.0853"
FRAMES = [picture(number, is_key=number % 8 == 0, length=3000) for number in range(24)]


def leave(path):
    """As a recorder that is killed: its last frames came since the last sync."""
    child = os.fork()
    if child == 0:
        try:
            writer = ChunkWriter.create(path, (VIDEO, AUDIO), ANCHOR_PTS, ANCHOR_US, 4096)
            for frame in FRAMES[:10]:
                writer.append(frame)
            writer.sync()
            for frame in FRAMES[10:]:
                writer.append(frame)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return path


@pytest.mark.parametrize("is_forced", [True, False])
def test_all_of_it_is_there_after_the_disk_failed(tmp_path, is_forced):
    disk = LoopDisk(tmp_path / "image", tmp_path / "disk", 16)
    try:
        folder = disk.folder / "gate" / "20251009"
        (disk.folder / "gate").mkdir()
        path = leave(folder / f"gate.{STAMP}.chunk")
        if is_forced:
            assert force_chunks(left_chunks([folder])) == 1
        disk.fail()
        disk.put_right()
        # Without: this disk takes what its kernel holds, as a power cut does.
        assert len(read_chunk(path, proven=True).frames) == (24 if is_forced else 10)
    finally:
        disk.close()


def test_what_was_let_go_of_in_order_costs_no_sync(tmp_path, monkeypatch):
    syncs = []
    monkeypatch.setattr(os, "fdatasync", lambda fd: syncs.append(os.readlink(f"/proc/self/fd/{fd}")))
    path = tmp_path / "20251009" / f"gate.{STAMP}.chunk"
    writer = ChunkWriter.create(path, (VIDEO, AUDIO), ANCHOR_PTS, ANCHOR_US, 4096)
    writer.append(FRAMES[0])
    writer.sync()
    writer.close()
    syncs.clear()
    assert force_chunks([path]) == 0
    left = leave(path.with_name(f"gate.{STAMP}01.chunk"))
    assert force_chunks([path, left, path.with_name("gate.20251009.0900.chunk")]) == 1
    assert syncs == [str(left)]


def test_the_newest_of_each_camera_are_found_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(forcing, "_NEWEST", 2)
    for number, name in enumerate(
        ("gate.20251009.0853", "gate.20251010.0001", "gate.20251009.0854", "gates.20251009.0853")
    ):
        path = tmp_path / name.split(".")[1] / f"{name}.chunk"
        write_chunk(path, FRAMES[:1])
        os.utime(path, (number, number))
    for name in ("gate.20251009.0855.mp4", "gate.index", "gate.20251009.0856.chunk.new", "gate.chunk", "x.chunk"):
        (tmp_path / "20251009" / name).touch()
    folders = [tmp_path / "20251009", tmp_path / "20251010", tmp_path / "20251011"]
    found = [path.name for path in left_chunks(folders, "gate")]
    assert found == ["gate.20251009.0854.chunk", "gate.20251010.0001.chunk"]
    assert [path.name for path in left_chunks(folders)] == [*found, "gates.20251009.0853.chunk"]


def test_a_disk_that_refuses_is_told_and_the_others_are_forced(tmp_path, monkeypatch, caplog):
    bad, good = (leave(tmp_path / name / "20251009" / f"{name}.{STAMP}.chunk") for name in folders_in(tmp_path))
    fdatasync = os.fdatasync

    def refuse(fd):
        if os.readlink(f"/proc/self/fd/{fd}") == str(bad):
            raise OSError(5, "Input/output error")
        fdatasync(fd)

    monkeypatch.setattr(os, "fdatasync", refuse)
    assert force_chunks([bad, good]) == 1
    assert f"{bad} was left, and can't be forced to disk: Input/output error" in caplog.text


def folders_in(folder):
    for name in ("gate", "yard"):
        (folder / name).mkdir()
        yield name
