import errno
import os
import socket
from typing import cast

from pynvr.base.heart import Beat, Heart


def pair():
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def test_a_beat_arrives_as_it_was_sent():
    master, child = pair()
    beat = Beat("recording", 15.0, figures={"frames": 3}, facts={"codec": "h264"}, detail="ü")
    Heart(child).beat(beat)
    assert Beat.from_bytes(master.recv(65536)) == beat


def test_a_master_that_does_not_read_never_blocks_the_child():
    _master, child = pair()
    heart = Heart(child)
    for _ in range(100_000):
        heart.beat(Beat("recording", 15.0))
    assert not heart.stopping


def test_a_child_whose_master_is_gone_is_told_to_stop():
    master, child = pair()
    heart = Heart(child)
    master.close()
    heart.beat(Beat("recording", 15.0))
    assert heart.stopping


def test_a_machine_short_of_memory_loses_a_beat_and_no_child():
    class Channel:
        def setblocking(self, _blocking):
            pass

        def send(self, _data):
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))

    heart = Heart(cast(socket.socket, Channel()))
    heart.beat(Beat("recording", 15.0))
    assert not heart.stopping


def test_a_detail_too_long_for_a_datagram_is_cut():
    master, child = pair()
    Heart(child).beat(Beat("waiting", 1.0, detail="x" * 1_000_000))
    assert len(Beat.from_bytes(master.recv(65536)).detail) == 2000
