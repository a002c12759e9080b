"""The master's loop: hear signals, children and changes of the configuration, man the posts, report."""

import logging
import os
import signal
from collections.abc import Callable, Mapping

from pynvr.base.clock import Clock, SystemClock
from pynvr.base.counted import counted
from pynvr.base.errors import WishError
from pynvr.base.files import clear_away, make_folder
from pynvr.base.logs import conceal
from pynvr.base.wishes import Answer, Value
from pynvr.model import sub_stream
from pynvr.model.audit import Level
from pynvr.model.cause import Cause
from pynvr.supervisor import absence
from pynvr.supervisor.captures import Captures
from pynvr.supervisor.causes import cause_in, delay_us, last_frame_us, pause_us
from pynvr.supervisor.configuration import Configuration
from pynvr.supervisor.crew import Crew, Heard, Lost
from pynvr.supervisor.current_roster import CurrentRoster, Situation
from pynvr.supervisor.post import STOP_GRACE_S
from pynvr.supervisor.preparation import Preparation
from pynvr.supervisor.reporter import Reporter
from pynvr.supervisor.restart import Ending
from pynvr.supervisor.roster import TARGETS, Wanted, recorder_name, wants_recorder
from pynvr.supervisor.signals import SignalQueue
from pynvr.supervisor.switch import Switch
from pynvr.supervisor.waiting import wait_for
from pynvr.supervisor.wishes import MAY_WANT, Grant, answered, text_in

# The beats of many cameras are heard together: waking for each one would cost more than hearing it.
BATCH_S = 0.2
LONGEST_WAIT_S = 0.5
READY_AT_LATEST_S = 10.0
# A clean stop takes 10 s at most: recorders, then the finisher, which turns their chunks into segments.
RECORDERS_GONE_S = STOP_GRACE_S + 0.5
FINISHER_GONE_S = 9.0
GIVE_UP_S = 9.5

_RECORDERS = frozenset({"recorder"})
_FINISHER = frozenset({"finisher"})
_BUT_FINISHER = frozenset(
    {"web", "recorder", "live", "reaper", "analyser", "searcher", "capturer", "notifier", "deliverer"}
)

_log = logging.getLogger(__name__)


class Master:
    """One per data directory; the caller holds its lock. `run` returns when everything has stopped."""

    def __init__(
        self,
        configuration: Configuration,
        to_stderr: bool = False,
        on_ready: Callable[[], None] = lambda: None,
        targets: Mapping[str, str] = TARGETS,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._configuration = configuration
        self._on_ready = on_ready
        self._since_s = self._listened_s = self._now_s()
        self._crew = Crew()
        self._reporter = Reporter(configuration.settings, self._crew.posts, self._clock)
        preparation = targets["preparation"]
        self._preparation = Preparation(configuration.settings, self._since_s, to_stderr, preparation)
        self._roster = CurrentRoster(to_stderr, targets)
        self._signals = SignalQueue([signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP])
        # There SIGHUP means that the terminal was closed.
        self._on_terminal = os.isatty(0)
        self._ready = False
        self._stopping_s: float | None = None
        self._restarted: set[str] = set()  # recorders that are ending because somebody wished it
        self._switch = Switch(configuration.settings.system.run_dir)
        self._captures = Captures(targets["capturer"], self._clock, to_stderr)
        # What children may ask for, by the wish's kind.
        self._grants: dict[str, Grant] = {
            "camera.restart": self._restart_camera,
            "system.start": self._switch_on,
            "system.stop": self._switch_off,
            "capture.start": lambda about: self._captures.start(about, self._configuration.settings),
            "capture.stop": self._captures.stop,
        }

    def run(self) -> None:
        """Record until a signal says stop."""
        self._begin()
        while not self._finished():
            self._wait()
            self._hear_signals()
            self._hear_children()
            self._grant_wishes()
            self._follow_configuration()
            self._man_posts()
            self._go_on_stopping()
            self._report()
        self._end()

    @property
    def left(self) -> list[str]:
        """The children that are there; after `run`, those that even SIGKILL didn't end (a disk doesn't answer)."""
        return self._crew.left() + (["preparation"] if self._preparation.child is not None else [])

    def _begin(self) -> None:
        cameras = counted(len(self._configuration.settings.cameras), "camera")
        _log.info("starts, with %s of %s", cameras, self._configuration.path)
        self._configuration.start_watching()
        self._show_configuration()
        self._reporter.begin()
        self._note_cameras_without_recorder()

    def _finished(self) -> bool:
        if self._stopping_s is None:
            return False
        late = self._now_s() - self._stopping_s > GIVE_UP_S
        if late and self.left:
            _log.error("didn't end in time: %s", ", ".join(self.left))
        return late or not self.left

    def _end(self) -> None:
        self._reporter.end()
        self._configuration.watch.stop()
        _log.info("has stopped")

    def _wait(self) -> None:
        now_s = self._now_s()
        dues_s = [*self._crew.dues_s(), *self._preparation.dues_s()]
        timeout_s = min([LONGEST_WAIT_S, *(max(0.0, due_s - now_s) for due_s in dues_s)])
        children = [*self._crew.children(), *self._preparation.children()]
        if wait_for([self._signals, self._configuration.watch, *children], timeout_s):
            wait_for([self._signals], BATCH_S)

    def _hear_signals(self) -> None:
        for number in self._signals.take():
            if self._stopping_s is not None:
                continue
            if number is signal.SIGHUP and not self._on_terminal:
                _log.info("%s: reads its configuration again", number.name)
                self._reread()
            else:
                _log.info("%s: stops", number.name)
                self._stop()

    def _hear_children(self) -> None:
        self._listened_s = self._now_s()
        self._preparation.listen(self._listened_s)
        for heard in self._crew.listen(self._listened_s):
            self._hear(heard)

    def _grant_wishes(self) -> None:
        for asked in self._crew.asked():
            if self._stopping_s is None:
                asked.child.answer(answered(asked, self._grants))
            else:
                asked.child.answer(Answer(asked.wish.number, refused="unheard", message="PyNVR is stopping"))

    def _restart_camera(self, about: Mapping[str, Value]) -> Mapping[str, Value]:
        camera_id = text_in(about, "camera_id")
        post = self._crew.posts.get(recorder_name(camera_id))
        if self._configuration.settings.camera(camera_id) is None:
            raise WishError("unknown", f"there is no camera {camera_id!r}")
        if post is None or post.retired:
            raise WishError("conflict", f"camera {camera_id!r} has no recorder that could be restarted")
        _log.info("%s is started anew, somebody wished it", post.wanted.name)
        if post.child is not None:
            self._restarted.add(post.wanted.name)
        post.renew(post.wanted, self._now_s())
        return {}

    def _switch_on(self, _about: Mapping[str, Value]) -> Mapping[str, Value]:
        self._switch.turn_on()
        return {}

    def _switch_off(self, _about: Mapping[str, Value]) -> Mapping[str, Value]:
        self._switch.turn_off(self._clock.now_us())
        return {}

    def _hear(self, heard: Heard) -> None:
        is_recorder = heard.wanted.kind == "recorder"
        if is_recorder and self._configuration.settings.camera(heard.wanted.camera_id) is not None:
            cause = cause_in(heard.beat)
            since_us = None if cause is Cause.RECORDED else last_frame_us(heard.beat)
            self._reporter.note(heard.wanted.camera_id, cause, heard.beat.detail, since_us)
            paused, delayed = pause_us(heard.beat), delay_us(heard.beat)
            hole = paused or delayed
            if hole is not None:
                self._reporter.note_pause(heard.wanted.camera_id, *hole, is_delay=paused is None)

    def _follow_configuration(self) -> None:
        if self._configuration.watch.take() and self._stopping_s is None:
            self._reread()

    def _show_configuration(self) -> None:
        self._reporter.problems.set("configuration", self._configuration.problem, self._clock.now_us(), log=False)

    def _reread(self) -> None:
        before = self._configuration.settings
        found = self._configuration.reread()
        self._show_configuration()
        if not found:
            return
        settings = self._configuration.settings
        conceal(settings.secrets)
        words = found.words(lambda one: (settings if settings.camera(one) else before).called(one))
        _log.info("the configuration was changed: %s", words)
        self._reporter.tell("configuration.changed", f"the changed configuration is followed: {words}")
        try:
            make_folder(settings.system.camera_log_dir)
        except OSError as err:
            _log.warning("%s can't be made, the cameras keep no logs: %s", settings.system.camera_log_dir, err.strerror)
        self._reporter.follow(settings)
        self._preparation.look_again(settings, self._now_s())
        self._reconcile(frozenset({*map(recorder_name, found.changed), *found.processes}))

    def _reconcile(self, touched: frozenset[str] = frozenset()) -> None:
        wanted = [*self._wanted(), *self._captures.wanted(self._configuration.settings)]
        self._crew.reconcile(wanted, touched, self._now_s())

    def _wanted(self) -> list[Wanted]:
        prepared = self._preparation
        wants, is_off = self._crew.wants(MAY_WANT), bool(self._switch.off_since_us)
        settings = self._configuration.settings
        return self._roster.wanted(Situation(settings, dict(prepared.markers), prepared.over, wants, is_off))

    def _man_posts(self) -> None:
        # However long a fork takes: nobody is taken to be silent for what he said since.
        self._preparation.step(self._listened_s)
        if self._stopping_s is None:
            self._reconcile()
            self._note_cameras_without_recorder()
        for lost in self._crew.step(self._listened_s):
            self._mourn(lost)

    def _mourn(self, lost: Lost) -> None:
        wanted, ended = lost
        self._captures.lost(wanted, ended.ending)
        may_end = self._stopping_s is not None or wanted.kind == "capturer"
        if ended.ending is Ending.STOPPED or (may_end and ended.ending is Ending.ENDED):
            _log.info("%s (process %d) has stopped", wanted.name, ended.pid)
        else:
            _log.warning("%s (process %d) %s", wanted.name, ended.pid, ended.words)
            text = f"{wanted.name} (process {ended.pid}) {ended.words}; another takes its place"
            self._reporter.tell(
                "process.died", text, level=Level.WARNING, camera_id=wanted.camera_id, subject=wanted.name
            )
        if wanted.kind == "live":
            # Here too, for nobody may want it again; nothing of it is to be kept.
            clear_away(sub_stream.folder_of(self._configuration.settings.system, wanted.camera_id))
        camera = self._configuration.settings.camera(wanted.camera_id)
        if wanted.kind != "recorder" or camera is None or not wants_recorder(camera):
            return
        why = absence.of_lost(
            ended,
            stopping=self._stopping_s is not None,
            is_off=bool(self._switch.off_since_us),
            was_wished=wanted.name in self._restarted,
        )
        self._restarted.discard(wanted.name)
        self._reporter.note(camera.id, why.cause, why.detail, last_frame_us(ended.last_beat))

    def _note_cameras_without_recorder(self) -> None:
        is_off = bool(self._switch.off_since_us)
        for camera in self._configuration.settings.cameras:
            if recorder_name(camera.id) not in self._crew.posts:
                why = absence.of_none(camera, self._preparation.refused.get(camera.dst), is_off)
                self._reporter.note(camera.id, why.cause, why.detail)

    def _stop(self) -> None:
        self._stopping_s = self._now_s()
        self._reporter.notifier.tell(STOPPING=1)
        self._preparation.stop()
        self._crew.retire(_BUT_FINISHER, self._stopping_s, STOP_GRACE_S)

    def _go_on_stopping(self) -> None:
        """When the recorders have let go of their chunks, the finisher makes segments of them."""
        if self._stopping_s is not None:
            now_s = self._now_s()
            if not self._crew.left(_RECORDERS) or now_s - self._stopping_s > RECORDERS_GONE_S:
                self._crew.retire(_FINISHER, now_s, self._stopping_s + FINISHER_GONE_S - now_s)

    def _report(self) -> None:
        prepared = self._preparation.over or self._now_s() - self._since_s > READY_AT_LATEST_S
        if not self._ready and prepared and self._crew.is_manned():
            self._ready = True
            self._reporter.notifier.tell(READY=1)
            self._on_ready()
            _log.info("is ready, %.1f s after its start", self._now_s() - self._since_s)
        self._reporter.problems.set("database", self._preparation.database_problem, self._clock.now_us())
        self._reporter.recording_off_us = self._switch.off_since_us
        self._reporter.report(self._state(), self._preparation.child)

    def _state(self) -> str:
        if self._stopping_s is not None:
            return "stopping"
        return "running" if self._ready else "starting"

    def _now_s(self) -> float:
        return self._clock.monotonic_s()
