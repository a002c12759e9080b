"""A post: one wanted child, and the process that fills the place now, is to leave it, or is to take it soon."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pynvr.base.heart import Beat
from pynvr.supervisor.child import Child
from pynvr.supervisor.progress import Progress, followed, is_stuck
from pynvr.supervisor.restart import Ending, delay_s, ending_of, failures_after, first_beat_within_s, in_words
from pynvr.supervisor.roster import Wanted

STOP_GRACE_S = 3.0

_log = logging.getLogger(__name__)


class State(StrEnum):
    """What a post is in, as the status shows it."""

    STARTING = "starting"  # there is a process, it hasn't said a word yet
    RUNNING = "running"
    STOPPING = "stopping"  # asked to end
    KILLED = "killed"  # SIGKILL is sent, the end not seen yet
    BACKING_OFF = "backing off"  # ended, the next start is due after a delay
    CANNOT_START = "can't start"  # the same, with a long delay
    VACANT = "vacant"  # nobody is wanted any more


@dataclass(frozen=True, slots=True)
class Ended:
    """A child's end, told once. `last_beat`: the last that was heard of it."""

    ending: Ending
    words: str
    pid: int
    last_beat: Beat | None


class Post:
    """Manned by the master's calls of `step`; times are monotonic seconds."""

    def __init__(self, wanted: Wanted, now_s: float, fork: Callable[[Wanted, float], Child] = Child) -> None:
        self.wanted = wanted
        self.child: Child | None = None
        self.restarts = 0
        self.last_words = ""
        self._fork = fork
        self._progress = Progress()
        self._failures = 0
        self._unheard = 0  # in a row, killed for they never said a word
        self._ending: Ending | None = None  # of the last child
        self._blame: Ending | None = None  # why the child is being ended, if it is its own fault
        self._leaving = False
        self._killed = False
        self._kill_s = 0.0
        self._start_s: float | None = now_s  # None: nobody is to be started

    @property
    def state(self) -> State:
        if self.child is None:
            if self._start_s is None:
                return State.VACANT
            return State.CANNOT_START if self._ending is Ending.CANNOT_START else State.BACKING_OFF
        if self._killed:
            return State.KILLED
        if self._leaving:
            return State.STOPPING
        return State.STARTING if self.child.beat is None else State.RUNNING

    @property
    def failing(self) -> bool:
        """Whether the last child came to a bad end and the present one hasn't proved itself yet."""
        return self._failures > 0 and (self.child is None or self.child.beat is None)

    @property
    def retired(self) -> bool:
        """Whether nobody is wanted here any more."""
        return self._start_s is None

    def retire(self, now_s: float, grace_s: float = STOP_GRACE_S) -> None:
        """Nobody is wanted here any more: ask the child to end, and kill it if it hasn't after the grace."""
        self._start_s = None
        self._dismiss(now_s, grace_s)

    def renew(self, wanted: Wanted, now_s: float) -> None:
        """Another child, with another order, in the place of this one."""
        self.wanted = wanted
        self._start_s = now_s
        self._failures = 0
        self._dismiss(now_s, STOP_GRACE_S)

    def listen(self, now_s: float) -> list[Beat]:
        """The child's new beats."""
        if self.child is None:
            return []
        beats = self.child.listen(now_s)
        for beat in beats:
            self._progress = followed(self._progress, beat, now_s)
        return beats

    def step(self, now_s: float) -> Ended | None:
        """Do what is due: bury, kill or start. Returns the end of a child, if this was one.

        `now_s`: when the child was listened to; what it said since isn't known.
        """
        if self.child is None:
            if self._start_s is not None and now_s >= self._start_s:
                self._start(now_s)
            return None
        if self.child.gone:
            return self._bury(self.child, now_s)
        if self._leaving:
            if now_s >= self._kill_s and not self._killed:
                self._kill(self.child)
        elif self.child.silence.is_too_long(now_s):
            self._blame = Ending.HUNG
            self._leaving = True
            self._kill(self.child)
        elif is_stuck(self._progress, now_s):
            self._blame = Ending.NO_PROGRESS
            self._dismiss(now_s, STOP_GRACE_S)
        return None

    def due_s(self) -> float | None:
        """When `step` has something to do next, unless the child moves."""
        if self.child is None:
            return self._start_s
        if self._leaving:
            return None if self._killed else self._kill_s
        return self.child.silence.due_s

    def _dismiss(self, now_s: float, grace_s: float) -> None:
        if self.child is None or self._leaving:
            return
        self._leaving = True
        self._kill_s = now_s + grace_s
        self.child.terminate()

    def _kill(self, child: Child) -> None:
        self._killed = True
        child.kill()

    def _start(self, now_s: float) -> None:
        try:
            self.child = self._fork(self.wanted, now_s)
        except (OSError, EOFError) as err:
            self._fail(Ending.DIED, 0, now_s)
            self.last_words = f"can't be forked: {err or type(err).__name__}"
            _log.warning("%s %s", self.wanted.name, self.last_words)
            return
        self.child.silence.first_within_s = first_beat_within_s(self.wanted.kind, self._unheard)
        if self._ending is not None:
            self.restarts += 1
        # Who got no keyframe within the usual time may have a camera whose keyframes are further apart since.
        usual_s = None if self._ending is Ending.NO_PROGRESS else self._progress.interval_s
        self._progress = Progress(interval_s=usual_s)
        self._leaving = self._killed = False
        self._blame = None

    def _bury(self, child: Child, now_s: float) -> Ended:
        asked = self._leaving and self._blame is None
        exit_code = child.exit_code()
        ending = self._blame or ending_of(exit_code, asked)
        self.child = None
        self._unheard = self._unheard + 1 if ending is Ending.HUNG and child.beat is None else 0
        self._leaving = self._killed = False
        if ending is Ending.STOPPED:
            self._ending = ending
            self.last_words = ""
        else:
            # However long it was silent, that was no good run.
            self._fail(ending, 0.0 if self._unheard else now_s - child.started_s, now_s)
            self.last_words = in_words(ending, exit_code)
        return Ended(ending, self.last_words, child.pid, child.beat)

    def _fail(self, ending: Ending, ran_s: float, now_s: float) -> None:
        self._ending = ending
        self._failures = failures_after(self._failures, ending, ran_s)
        if self._start_s is not None:
            self._start_s = now_s + delay_s(self._failures, ending)
