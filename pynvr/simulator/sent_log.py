"""Writes down what one client is sent; cheap enough to be on for every frame."""

import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Literal, NamedTuple

from pynvr.simulator.sent import SentSession, SentUnit, Track

# About an hour of video with sound.
_KEPT_UNITS = 200_000


class _Line(NamedTuple):
    track: Track
    number: int
    sha256: str
    core_sha256: str
    size_bytes: int
    is_key: bool
    rtp_time: int
    media_time: int
    wall_us: int
    captured_us: int
    intact: bool
    end_bytes: int


class SentLog:
    """`sent_bytes` tells how much of what was put into the connection has reached the kernel."""

    def __init__(self, client: str, transport: Literal["tcp", "udp"], sent_bytes: Callable[[], int]) -> None:
        self._client = client
        self._transport = transport
        self._sent_bytes = sent_bytes
        self._began_us = _now_us()
        self._ended_us = 0
        self._end = ""
        self._lines: deque[_Line] = deque(maxlen=_KEPT_UNITS)
        self._counts: dict[Track, int] = {"video": 0, "audio": 0}

    def add(
        self,
        track: Track,
        hashes: tuple[str, str],
        times: tuple[int, int, int],
        *,
        size_bytes: int,
        is_key: bool,
        intact: bool,
        end_bytes: int,
    ) -> None:
        """`hashes`: whole and core; `times`: RTP, media, captured; `end_bytes`: of the connection, after this unit."""
        number = self._counts[track]
        self._counts[track] = number + 1
        rtp, media, captured_us = times
        self._lines.append(
            _Line(track, number, *hashes, size_bytes, is_key, rtp, media, _now_us(), captured_us, intact, end_bytes)
        )

    def end(self, reason: str) -> None:
        if not self._ended_us:
            self._ended_us, self._end = _now_us(), reason

    def session(self) -> SentSession:
        return self._session(self._lines)

    def take(self) -> SentSession:
        """The units whose way is decided: in the kernel, or lost with the session. They aren't listed again."""
        dropped = sum(self._counts.values()) - len(self._lines)
        sent = self._sent_bytes()
        taken = []
        while self._lines and (self._ended_us or self._lines[0].end_bytes <= sent):
            taken.append(self._lines.popleft())
        return replace(self._session(taken), dropped_units=dropped)

    def _session(self, lines: Collection[_Line]) -> SentSession:
        sent = self._sent_bytes()
        units = tuple(SentUnit(*line[:10], whole=line.intact and line.end_bytes <= sent) for line in lines)
        return SentSession(
            self._client,
            self._transport,
            self._began_us,
            self._ended_us,
            self._end,
            sum(self._counts.values()) - len(units),
            units,
        )


def _now_us() -> int:
    return time.time_ns() // 1000
