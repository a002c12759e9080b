"""Clients of the simulator: what PyAV is given by a URL."""

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import av

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import SentUnit, hash_annexb
from tests.waiting import PATIENCE_S

SMALL: dict[str, Any] = {"width": 192, "height": 108, "fps": 50, "gop_s": 0.2, "loop_s": 0.4, "bitrate_kbps": 300}


# Ticks of 90 kHz from frame to frame.
STEP = 1800


def small(name: str = "gate", **settings: Any) -> SimulatedCamera:
    """A camera that costs little: 192x108, 50 frames a second, a loop of 20 frames with two GOPs."""
    return SimulatedCamera(name, **{**SMALL, **settings})


@contextmanager
def watching(
    url: str, transport: str = "tcp", timeout_s: float = PATIENCE_S, open_within_s: float = PATIENCE_S
) -> Iterator[av.container.InputContainer]:
    """The opened stream; a silence of `timeout_s` is an error then, as in the recorder."""
    # Without these, libav looks at seconds of a stream before it gives the first packet.
    quick = {"rtsp_transport": transport, "analyzeduration": "300000", "fpsprobesize": "2"}
    with av.open(url, options=quick, timeout=(open_within_s, timeout_s)) as container:
        yield container


def take(container: av.container.InputContainer, count: int, kind: str = "video") -> list[Any]:
    """The next packets of this kind."""
    wanted = (packet for packet in container.demux() if packet.stream.type == kind and packet.size)
    return list(itertools.islice(wanted, count))


def cores(packets: list[Any], codec: str = "h264") -> list[str]:
    return [hash_annexb(bytes(packet), codec) for packet in packets]


def follow_each_other(received: list[str], sent: list[SentUnit]) -> bool:
    """Whether what came is, from its first one on, exactly what was sent: none missing, none twice."""
    hashes = [unit.core_sha256 for unit in sent]
    # A loop sends equal frames again, so the place has to be the first.
    start = hashes.index(received[0]) if received[0] in hashes else len(hashes)
    return hashes[start : start + len(received)] == received


@contextmanager
def raw_playing(url: str) -> Iterator[socket.socket]:
    """A bare TCP connection that plays the video and reads only what the test reads: it tells FIN from RST, which
    libav does not."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), timeout=PATIENCE_S) as client:
        transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
        client.sendall(f"SETUP {url}/video RTSP/1.0\r\nCSeq: 1\r\n{transport}\r\n\r\n".encode())
        session = client.recv(4096).decode().split("Session: ")[1].split(";")[0]
        client.sendall(f"PLAY {url} RTSP/1.0\r\nCSeq: 2\r\nSession: {session}\r\n\r\n".encode())
        assert client.recv(12) == b"RTSP/1.0 200"
        yield client


def read_to_end(client: socket.socket) -> int:
    """Bytes until the camera's FIN; raises ConnectionResetError on RST."""
    count = 0
    while data := client.recv(65536):
        count += len(data)
    return count
