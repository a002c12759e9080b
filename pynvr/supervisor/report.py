"""The status, put together from what the master knows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pynvr import __version__
from pynvr.base.conceal import Conceal
from pynvr.base.heart import Beat
from pynvr.model import sub_stream
from pynvr.model.cause import Cause, Transition
from pynvr.model.settings import Camera, Settings
from pynvr.model.status import CameraStatus, Problem, ProcessStatus, ProgramStatus, Status
from pynvr.supervisor.child import Child
from pynvr.supervisor.measurements import Measured
from pynvr.supervisor.post import Post
from pynvr.supervisor.roster import recorder_name, wants_recorder

# One for each camera; what these say is told of the camera.
_MANY = frozenset({"recorder", "live"})


@dataclass(frozen=True, slots=True)
class Own:
    """The master's own figures. `pid` 0: it has stopped; `forkserver_pid` 0: there is none."""

    pid: int
    forkserver_pid: int
    state: str
    since_us: int
    uptime_s: float
    recording_off_us: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """All that the status is made of, at `now_us` on the wall and `now_s` on the monotonic clock.

    `preparing`: the preparation's child, while there is one. `holding`: the cause that holds for each camera.
    """

    settings: Settings
    own: Own
    posts: Mapping[str, Post]
    preparing: Child | None
    holding: Mapping[str, Transition]
    measured: Measured
    problems: tuple[Problem, ...]
    now_us: int
    now_s: float
    conceal: Conceal

    def status(self) -> Status:
        """How things stand; no text in it holds a password."""
        cameras = tuple(self._camera(camera) for camera in self.settings.cameras)
        problems = tuple(replace(problem, detail=self.conceal(problem.detail)) for problem in self.problems)
        return Status(self._program(cameras), tuple(self._processes()), cameras, self.measured.disks, problems)

    def _program(self, cameras: Iterable[CameraStatus]) -> ProgramStatus:
        wanted = [camera for camera in cameras if camera.enabled]
        return ProgramStatus(
            self.settings.system.name,
            __version__,
            self.own.state,
            self.own.pid,
            self.own.since_us,
            self.now_us,
            str(self.settings.path),
            self.settings.system.timezone.key,
            sum(camera.cause == "" for camera in wanted),
            len(wanted),
            self.own.recording_off_us,
        )

    def _camera(self, camera: Camera) -> CameraStatus:
        post = self.posts.get(recorder_name(camera.id))
        beat = _beat_of(post)
        transition = self.holding.get(camera.id) or Transition(camera.id, 0, Cause.UNKNOWN)
        return CameraStatus(
            camera.id,
            camera.name,
            wants_recorder(camera),
            _state(camera, post) if self.own.pid else "stopped",
            "" if transition.cause is Cause.RECORDED else transition.cause.value,
            self.conceal(transition.detail),
            transition.since_us,
            {} if beat is None else beat.figures,
            {} if beat is None else {name: self.conceal(fact) for name, fact in beat.facts.items()},
            self._sub_stream(camera.id),
        )

    def _sub_stream(self, camera_id: str) -> Mapping[str, str | float]:
        post = self.posts.get(sub_stream.name_of(camera_id))
        if post is None or post.retired or not self.own.pid:
            return {}
        beat = _beat_of(post)
        if beat is None:
            failing = {"cause": Cause.FAULT.value, "detail": self.conceal(post.last_words)} if post.failing else {}
            return {"state": "starting", "cause": Cause.STARTING.value, "detail": ""} | failing
        told: dict[str, str | float] = {"state": beat.state, "cause": beat.cause, "detail": self.conceal(beat.detail)}
        told |= {name: beat.figures[name] for name in ("fps", "kbps") if name in beat.figures}
        return told | {name: self.conceal(beat.facts[name]) for name in ("codec", "size") if name in beat.facts}

    def _processes(self) -> Iterator[ProcessStatus]:
        own = self.own
        if not own.pid:
            return
        yield self._standing("master", own.pid)
        if own.forkserver_pid:
            yield self._standing("forkserver", own.forkserver_pid)
        if self.preparing is not None:
            yield self._running(ProcessStatus("preparation", "preparation", 0, "running"), self.preparing)
        # The few helpers first, then the many recorders.
        for name, post in sorted(self.posts.items(), key=lambda item: (item[1].wanted.kind in _MANY, item[0])):
            beat = _beat_of(post)
            detail = self.conceal(post.last_words if beat is None else beat.detail or beat.facts.get("doing", ""))
            place = ProcessStatus(name, post.wanted.kind, 0, post.state, restarts=post.restarts, detail=detail)
            yield place if post.child is None else self._running(place, post.child)

    def _standing(self, name: str, pid: int) -> ProcessStatus:
        """One that doesn't beat."""
        memory_bytes = self.measured.memory_bytes.get(pid, 0)
        return ProcessStatus(name, name, pid, self.own.state, self.own.uptime_s, memory_bytes=memory_bytes)

    def _running(self, place: ProcessStatus, child: Child) -> ProcessStatus:
        return replace(
            place,
            pid=child.pid,
            uptime_s=round(self.now_s - child.started_s, 1),
            last_beat_s=None if child.beat is None else round(self.now_s - child.silence.heard_s, 1),
            memory_bytes=self.measured.memory_bytes.get(child.pid, 0),
        )


def failing_posts(posts: Mapping[str, Post]) -> dict[str, str]:
    """What to say of processes in trouble: those that keep failing, and helpers that report a problem of their own."""
    found: dict[str, str] = {}
    for name, post in posts.items():
        beat = _beat_of(post)
        if post.failing:
            found[name] = f"{name} {post.last_words}"
        elif post.wanted.kind not in _MANY and beat is not None and (beat.cause or beat.detail):
            found[name] = f"{name}: {beat.detail or beat.cause}"
    return found


def beat_state(post: Post) -> str:
    """The child's own word for its state, empty before the first."""
    beat = _beat_of(post)
    return "" if beat is None else beat.state


def _beat_of(post: Post | None) -> Beat | None:
    return None if post is None or post.child is None else post.child.beat


def _state(camera: Camera, post: Post | None) -> str:
    """The recorder's own word while there is one."""
    beat = _beat_of(post)
    if beat is not None:
        return beat.state
    if post is not None:
        return "starting" if post.child is not None else post.state
    return "waiting" if wants_recorder(camera) else "disabled"
