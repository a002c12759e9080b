"""The kernel tells what it lost for nobody read it."""

import socket

from pynvr.media.udp_losses import lost_packets


def test_packets_that_found_no_room_are_counted_and_those_of_other_processes_and_kinds_are_not():
    before = lost_packets()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader, socket.socket(socket.AF_INET) as stream:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.bind(("127.0.0.1", 0))
        stream.bind(("127.0.0.1", 0))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as writer:
            writer.sendto(b"x", reader.getsockname())
            assert lost_packets() == before
            for _ in range(100):
                writer.sendto(bytes(1000), reader.getsockname())
        lost = lost_packets() - before
        reader.setblocking(False)
        read = 0
        while True:
            try:
                reader.recv(2000)
            except BlockingIOError:
                break
            read += 1
        assert lost > 0 and lost + read == 101
    assert lost_packets() == before


def test_where_it_can_not_be_told_nothing_was_lost(monkeypatch):
    def refuse(_folder):
        raise PermissionError

    monkeypatch.setattr("os.listdir", refuse)
    assert lost_packets() == 0
