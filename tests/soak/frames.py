"""A camera's frames, segment after segment: what was sent, in the order of sending, and what of it was found."""

import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

# So many problems of one camera are told in full.
_MOST_TOLD = 20


@dataclass
class _Session:
    client: str
    waiting: deque[str] = field(default_factory=deque)
    sent_us: deque[int] = field(default_factory=deque)  # of each that waits
    ended: str = ""

    def drop(self, count: int) -> None:
        for _ in range(count):
            self.waiting.popleft()
            self.sent_us.popleft()


@dataclass
class CameraAccount:
    """Every segment must go on with the very frame behind the last one's end.

    Give what was sent (`add_sent`) before the segments that hold it (`add_segment`), these in the order of their
    starts. `missing`: frames before a segment that aren't in the one before; a loop sends the same pictures again, so
    of a hole longer than one turn the rest shows in `waiting` only, which is what nobody has recorded (yet).
    """

    sent: int = 0
    found: int = 0
    missing: int = 0
    foreign: int = 0  # in a segment, and not what was sent there
    connections: int = 0
    problems: list[str] = field(default_factory=list)
    _sessions: deque[_Session] = field(default_factory=deque)

    @property
    def waiting(self) -> int:
        return sum(len(session.waiting) for session in self._sessions)

    def sent_before(self, instant_us: int) -> int:
        """Of those that wait, how many were sent before this instant."""
        return sum(at_us < instant_us for session in self._sessions for at_us in session.sent_us)

    def add_sent(self, client: str, frames: Sequence[tuple[str, int]], ended: str = "") -> None:
        """Further frames of this client's session, digest and instant; `ended`: how it ended, if it did."""
        if not self._sessions or self._sessions[-1].client != client:
            self._sessions.append(_Session(client))
            self.connections += 1
        session = self._sessions[-1]
        session.waiting.extend(sys.intern(digest) for digest, _ in frames)
        session.sent_us.extend(at_us for _, at_us in frames)
        session.ended = ended
        self.sent += len(frames)

    def add_segment(self, name: str, digests: Sequence[str]) -> None:
        while self._sessions and self._sessions[0].ended and not self._sessions[0].waiting:
            self._sessions.popleft()
        for number, session in enumerate(self._sessions):
            skipped = _place(session.waiting, digests)
            if skipped is None:
                continue
            before = sum(len(self._sessions.popleft().waiting) for _ in range(number))
            session.drop(skipped + len(digests))
            self.found += len(digests)
            if before + skipped:
                self.missing += before + skipped
                self._tell(f"{before + skipped} frames are missing before {name}")
            return
        self.foreign += len(digests)
        self._tell(f"{name}: its {len(digests)} frames aren't an unbroken run of what was sent")

    def _tell(self, problem: str) -> None:
        if len(self.problems) < _MOST_TOLD:
            self.problems.append(problem)


def _place(waiting: deque[str], digests: Sequence[str]) -> int | None:
    """How many frames stand before the run; None if it is nowhere."""
    last = len(waiting) - len(digests)
    if last >= 0 and list(islice(waiting, len(digests))) == list(digests):
        return 0
    everything = list(waiting)
    for start in range(1, last + 1):
        if everything[start] == digests[0] and everything[start : start + len(digests)] == list(digests):
            return start
    return None
