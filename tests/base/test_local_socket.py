import os
import socket
import stat

import pytest

from pynvr.base.local_socket import connect, listen


@pytest.mark.parametrize("length", [1, 200])
def test_who_knows_the_path_talks_however_long_it_is(tmp_path, length):
    folder = tmp_path / ("x" * length)
    folder.mkdir()
    with listen(folder / "talk.sock") as listener, connect(folder / "talk.sock", 30) as client:
        listener.setblocking(True)
        served, _ = listener.accept()
        with served:
            served.sendall(b"hello")
            assert client.recv(5, socket.MSG_WAITALL) == b"hello"
    assert os.listdir(folder) == ["talk.sock"]


def test_it_is_for_its_user_alone_and_leaves_the_umask_as_it_was(tmp_path):
    before = os.umask(0o022)
    try:
        with listen(tmp_path / "talk.sock"):
            assert stat.S_IMODE((tmp_path / "talk.sock").stat().st_mode) == 0o600
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_one_that_a_dead_process_left_is_in_nobodys_way(tmp_path):
    listen(tmp_path / "talk.sock").close()
    with pytest.raises(ConnectionRefusedError):
        connect(tmp_path / "talk.sock", 30)
    with listen(tmp_path / "talk.sock"):
        connect(tmp_path / "talk.sock", 30).close()


def test_without_a_folder_or_a_socket_it_is_an_error_and_nothing_stays_open(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    for path in (tmp_path / "none.sock", tmp_path / "none" / "talk.sock"):
        with pytest.raises(FileNotFoundError):
            connect(path, 30)
    with pytest.raises(FileNotFoundError):
        listen(tmp_path / "none" / "talk.sock")
    assert len(os.listdir("/proc/self/fd")) == before
