"""How long a child may say nothing, and when it has said nothing for too long."""

from collections.abc import Callable

from pynvr.supervisor.held_back import Scheduled

# Of the time it has for its first word, what loading may take of a CPU by far; who ran longer goes round in circles.
_LONGEST_LOAD = 1 / 3
# And however little the machine let it run: another one may have more luck.
_MOST_EXCUSED = 5.0


class Silence:
    """Of one child; times are monotonic seconds, `scheduled` how the machine let it run so far.

    A child that says its first word late on a machine that starves it isn't hung, and another one in its place would be
    starved too. So the wait for that word begins when somebody listens, not with the fork, which waits for the
    forkserver to be loaded; and what the child was held back since its birth doesn't count, within reason: one that
    goes round in circles is held back too.
    """

    def __init__(self, began_s: float, scheduled: Callable[[], Scheduled]) -> None:
        self.first_within_s = 0.0
        self.heard_s = began_s
        self._within_s: float | None = None  # as the last word said; None: there was none
        self._listening = False
        self._scheduled = scheduled
        self._excused_s = 0.0

    @property
    def due_s(self) -> float:
        """Until when the next word is waited for, as far as is known."""
        return self.heard_s + (self.first_within_s + self._excused_s if self._within_s is None else self._within_s)

    def listened(self, now_s: float) -> None:
        """Somebody listened, and may have heard nothing."""
        if not self._listening:
            self._listening = True
            self.heard_s = now_s

    def broken(self, now_s: float, within_s: float) -> None:
        """There was a word; the next one comes within this time."""
        self.heard_s, self._within_s = now_s, within_s

    def is_too_long(self, now_s: float) -> bool:
        """Whether the child is taken to hang; `now_s`: when it was last listened to."""
        if self._within_s is None and now_s > self.due_s:
            self._excused_s = max(self._excused_s, self._excuse_s())
        return now_s > self.due_s

    def _excuse_s(self) -> float:
        ran_s, held_back_s = self._scheduled()
        if ran_s > self.first_within_s * _LONGEST_LOAD:
            return 0.0
        return min(held_back_s, self.first_within_s * _MOST_EXCUSED)
