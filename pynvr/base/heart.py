"""A child's side of supervision: beats to the master, and the wish to stop coming back.

The channel is one non-blocking SOCK_SEQPACKET pair: a beat is one JSON datagram, dropped when the master is
slow, for nothing may block a recorder. When the master is gone, the child is told to stop. What a child asks of the
master goes the same way (`wishes.py`).
"""

import json
import math
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any

from pynvr.base.wishes import Wishes

# A datagram longer than this is a programming error; the detail is cut to keep below it.
_LONGEST_DETAIL = 2000


@dataclass(frozen=True, slots=True)
class Beat:
    """What a child says of itself.

    `within_s`: the next beat comes within this time, or the child hangs and is killed.
    `cause`: value of a `Cause`, for recorders; why nothing is recorded now, empty while recording.
    `figures`: numbers for the status, by name (`frames`, `bytes`, `keyframes`, …).
    `facts`: words for the status, by name (`codec`, `size`, …). A helper's `detail` is taken for trouble that needs a
    person; what it is just busy with is the fact `doing`.
    `wants`: names of what should be there besides, as long as the beats say so (`Wishes.wanted`).
    """

    state: str
    within_s: float
    cause: str = ""
    detail: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    wants: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        # Not by `asdict`: it copies deeply, and a recorder beats every second of its life.
        words = {"state": self.state, "within_s": self.within_s, "cause": self.cause, "detail": self.detail}
        more = {"wants": self.wants} if self.wants else {}
        return json.dumps(words | {"figures": dict(self.figures), "facts": dict(self.facts)} | more).encode()

    @staticmethod
    def from_bytes(data: bytes) -> "Beat":
        """Raises ValueError or TypeError if it is none."""
        return Beat.from_json(json.loads(data))

    @staticmethod
    def from_json(found: Any) -> "Beat":  # Any: JSON, checked here
        """Raises TypeError if it is none: whatever a child has become, it doesn't take the master with it."""
        beat = Beat(**found)
        texts = (beat.state, beat.cause, beat.detail, *beat.facts, *beat.facts.values(), *beat.figures, *beat.wants)
        numbers = (beat.within_s, *beat.figures.values())
        if not all(isinstance(text, str) for text in texts) or not all(isinstance(one, int | float) for one in numbers):
            raise TypeError("not what a child says of itself")
        if not math.isfinite(beat.within_s):
            raise TypeError("a promise without a time")
        return replace(beat, wants=tuple(beat.wants)) if beat.wants else beat  # JSON knows lists alone


class Heart:
    """Handed to each child's `run(heart, …)`; `stopping` turns true on SIGTERM or when the master is gone."""

    def __init__(self, channel: socket.socket) -> None:
        channel.setblocking(False)
        self._channel = channel
        self.stopping = False

    def listen_to_signals(self) -> None:
        """SIGTERM asks to stop, also one that came before; SIGINT (the terminal's, meant for the master) is ignored."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def beat(self, beat: Beat) -> None:
        if len(beat.detail) > _LONGEST_DETAIL:
            beat = replace(beat, detail=beat.detail[:_LONGEST_DETAIL])
        try:
            self._channel.send(beat.to_bytes())
        except ConnectionError:
            self.stopping = True  # the master is gone
        except OSError:
            pass  # it is slow, or the machine is short of memory: a beat less, and no reason to stop

    def fileno(self) -> int:
        """Becomes readable when the master is gone; for a child that waits in select."""
        return self._channel.fileno()

    def wishes(self) -> Wishes:
        """What asks the master; a child makes one. One that asks can't take `fileno` for the master's end."""
        return Wishes(self._channel)

    @contextmanager
    def mortal(self) -> Iterator[None]:
        """Nothing would be lost now: SIGTERM may end the process where it stands, however deep in a library that is."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        handler = signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
