import os
import socket

import pytest

from pynvr.web.listening import ListenError, listen
from tests.ports import free_port


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def closed(sockets):
    names = [one.getsockname()[0] for one in sockets]
    for one in sockets:
        one.close()
    return names


def test_localhost_is_every_loopback_that_is_there():
    assert sorted(closed(listen("localhost", free_port()))) == ["127.0.0.1", *(["::1"] if has_ipv6() else [])]


def test_everywhere_is_one_socket():
    assert closed(listen("0.0.0.0", free_port())) == ["0.0.0.0"]


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_everywhere_of_ipv6_takes_ipv4_too():
    sockets = listen("::", free_port())
    with socket.create_connection(("127.0.0.1", sockets[0].getsockname()[1]), 5):
        pass
    closed(sockets)


def test_a_port_in_use_is_said_and_nothing_stays_open():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ListenError, match=rf"can't listen on 127.0.0.1:{port}: another program uses port {port}"):
            listen("localhost", port)
    closed(listen("localhost", port))


@pytest.mark.parametrize("host", ["192.0.2.77", "no-such-host.invalid", "a" * 70 + ".x"])
def test_a_host_that_isnt_ours_is_said(host):
    with pytest.raises(ListenError, match=r"can't listen on .*\(system\.server\.host\)"):
        listen(host, free_port())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use any port")
def test_a_port_for_root_alone_is_said():
    with pytest.raises(ListenError, match="only root"):
        listen("127.0.0.1", 80)
