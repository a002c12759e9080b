"""How long a child may say nothing, and when it has said nothing for too long."""

from collections.abc import Callable


class Silence:
    """Of one child; times are monotonic seconds, `held_back_s` how long the machine didn't let it run so far.

    A child that says its first word late on a machine that starves it isn't hung, and another one in its place would be
    starved too. So the wait for that word begins when somebody listens, not with the fork, which waits for the
    forkserver to be loaded; and what the child was held back since its birth doesn't count.
    """

    def __init__(self, began_s: float, held_back_s: Callable[[], float]) -> None:
        self.first_within_s = 0.0
        self.heard_s = began_s
        self._within_s: float | None = None  # as the last word said; None: there was none
        self._listening = False
        self._held_back_s = held_back_s
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
            self._excused_s = max(self._excused_s, self._held_back_s())
        return now_s > self.due_s
