"""What faults happen to: simulated cameras, the whole program on folders of its own, and whoever it talks to."""

import http.client
import json
import os
import random
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

from pynvr.base.errors import StoreError
from pynvr.model.incident import IncidentStatus
from pynvr.simulator.camera import Codec, SimulatedCamera
from pynvr.simulator.sent import SentUnit
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import Store
from tests.deliverer.receiver import ClipReceiver
from tests.end_to_end.program import Program
from tests.end_to_end.set_clock import SetClock
from tests.notifier.servers import Receiver
from tests.ports import free_port
from tests.torture.archive import Shelf
from tests.torture.disk import LoopDisk
from tests.torture.leaks import Meter, below, zombies
from tests.torture.proof import LASTING, US, Account, Excuse, Tail, account_for
from tests.torture.remains import clear_remains, folder_in
from tests.torture.starved import is_starved
from tests.torture.truth import unplain, untruths, untruths_when_stopped
from tests.waiting import is_overwhelmed, wait_until

FPS = 8
SEGMENT_S = 10
# What an incident asks for before its moment and behind it.
AROUND_S = 1
# On a machine that is busy with other things everything may take long.
LONG_S = 180.0
# A camera that nothing records: for whoever wants another stream.
EXTRA = "extra"
# What was sent so long before a connection's end has come; on a machine that is far too busy much later.
_LONGEST_TAIL_S = 5.0
_LONGEST_TAIL_WHEN_BUSY_S = 60.0
_TELL_AFTER_S = 20.0
# As much as that may not be written yet.
_ON_ITS_WAY_US = 5 * US
# The status may be old by this, and recording begins with a keyframe.
_UNTIL_KEYFRAME_US = 4 * US
_NOT_DELIVERED = ",".join(status for status in IncidentStatus if status != IncidentStatus.UPLOADED)
_NOBODY_THERE = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is built. `zone` and `clock`: a wall clock of its own that acts set.

    `extras`: a reaper, and a deliverer with its target; `watchers`: an analyser and a notifier too.
    """

    cameras: int
    extras: bool = True
    watchers: bool = True
    disk: bool = True
    zone: str = "UTC"
    clock: bool = False
    decode_one_in: int = 1


@dataclass(slots=True)
class Eye:
    """What is known of one camera from outside PyNVR."""

    name: str
    codec: Codec
    shelf: Shelf
    sessions: dict[tuple[str, int], list[SentUnit]] = field(default_factory=dict)
    excuses: list[Excuse] = field(default_factory=list)
    witnessed: set[str] = field(default_factory=set)
    account: Account = field(default_factory=Account)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was done, to a camera (its recorder) or, without a name, to all."""

    at_us: int
    name: str
    words: str


@dataclass(slots=True)
class Kills:
    """Processes that were killed, by kind; `at_once`: of them, together with all others."""

    by_kind: dict[str, int] = field(default_factory=dict)
    at_once: int = 0

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())

    def add(self, name: str) -> None:
        kind = name.split(maxsplit=1)[0]
        self.by_kind[kind] = self.by_kind.get(kind, 0) + 1


class Stage:
    """Started and stopped with `with`. `dice`: all chance comes from it."""

    def __init__(self, folder: Path, setting: Setting, dice: random.Random) -> None:
        self.folder, self.setting, self.dice = folder_in(folder), setting, dice
        self.names = [f"cam{number:02}" for number in range(setting.cameras)]
        self.on_disk = self.names[-1] if setting.disk else ""
        self.on_udp = self.names[5] if setting.cameras > 6 else ""
        self.kills = Kills()
        self.meter = Meter()
        self.known_wrong: set[str] = set()
        self.posted: dict[str, str] = {}  # incidents by id: their camera
        self.lag_s: list[float] = []  # how far recorders were behind when they were killed
        self.diary: list[Note] = []
        self.receiver: ClipReceiver | None = None
        self.told: Receiver | None = None
        self.disk: LoopDisk | None = None
        self.viewers: list[socket.socket] = []
        self.was_overwhelmed = False
        self._token = ""
        self._tokens = 0
        self._orders = [self._order(number) for number in range(setting.cameras)]
        size: dict[str, Any] = {"width": 160, "height": 120, "fps": FPS, "bitrate_kbps": 80}
        self.server = SimulatorServer([*self._orders, SimulatedCamera(EXTRA, gop_s=1, loop_s=4, **size)])

    def __enter__(self) -> Self:
        for words in clear_remains():
            print(f"left by a torture that was killed, and cleared away: {words}", flush=True)
        self.folder.mkdir(parents=True)
        try:
            self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "program"):
            self.program.end()
            for pid in below(self.program.folder):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        for one in (self.receiver, self.told):
            if one is not None:
                one.end()
        if self.disk is not None:
            self.disk.close()
        self.server.stop()

    def _order(self, number: int) -> SimulatedCamera:
        codec: Codec = "hevc" if number % 4 == 3 else "h264"
        return SimulatedCamera(
            self.names[number],
            codec=codec,
            width=160,
            height=120,
            fps=FPS,
            gop_s=1,
            bitrate_kbps=80,
            live=True,
            audio="pcmu" if number % 8 == 2 else "",
            # Known B-frames make decode times differ from presentation times.
            b_frames=2 if number % 8 == 4 else 0,
        )

    def _build(self) -> None:
        self.server.start()
        clock = SetClock(self.folder / "clock") if self.setting.clock else None
        self.clock = clock
        if self.setting.disk:
            self.disk = LoopDisk(self.folder / "disk.image", self.folder / "disk", 200)
        self.receiver = ClipReceiver(free_port())
        self.told = Receiver()
        listed = [self._listed(name) for name in self.names]
        top: dict[str, Any] = {}
        if self.setting.extras:
            top = {
                "reaper": [{"disk": str(self.folder / "program"), "percent": 99.9}],
            }
        if self.setting.watchers:
            top["notify"] = [{"name": "script", "kind": "webhook", "url": self.told.url}]
        self.program = Program(
            self.folder / "program",
            listed,
            {"segment_seconds": SEGMENT_S, "timezone": self.setting.zone, "durability_seconds": 2},
            clock.environment if clock else None,
            **top,
        )
        self.eyes = {
            name: Eye(name, order.codec, Shelf(self.dst(name), name, order.codec, self.setting.decode_one_in))
            for name, order in zip(self.names, self._orders, strict=True)
        }

    def dst(self, name: str) -> Path:
        if name == self.on_disk:
            return self.folder / "disk" / name
        return self.folder / "program" / "data" / "cameras" / name

    def _listed(self, name: str) -> dict[str, Any]:
        camera: dict[str, Any] = {
            "id": name,
            "url": self.server.url(name),
            "dst": str(self.dst(name)),
            # Longer than a busy machine lets anybody wait: no connection is given up but for its fault.
            "initial_timeout": 10,
            "frame_timeout": 8,
            "retry": {"first": 0.2, "longest": 1},
        }
        if self.setting.extras and name == self.names[0]:
            assert self.receiver is not None
            camera |= {"post_url": self.receiver.url, "incident": {"pre_seconds": AROUND_S, "post_seconds": AROUND_S}}
            camera |= {"live": {"url": self.server.url(EXTRA)}}
        if name == self.on_udp:
            camera |= {"transport": "udp"}
        if self.setting.watchers and name == self.names[1]:
            camera |= {"detect": {"motion": {"enabled": True}}}
        return camera

    # The program

    def start(self) -> None:
        self.program.start()
        self.wait_recording()

    def stop(self) -> None:
        for name in self.names:
            self.witness(name)
        code = self.program.stop(LONG_S)
        # Ten seconds are promised, and not on a machine that has far more to do than it can.
        is_late = is_starved() and "didn't end in time" in self.program.said()[-2000:]
        assert code == 0 or is_late, f"a stop ended with {code}:\n{self.program.said()[-2000:]}"
        wait_until(lambda: not self.alive(), LONG_S, lambda: f"{self.alive()} to end with the master")

    def begin_anew(self, from_us: int) -> None:
        """After an act that went wrong: no fault stands any more, and the program was started anew."""
        for name in self.names:
            self.server.clear(name)
        for pid in self.alive():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.program.end()
        if self.disk is not None and not self.disk.is_in():
            self.disk.mount()
        self.start()
        for name in self.names:
            self.excuse(name, from_us, "an act that went wrong")

    def let_go_on(self, pids: dict[str, int]) -> None:
        """Those of them that were stopped and are still there."""
        for name, pid in pids.items():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            self.note(_camera_of(name), f"{name} goes on")

    def kill_all(self) -> None:
        """The master and everything below it, in an order that chance gives."""
        self.kills.at_once += self._kill(self.pids())
        self.wait_ended()

    def kill_children(self) -> None:
        """Everything below the master, which starts it again."""
        self.kills.at_once += self._kill({name: pid for name, pid in self.pids().items() if name != "master"})

    def _kill(self, victims: dict[str, int]) -> int:
        """How many there were still."""
        for name in self.names:
            self.witness(name)
        self.note("", f"{len(victims)} processes are killed")
        killed = 0
        for name in self.dice.sample(sorted(victims), len(victims)):
            with suppress(ProcessLookupError):
                os.kill(victims[name], signal.SIGKILL)
                self.kills.add(name)
                killed += 1
        return killed

    def wait_ended(self) -> None:
        assert self.program.process is not None
        self.program.process.wait(LONG_S)
        wait_until(lambda: not self.alive(), LONG_S, lambda: f"{self.alive()} to end after the master")

    def alive(self) -> set[int]:
        found = below(self.program.folder)
        return found - zombies(found)

    def pids(self) -> dict[str, int]:
        """Of all processes that run, by name; `master` and `forkserver` too."""
        assert self.program.process is not None
        found = {}
        for process in self.processes():
            with suppress(psutil.Error):
                title = " ".join(process.cmdline())
                name = title.removeprefix("pynvr: ").strip()
                found["master" if process.pid == self.program.process.pid else name] = process.pid
        return {name: pid for name, pid in found.items() if name and "python" not in name}

    def processes(self) -> list[psutil.Process]:
        """The master and all that it knows of: when a forkserver was killed, its children aren't below it any more."""
        found = {process.pid: process for process in self.program.processes()}
        for listed in self.program.status().get("processes", []):
            pid = int(listed["pid"] or 0)
            with suppress(psutil.Error):
                if pid and pid not in found:
                    found |= {one.pid: one for one in psutil.Process(pid).children(recursive=True)}
                    found[pid] = psutil.Process(pid)
        return list(found.values())

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """0 if there is none just now."""
        pid = self.pids().get(name, 0)
        if pid:
            if name.startswith("recorder "):
                self.witness(name.split()[1])
            with suppress(ProcessLookupError):
                os.kill(pid, number)
                if number == signal.SIGKILL:
                    self.kills.add(name)
                self.note(_camera_of(name), f"{number.name} for {name}")
        return pid

    def wait_replaced(self, name: str, before: int) -> None:
        wait_until(
            lambda: self.program.pid_of(name) not in (0, before),
            LONG_S,
            lambda: f"another {name}; it said:\n{self.program.said()[-2000:]}",
        )

    def wait_recording(self, *names: str) -> None:
        for name in names or self.names:
            wait_until(
                lambda name=name: self.program.camera(name).get("state") == "recording",  # type: ignore[misc]
                LONG_S,
                lambda name=name: f"{name} to record; it is {self.program.camera(name)}",  # type: ignore[misc]
            )

    def wait_going_on(self, name: str) -> None:
        """Until a frame that is sent from now on is in a chunk."""
        from_us = now_us()

        def goes_on() -> bool:
            eye = self.eyes[name]
            written = set(eye.shelf.written()[-3 * FPS :])
            return any(unit.wall_us > from_us and unit.core_sha256 in written for unit in self.hear(eye))

        wait_until(goes_on, LONG_S, lambda: f"{name} to be recorded on; it is {self.program.camera(name)}")

    def hold(self, least_s: float, most_s: float) -> None:
        """A fault lasts for a while."""
        time.sleep(self.dice.uniform(least_s, most_s))

    # What is known from outside

    def witness(self, name: str) -> int:
        """What is in the camera's chunk now has to be in a segment later; gives when the last of it was sent."""
        eye = self.eyes[name]
        written = eye.shelf.written()
        eye.witnessed |= set(written)
        sent = self.hear(eye)
        if written and sent and written[-1] in (place := {unit.core_sha256: unit for unit in sent}):
            last_us = place[written[-1]].wall_us
            self.lag_s.append((sent[-1].wall_us - last_us) / US)
            return last_us + 1
        return now_us() - _ON_ITS_WAY_US

    def hear(self, eye: Eye) -> list[SentUnit]:
        """What was sent to the newest connection, after all that is new was taken over."""
        for session in self.server.take(eye.name):
            units = eye.sessions.setdefault((session.client, session.began_us), [])
            units += session.track("video")
        return list(eye.sessions.values())[-1] if eye.sessions else []

    def excuse(self, name: str, from_us: int, why: str, *, spoils: bool = False, misdates: bool = False) -> None:
        """Of what was sent from then until now, or until it records again."""
        self.eyes[name].excuses.append(Excuse(from_us, now_us() + _UNTIL_KEYFRAME_US, why, spoils, misdates))

    def note(self, name: str, words: str) -> None:
        self.diary.append(Note(now_us(), name, words))

    def reason_of(self, name: str, tail: Tail) -> str:
        """What was done to the camera and its recorder while that was sent, or just before."""
        notes = [one for one in self.diary if one.name in ("", name)]
        during = [one for one in notes if tail.began_us <= one.at_us <= tail.ended_us + US]
        before = [one for one in notes if one.at_us < tail.began_us][-1:]
        told = [f"{(one.at_us - tail.began_us) / US:+.1f} s {one.words}" for one in (*before, *during)]
        return "; ".join(told) or "nothing was done"

    def complain(self, words: str) -> None:
        if words not in self.known_wrong:
            self.known_wrong.add(words)
            print(f"    WRONG: {words}", flush=True)

    # The proof

    def prove(self, running: bool = True) -> None:
        """All is as it was promised, or becomes so soon: frames, coverage, words, processes."""
        began_s = told_s = time.monotonic()
        while True:
            wrong = self.wrong(running)
            for words in sorted(words for words in wrong if LASTING in words):
                self.complain(words)  # no waiting makes it right
            if not wrong - self.known_wrong or time.monotonic() > began_s + LONG_S:
                break
            if time.monotonic() > told_s + _TELL_AFTER_S:
                told_s = time.monotonic()
                print(f"    still, after {told_s - began_s:.0f} s: {sorted(wrong - self.known_wrong)}", flush=True)
            time.sleep(1)
        for words in sorted(wrong):
            self.complain(words)

    def wrong(self, running: bool) -> set[str]:
        wrong: set[str] = set()
        for eye in self.eyes.values():
            pieces = eye.shelf.pieces(with_chunks=running)
            self.hear(eye)  # after: else there are frames that nobody has heard of
            sessions = [sorted(units, key=lambda unit: unit.number) for units in eye.sessions.values()]
            eye.account = account_for(
                sessions, pieces, eye.excuses, () if running else eye.witnessed, ended_us=0 if running else now_us()
            )
            chunks = eye.shelf.chunks()
            if not running and chunks:
                wrong.add(f"{eye.name}: {len(chunks)} chunks are left after a stop")
            wrong |= {f"{eye.name}: {words}" for words in eye.account.wrong}
            wrong |= {f"{eye.name}: {path.name} can't be read: {why}" for path, why in eye.shelf.unreadable.items()}
            self.was_overwhelmed = self.was_overwhelmed or is_overwhelmed()
            longest_s = _LONGEST_TAIL_WHEN_BUSY_S if self.was_overwhelmed else _LONGEST_TAIL_S
            wrong |= {
                f"{eye.name}: {tail.frames} frames ({tail.seconds:.1f} s) lost at the end of a connection: "
                + self.reason_of(eye.name, tail)
                for tail in eye.account.tails
                if tail.seconds > longest_s
            }
        if not running:
            wrong |= untruths_when_stopped(self)
        if running:
            pids = self.pids()
            there = below(self.program.folder)
            wrong |= {f"zombie {pid}" for pid in zombies(there)}
            wrong |= {f"process {pid} has no place" for pid in there - {one.pid for one in self.processes()}}
            if not self.clock:
                wrong |= untruths(self)
            wrong |= unplain(self.program.status())
            self.meter.sample(pids, time.monotonic())
        return wrong

    # The site

    def open_incidents(self) -> list[dict[str, Any]]:
        """All that aren't delivered, also those that a backup of the database brought back; none if nobody answers."""
        status, answer = self.ask("GET", f"/api/incidents?status={_NOT_DELIVERED}&limit=1000")
        return list(answer["incidents"]) if status == 200 else []

    def ask(self, method: str, path: str, document: Any = None) -> tuple[int, Any]:
        """Status and JSON, as a program with an admin's token gets them; status 0 = nobody answers."""
        for _ in range(2):
            if not self._token:
                try:
                    self._make_token()
                except StoreError as err:  # it is locked, or garbage just now
                    return 0, {"error": str(err)}
            status, answer = self._asked(method, path, document)
            if status != 401:
                return status, answer
            self._token = ""  # the database was lost, and the token with it
        return status, answer

    def _make_token(self) -> None:
        self._tokens += 1
        with Store.open(f"sqlite:///{self.program.data_dir}/pynvr.sqlite", create=False) as store:
            self._token = store.tokens.create(f"torture{self._tokens}", "admin", now_us())

    def _asked(self, method: str, path: str, document: Any) -> tuple[int, Any]:
        client = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=30)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            client.request(method, path, None if document is None else json.dumps(document), headers)
            answer = client.getresponse()
            data = answer.read()
            is_json = "json" in (answer.getheader("Content-Type") or "")
            return answer.status, json.loads(data) if is_json else data
        except _NOBODY_THERE as err:
            return 0, {"error": str(err)}
        finally:
            client.close()

    @property
    def token(self) -> str:
        return self._token


def _camera_of(name: str) -> str:
    """Of a recorder's name; empty for others."""
    return name.split()[1] if name.startswith("recorder ") else ""


def now_us() -> int:
    return time.time_ns() // 1000
