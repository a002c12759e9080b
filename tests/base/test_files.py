import os
import stat

import pytest

from pynvr.base.files import clear_temporaries, make_folder, write_atomic


def test_a_file_is_replaced_whole_with_the_mode_asked_for(tmp_path):
    path = tmp_path / "nvr.json"
    path.write_text("old")
    write_atomic(path, b"new", mode=0o600)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["nvr.json"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "nvr.json"
    path.write_text("old")

    def refuse(_fd):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError):
        write_atomic(path, b"new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["nvr.json"]


def test_folders_are_0750_whatever_the_umask(tmp_path):
    old = os.umask(0o077)
    try:
        make_folder(tmp_path / "a" / "b")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o750


def killed_in(write, monkeypatch):
    """What a write leaves whose process was killed just before the rename."""

    def die(*_):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(os, "replace", die)
        dying.setattr(os, "unlink", lambda _path: None)
        with pytest.raises(SystemExit):
            write()


def test_what_a_killed_process_left_half_written_goes_and_nothing_else(tmp_path, monkeypatch):
    killed_in(lambda: write_atomic(tmp_path / "status.json", b"{"), monkeypatch)
    killed_in(lambda: write_atomic(tmp_path / "other", b"x"), monkeypatch)
    left = set(os.listdir(tmp_path))
    for name in (".pynvr-disk", ".status.json.part", "status.json", ".status.json.20261121", ".status.json.original"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".status.json.folder_1.pynvr-new").mkdir()
    there = set(os.listdir(tmp_path))
    assert len(left) == 2
    assert clear_temporaries(tmp_path) == 0, "somebody may be at it"
    for path in tmp_path.iterdir():
        os.utime(path, (1000, 1000))
    assert clear_temporaries(tmp_path, lambda name: name == "status.json") == 1
    assert clear_temporaries(tmp_path, lambda name: name == "other") == 1
    assert set(os.listdir(tmp_path)) == there - left
    assert clear_temporaries(tmp_path / "nowhere") == 0
