import os
import stat

import pytest

from pynvr.base.new_file import new_file


def write(path, data, **how):
    with new_file(path, **how) as fd:
        os.write(fd, data)


def test_it_has_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "a.mp4"
    with new_file(path, mode=0o604) as fd:
        os.write(fd, b"video")
        assert not path.exists()
    assert path.read_bytes() == b"video"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert os.listdir(tmp_path) == ["a.mp4"]


def test_what_fails_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), new_file(tmp_path / "a.mp4"):
        raise RuntimeError("half-way")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("has_links", [True, False])
def test_another_file_is_overwritten_only_if_that_is_wanted(tmp_path, monkeypatch, has_links):
    if not has_links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError()))
    path = tmp_path / "a.mp4"
    write(path, b"first")
    with pytest.raises(FileExistsError):
        write(path, b"second")
    assert path.read_bytes() == b"first"
    write(path, b"third", overwrite=True)
    assert path.read_bytes() == b"third"
    assert os.listdir(tmp_path) == ["a.mp4"]
