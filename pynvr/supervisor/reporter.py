"""What goes out of the master: causes into the journal, problems, status.json, words to systemd, rotated logs."""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace

from pynvr import __version__
from pynvr.base.clock import Clock
from pynvr.base.conceal import Conceal
from pynvr.base.counted import counted
from pynvr.base.logs import rotate
from pynvr.base.notify import Notifier
from pynvr.model.audit import Entry, Level, Source
from pynvr.model.cause import STOPPED, Cause
from pynvr.model.settings import Settings
from pynvr.model.status import Status, is_trouble
from pynvr.supervisor.causes import CauseBook
from pynvr.supervisor.child import Child, forkserver_pid
from pynvr.supervisor.chronicle import STATUS_EVERY_S, Chronicle, Problems
from pynvr.supervisor.clock_steps import ClockSteps
from pynvr.supervisor.measurements import Measurements
from pynvr.supervisor.post import Post
from pynvr.supervisor.report import Own, View, beat_state, failing_posts
from pynvr.supervisor.roster import main_log

STATUS_NOT_WITHIN_S = 0.2
ROTATE_EVERY_S = 60.0

_NO_WARNING = frozenset({Cause.RECORDED, Cause.NOT_RUNNING})

_log = logging.getLogger(__name__)


class Reporter:
    """Told everything, writes what is due. `posts` is the crew's own mapping."""

    def __init__(self, settings: Settings, posts: Mapping[str, Post], clock: Clock) -> None:
        self.problems = Problems()
        self.notifier = Notifier()
        self._posts = posts
        self._clock = clock
        self._since_us, self._since_s = clock.now_us(), clock.monotonic_s()
        self._book = CauseBook()
        self._entries: list[Entry] = []
        self._clock_steps = ClockSteps(clock)
        self._chronicle = Chronicle(settings.system.run_dir, self.problems)
        self._measurements = Measurements()
        self._failing: set[str] = set()
        self._told_problems: dict[str, str] = {}
        self.recording_off_us = 0
        self._shown: tuple[object, ...] = ()
        self._status_s = self._watchdog_s = self._rotate_s = 0.0
        self.follow(settings)

    def follow(self, settings: Settings) -> None:
        """These settings are in force now; cameras that aren't in them are forgotten."""
        self._settings = settings
        self._conceal = Conceal(settings.secrets)
        for camera_id in set(self._book.holding) - {camera.id for camera in settings.cameras}:
            self.note(camera_id, Cause.DISABLED, "removed from the configuration")
            self._book.forget(camera_id)

    def begin(self) -> None:
        """Close the gap that a master left that didn't stop in order."""
        self._measurements.start()
        mark = self._chronicle.left_by_the_last()
        cameras = f"with {counted(len(self._settings.cameras), 'camera')}"
        if mark is None:
            self.tell("system.begin", f"PyNVR {__version__} starts, {cameras}")
        else:
            _log.warning("the last PyNVR on this data directory didn't stop in order")
            text = f"PyNVR {__version__} starts, {cameras}; the last one didn't stop in order"
            self.tell("system.begin", text, level=Level.WARNING)
            for camera_id in mark.camera_ids or tuple(camera.id for camera in self._settings.cameras):
                self._book.note_gap(camera_id, mark.at_us, self._since_us)

    def end(self) -> None:
        """The last words."""
        for camera in self._settings.cameras:
            self.note(camera.id, Cause.NOT_RUNNING, STOPPED)
        for name in self._failing:
            self.problems.set(name, "", 0, log=False)
        now_us = self._clock.now_us()
        self.tell("system.end", "PyNVR has stopped")
        self._chronicle.write_entries(self._entries, now_us, float("inf"))
        self._chronicle.close(self._book, now_us)
        self._chronicle.write_status(self._status("stopped", None), now_us)

    def tell(
        self, action: str, text: str, *, level: Level = Level.INFO, camera_id: str = "", subject: str = ""
    ) -> None:
        """Something for the audit log; it is written with the next report."""
        told = Entry(self._clock.now_us(), level, Source.MASTER, action, self._conceal(text))
        self._entries.append(replace(told, camera_id=camera_id, subject=subject))

    def note(self, camera_id: str, cause: Cause, detail: str, since_us: int | None = None) -> None:
        """This holds for the camera now, since that instant; a change is logged once."""
        if self._book.note(camera_id, cause, self._conceal(detail), self._clock.now_us(), since_us):
            level = logging.INFO if cause in _NO_WARNING or not is_trouble(cause) else logging.WARNING
            word = "records" if cause is Cause.RECORDED else cause
            called = self._settings.called(camera_id)
            _log.log(level, "camera %s: %s%s", called, word, f": {detail}" if detail else "")

    def note_pause(self, camera_id: str, from_us: int, to_us: int, is_delay: bool = False) -> None:
        """The camera sent nothing in that time and nothing was lost; that may be told again and again.

        `is_delay`: nothing is dated there, for the video comes later than before.
        """
        self._book.note_pause(camera_id, from_us, to_us, is_delay)

    def report(self, state: str, preparing: Child | None) -> None:
        """Write whatever is due or has changed."""
        now_us, now_s = self._clock.now_us(), self._clock.monotonic_s()
        cameras = {camera.id: camera.dst for camera in self._settings.cameras}
        skipped = self._clock_steps.skipped()
        if skipped is not None:
            _log.warning("%s: %d s are skipped", skipped.detail, (skipped.to_us - skipped.from_us) // 1_000_000)
            self.tell("clock.step", skipped.detail, level=Level.WARNING)
            self._book.note_skipped(skipped)
        if state != "stopping":
            self._chronicle.mark_alive(tuple(cameras), now_us, now_s)
        self._chronicle.write_causes(self._book, now_us, now_s)
        self._note_failing(now_us)
        self._tell_problems()
        self._chronicle.write_entries(self._entries, now_us, now_s)
        self._measurements.ask(self._pids(), cameras, now_s)
        self._pat_watchdog(now_s)
        if now_s >= self._rotate_s:
            self._rotate_s = now_s + ROTATE_EVERY_S
            self._rotate_logs()
        shown = self._changing(state, preparing)
        if now_s - self._status_s >= (STATUS_EVERY_S if shown == self._shown else STATUS_NOT_WITHIN_S):
            self._shown, self._status_s = shown, now_s
            self._write_status(self._status(state, preparing), now_us)

    def _changing(self, state: str, preparing: Child | None) -> tuple[object, ...]:
        """What is worth writing the status for at once; figures can wait."""
        posts = [(name, post.state, post.child, beat_state(post)) for name, post in self._posts.items()]
        return (
            state,
            self.recording_off_us,
            preparing,
            posts,
            dict(self._book.holding),
            self.problems.all,
            self._settings,
        )

    def _write_status(self, status: Status, now_us: int) -> None:
        self._chronicle.write_status(status, now_us)
        program = status.program
        self.notifier.tell(
            STATUS=f"{program.state}: {program.cameras_recording} of {program.cameras_wanted} cameras record"
        )

    def _status(self, state: str, preparing: Child | None) -> Status:
        now_us, now_s = self._clock.now_us(), self._clock.monotonic_s()
        runs = state != "stopped"
        own = Own(
            os.getpid() if runs else 0,
            forkserver_pid() if runs else 0,
            state,
            self._since_us,
            round(now_s - self._since_s, 1),
            self.recording_off_us,
        )
        measured = self._measurements.latest
        return View(
            self._settings,
            own,
            self._posts,
            preparing,
            self._book.holding,
            measured,
            self.problems.all,
            now_us,
            now_s,
            self._conceal,
        ).status()

    def _tell_problems(self) -> None:
        """What came and went since the last report; changed words are no news, and deaths are told as such."""
        dying = {name for name, post in self._posts.items() if post.failing}
        known = {problem.about: problem.detail for problem in self.problems.all if problem.about not in dying}
        for about in known.keys() - self._told_problems.keys():
            self.tell("problem.begin", known[about], level=Level.WARNING, subject=about)
        for about in self._told_problems.keys() - known.keys():
            self.tell("problem.end", f"no longer: {self._told_problems[about]}", subject=about)
        self._told_problems = known

    def _note_failing(self, now_us: int) -> None:
        failing = failing_posts(self._posts)
        for name in self._failing | set(failing):
            self.problems.set(name, failing.get(name, ""), now_us, log=False)
        self._failing = set(failing)

    def _pids(self) -> list[int]:
        children = [post.child.pid for post in self._posts.values() if post.child is not None]
        return [os.getpid(), forkserver_pid(), *children]

    def _pat_watchdog(self, now_s: float) -> None:
        if self.notifier.watchdog_s is not None and now_s >= self._watchdog_s:
            self._watchdog_s = now_s + self.notifier.watchdog_s / 3
            self.notifier.tell(WATCHDOG=1)

    def _rotate_logs(self) -> None:
        folder = self._settings.system.camera_log_dir
        for path in [main_log(self._settings), *(folder / f"{camera.id}.log" for camera in self._settings.cameras)]:
            try:
                rotate(path)
            except OSError as err:
                _log.warning("%s can't be rotated: %s", path, err.strerror)
