"""A child's wishes: what it asks of the master once, with an answer, and what it wants to be there for a while.

Both go through the child's own channel. A wish is a datagram with a number, which the master's answer bears too. What
is wanted for a while goes with each beat instead, so nothing is left over when the child is gone.
"""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pynvr.base.errors import WishError

# The master answers when it next comes round: it does nothing that takes long.
ANSWER_WITHIN_S = 5.0
MOST_WAITING = 32
MOST_WANTED = 200
LONGEST_BYTES = 16_384

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is asked of the master. `about` isn't shown: it may hold a password."""

    number: int
    kind: str
    about: Mapping[str, Value] = field(default_factory=dict, repr=False)

    def to_bytes(self) -> bytes:
        return json.dumps({"wish": self.kind, "number": self.number, "about": dict(self.about)}).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the master says to a wish: `result`, or why it is refused (`refused`: a reason of `WishError`)."""

    number: int
    result: Mapping[str, Value] = field(default_factory=dict)
    refused: str = ""
    message: str = ""

    def to_bytes(self) -> bytes:
        words = {"answer": self.number, "result": dict(self.result)}
        return json.dumps(words | {"refused": self.refused, "message": self.message}).encode()

    @staticmethod
    def from_bytes(data: bytes) -> "Answer":
        """Raises ValueError, TypeError or KeyError if it is none."""
        found = json.loads(data)
        return Answer(found["answer"], found["result"], found["refused"], found["message"])


def wish_in(found: object) -> Wish | None:
    """The wish in a datagram's JSON, None if it is something else (a beat). Raises ValueError if it is a broken one."""
    if not isinstance(found, dict) or "wish" not in found:
        return None
    kind, number, about = found["wish"], found.get("number"), found.get("about")
    if not isinstance(kind, str) or not isinstance(number, int) or not isinstance(about, dict):
        raise ValueError("a wish without a kind, a number or what it is about")
    if not all(value is None or isinstance(value, str | float | int) for value in about.values()):
        raise ValueError("a wish is about plain values")
    return Wish(number, kind, about)


class Wishes:
    """For all threads of a child. Without a channel (there is no master) every wish is refused.

    One thread at a time reads the channel, for all who wait. `on_want` is called, by any thread, when something is
    wanted that wasn't: the next beat may be soon then.
    """

    def __init__(self, channel: socket.socket | None = None, now_s: Callable[[], float] = time.monotonic) -> None:
        self.on_want: Callable[[], None] = lambda: None
        self._channel = channel
        self._now_s = now_s
        self._turn = threading.Condition()
        self._number = 0
        self._waiting: dict[int, Answer | None] = {}
        self._somebody_reads = False
        self._wanted: dict[str, float] = {}

    def ask(self, kind: str, within_s: float = ANSWER_WITHIN_S, **about: Value) -> Mapping[str, Value]:
        """Wait for the master's answer; raises WishError if it refuses, or says nothing in time."""
        channel = self._channel
        if channel is None:
            raise WishError("unheard", "there is no PyNVR that could do this")
        until_s = self._now_s() + within_s
        with self._turn:
            if len(self._waiting) >= MOST_WAITING:
                raise WishError("busy", "too much is being asked at once; try again")
            self._number += 1
            number = self._number
            self._waiting[number] = None
        try:
            self._send(channel, Wish(number, kind, about).to_bytes(), until_s)
            answer = self._answer(channel, number, until_s)
        finally:
            with self._turn:
                del self._waiting[number]
        if answer is None:
            raise WishError("unheard", f"the master said nothing within {within_s:g} s")
        if answer.refused:
            raise WishError(answer.refused, answer.message)
        return answer.result

    def want(self, name: str, for_s: float) -> None:
        """Let this be there for so long, from now on; said again, it stays. The next beat tells the master."""
        now_s = self._now_s()
        with self._turn:
            until_s = self._wanted.get(name, 0.0)
            if name in self._wanted or len(self._wanted) < MOST_WANTED:
                self._wanted[name] = max(now_s + for_s, until_s)
        if until_s <= now_s:
            self.on_want()

    def wanted(self) -> tuple[str, ...]:
        """What is wanted now, for `Beat.wants`."""
        now_s = self._now_s()
        with self._turn:
            self._wanted = {name: until_s for name, until_s in self._wanted.items() if until_s > now_s}
            return tuple(sorted(self._wanted))

    def _send(self, channel: socket.socket, data: bytes, until_s: float) -> None:
        if len(data) > LONGEST_BYTES:
            raise WishError("invalid", f"more than {LONGEST_BYTES} bytes can't be asked for at once")
        while True:
            try:
                channel.send(data)
                return
            except BlockingIOError:
                if not _ready(channel, select.POLLOUT, until_s - self._now_s()):
                    raise WishError("unheard", "the master is too busy to listen") from None
            except OSError as err:
                raise WishError("unheard", f"the master can't be reached: {err.strerror}") from err

    def _answer(self, channel: socket.socket, number: int, until_s: float) -> Answer | None:
        with self._turn:
            while self._waiting[number] is None and (left_s := until_s - self._now_s()) > 0:
                if self._somebody_reads:
                    self._turn.wait(left_s)
                    continue
                self._somebody_reads = True
                self._turn.release()
                answer = None
                try:
                    answer = _read(channel, left_s)
                finally:
                    self._turn.acquire()
                    self._somebody_reads = False
                    if answer is not None and answer.number in self._waiting:
                        self._waiting[answer.number] = answer
                    self._turn.notify_all()
            return self._waiting[number]


def _read(channel: socket.socket, within_s: float) -> Answer | None:
    """The next answer. Raises WishError when the master is gone."""
    if not _ready(channel, select.POLLIN, within_s):
        return None
    try:
        data = channel.recv(LONGEST_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        data = b""
    if not data:
        raise WishError("unheard", "the master is gone")
    try:
        return Answer.from_bytes(data)
    except (ValueError, TypeError, KeyError):
        return None


def _ready(channel: socket.socket, event: int, within_s: float) -> bool:
    waiting = select.poll()
    waiting.register(channel, event)
    return bool(waiting.poll(max(0.0, within_s) * 1000))
