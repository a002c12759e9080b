"""A folder is tried as it will be used, and looks as before afterwards."""

import os
from pathlib import Path

import pytest

from pynvr.base.folder_trial import try_folder


def test_nothing_is_left_of_a_trial(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there/video").touch()
    try_folder(tmp_path / "there")
    try_folder(tmp_path / "there/a/b")
    assert (os.listdir(tmp_path), os.listdir(tmp_path / "there")) == (["there"], ["video"])


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300, "new/" + "x" * 300])
def test_what_can_not_be_made_or_written_into_is_told(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        try_folder(tmp_path / name)
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_the_system_does_not_make_is_told():
    with pytest.raises(OSError):
        try_folder(Path("/proc/foo"))
