"""Ports of this machine for tests to listen on."""

import random
import socket
from pathlib import Path

# Never given twice by this process, for whoever asked may not listen yet.
_given: set[int] = set()


def free_port() -> int:
    """Nobody listens on it, and nobody gets it by chance until it is listened on.

    It isn't one of those that the kernel gives to connections that go out and to listeners that name no port: such a
    port may be taken again before the test's program listens on it, or while a camera is switched off and on.
    """
    below = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        # Other processes of tests draw too, each for itself. (Browsers refuse to talk to some ports below these.)
        port = random.SystemRandom().randrange(11_000, below if below > 12_000 else 65_536)
        if port in _given or not _can_be_listened_on(port):
            continue
        _given.add(port)
        return port


def _can_be_listened_on(port: int) -> bool:
    try:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
