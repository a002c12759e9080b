"""The searcher process: `run` is all that the supervisor knows of it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pynvr.base.clock import Clock, SystemClock
from pynvr.base.errors import (
    FootageGoneError,
    MissingLibraryError,
    NothingRecordedError,
    PyNVRError,
    SearchError,
    StoreError,
)
from pynvr.base.heart import Beat, Heart
from pynvr.base.local_socket import listen
from pynvr.config.settings_file import SettingsFile
from pynvr.config.without_secrets import without_secrets
from pynvr.model.search import SOCKET_NAME, Told
from pynvr.model.settings import Settings
from pynvr.playback.footage import Footage
from pynvr.searcher.desk import Client, Desk
from pynvr.searcher.jobs import JOBS, Job, Steps
from pynvr.searcher.queue import Queue
from pynvr.searcher.tools import Tools
from pynvr.store.store import open_or_repair

# A step is a picture, or loading a library; longer than that is hanging.
_WITHIN_S = 60.0
# A damaged database may have to be checked and restored.
_OPENING_WITHIN_S = 600.0
_BEAT_EVERY_S = 1.0
_TELL_EVERY_S = 0.2
_IDLE_S = 1.0
_BUSY_TIMEOUT_S = 5.0

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (ValueError, "invalid"),
    (NothingRecordedError, "nothing"),
    (FootageGoneError, "gone"),
    (MissingLibraryError, "library"),
    (StoreError, "database"),
)

_log = logging.getLogger(__name__)


def run(heart: Heart, settings: Settings, jobs: Mapping[str, Job] = JOBS, within_s: float = _WITHIN_S) -> None:
    """Search for whoever asks until `heart.stopping`; a step takes at most `within_s`."""
    searcher = Searcher(heart, SettingsFile(settings, seen_as=without_secrets), SystemClock(), jobs, within_s)
    try:
        while not heart.stopping:
            searcher.turn()
    finally:
        searcher.close()


@dataclass(slots=True, eq=False)
class _Task:
    """A search that is being done, or waits."""

    client: Client
    job: str
    steps: Steps | None = None
    told_s: float = float("-inf")


class Searcher:
    """One thread: what is asked, one step of one search, and so on."""

    def __init__(
        self,
        heart: Heart,
        settings: Callable[[], Settings],
        clock: Clock,
        jobs: Mapping[str, Job] = JOBS,
        within_s: float = _WITHIN_S,
    ) -> None:
        self._heart = heart
        self._settings = settings
        self._clock = clock
        self._jobs = jobs
        self._within_s = within_s
        self._queue: Queue[_Task] = Queue()
        self._tasks: list[_Task] = []
        self._tools: Tools | None = None
        self._done = 0
        self._beat_s = float("-inf")
        self._desk = Desk(listen(settings().system.run_dir / SOCKET_NAME))
        self._say()

    def turn(self) -> None:
        """Hear who asks, and do one step for whoever's turn it is."""
        for client in self._desk.turn(0.0 if len(self._queue) else _IDLE_S, self._heart.fileno()):
            self._take(client)
        for task in [task for task in self._tasks if task.client.left]:
            self._drop(task)
        next_task = self._queue.next()
        if next_task is not None:
            self._step(next_task)
            self._tell_waiting()
        if self._clock.monotonic_s() - self._beat_s >= _BEAT_EVERY_S:
            self._say()

    def close(self) -> None:
        for task in list(self._tasks):
            self._drop(task)
        self._desk.close()
        if self._tools is not None:
            self._tools.footage.close()
            self._tools.store.close()

    def _take(self, client: Client) -> None:
        assert client.asked is not None
        asked = client.asked
        task = _Task(client, asked.job)
        if asked.job not in self._jobs:
            self._refuse(task, "invalid", f"there is no search {asked.job!r}")
        elif not self._queue.has_room(asked.asker):
            self._refuse(task, "busy", "others are searching; try again when they are done")
        else:
            self._tasks.append(task)
            self._queue.add(asked.asker, task)
            client.tell(Told(waits=task in self._queue.waiting()))

    def _step(self, task: _Task) -> None:
        try:
            if task.steps is None:
                task.steps = self._begun(task)
            progress = next(task.steps)
        except StopIteration as done:
            self._done += 1
            task.client.tell(Told(1.0, result=done.value))
            self._drop(task)
        except (PyNVRError, ValueError) as err:
            reason = next((reason for kind, reason in _REASONS if isinstance(err, kind)), "failed")
            reason = err.reason if isinstance(err, SearchError) else reason
            _log.log(logging.WARNING if reason == "failed" else logging.INFO, "%s: %s", task.job, err)
            self._refuse(task, reason, str(err))
        except Exception:
            _log.exception("%s failed", task.job)
            self._refuse(task, "failed", "the search failed; the log says how")
        else:
            self._tell(task, Told(min(max(progress, 0.0), 1.0)))

    def _begun(self, task: _Task) -> Steps:
        assert task.client.asked is not None
        return self._jobs[task.job](self._tools or self._opened(), task.client.asked.order)

    def _opened(self) -> Tools:
        self._say(_OPENING_WITHIN_S)
        store = open_or_repair(self._settings().system.database, _BUSY_TIMEOUT_S)
        self._tools = Tools(self._settings, store, Footage(store, self._settings, self._clock))
        self._say()
        return self._tools

    def _tell_waiting(self) -> None:
        for task in self._queue.waiting():
            self._tell(task, Told(waits=True))

    def _tell(self, task: _Task, told: Told) -> None:
        """Not each picture is worth a word."""
        now_s = self._clock.monotonic_s()
        if now_s - task.told_s >= _TELL_EVERY_S:
            task.told_s = now_s
            task.client.tell(told)

    def _refuse(self, task: _Task, reason: str, message: str) -> None:
        task.client.tell(Told(refused=reason, message=message))
        self._drop(task)

    def _drop(self, task: _Task) -> None:
        """It is answered, or nobody wants it any more."""
        if task.steps is not None:
            task.steps.close()
        self._queue.remove(task)
        if task in self._tasks:
            self._tasks.remove(task)
        self._desk.end(task.client)

    def _say(self, within_s: float | None = None) -> None:
        self._beat_s = self._clock.monotonic_s()
        figures: dict[str, Any] = {"searches": len(self._queue), "done": self._done}
        doing = f"{len(self._queue)} searches under way, {self._done} done"
        self._heart.beat(Beat("searching", within_s or self._within_s, figures=figures, facts={"doing": doing}))
