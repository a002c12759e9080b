import pytest

from pynvr.archive.marker import MARKER_NAME, check_marker, create_marker, read_marker
from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause


def test_a_marker_is_made_once_and_read_back(tmp_path):
    dst = tmp_path / "disk" / "camera"
    marker = create_marker(dst)
    assert len(marker) == 32
    assert read_marker(dst) == marker
    assert create_marker(dst) == marker
    assert [entry.name for entry in dst.iterdir()] == [MARKER_NAME]
    check_marker(dst, marker)


def test_two_disks_differ(tmp_path):
    assert create_marker(tmp_path / "a") != create_marker(tmp_path / "b")


@pytest.mark.parametrize("make", [None, "empty", "foreign"])
def test_a_missing_or_foreign_marker_is_refused_as_a_missing_disk(tmp_path, make):
    dst = tmp_path / "camera"
    if make is not None:
        dst.mkdir()
        (dst / MARKER_NAME).write_text("" if make == "empty" else "0123\n")
    with pytest.raises(DiskError, match="mounted") as caught:
        check_marker(dst, "abcd")
    assert caught.value.cause == Cause.DISK_MISSING


def test_an_unreadable_marker_is_a_disk_error(tmp_path):
    (tmp_path / MARKER_NAME).mkdir()
    with pytest.raises(DiskError) as caught:
        read_marker(tmp_path)
    assert caught.value.cause == Cause.DISK_MISSING


def test_a_file_where_the_folder_should_be_is_a_disk_that_is_missing(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError) as caught:
        create_marker(tmp_path / "file" / "gate")
    assert caught.value.cause == Cause.DISK_MISSING
