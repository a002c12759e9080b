import os
import socket
from pathlib import Path

from pynvr.base.notify import Notifier


def test_words_reach_the_service_manager(tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"})
        notifier.tell(READY=1, STATUS="64 cameras record")
        assert manager.recv(1000) == b"READY=1\nSTATUS=64 cameras record"
        assert notifier.watchdog_s == 30


def test_an_abstract_socket_is_understood():
    name = f"pynvr-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name)
        manager.settimeout(5)
        Notifier({"NOTIFY_SOCKET": f"@{name}"}).tell(WATCHDOG=1)
        assert manager.recv(1000) == b"WATCHDOG=1"


def test_without_a_service_manager_nothing_happens(tmp_path: Path):
    Notifier({}).tell(READY=1)
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell(READY=1)
    assert Notifier({}).watchdog_s is None
    assert Notifier({"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}).watchdog_s is None
