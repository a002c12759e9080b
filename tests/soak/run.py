"""The soak itself: record, look each quarter of a minute, write that down, account for everything at the end."""

import dataclasses
import json
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pynvr.base.files import write_atomic
from pynvr.simulator.server import SimulatorServer
from tests.deliverer.receiver import ClipReceiver
from tests.end_to_end.losses import ON_ITS_WAY_US
from tests.end_to_end.program import Program
from tests.end_to_end.site import Site
from tests.soak.installation import Plan, token_for
from tests.soak.ledger import Ledger
from tests.soak.samples import sample
from tests.soak.visitor import Visitor
from tests.soak.watched_log import WatchedLog
from tests.waiting import wait_until

LOOK_EACH_S = 15.0
SAMPLES_NAME = "samples.jsonl"
ACCOUNT_NAME = "account.json"
_START_S = 300.0
_FIRST_VISIT_S = 30.0
_LAST_CLIPS_S = 180.0
_CHECK_S = 3600.0
_OPEN = "pending,extracted,uploading,waiting"


@dataclass
class Soak:
    """Keeps its findings in `folder`: a line of samples each time it looks, and the account so far."""

    plan: Plan
    folder: Path
    stopping: threading.Event = field(default_factory=threading.Event)
    _began_us: int = 0
    _cpu_began: float = 0.0
    _end: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Until the time is over or `stopping` is set."""
        self.folder.mkdir(parents=True, exist_ok=True)
        free_gb = shutil.disk_usage(self.folder).free / 1e9
        needed_gb = 1.25 * self.plan.gigabytes
        if free_gb < needed_gb:
            raise SystemExit(f"{self.folder}: {free_gb:.1f} GB are free, {needed_gb:g} are needed")
        print("drawing the cameras' clips …", flush=True)
        receiver = ClipReceiver()
        with SimulatorServer(self.plan.simulated()) as server:
            program = self.plan.program(self.folder / "pynvr", server, receiver)
            token = token_for(program)
            program.start()
            try:
                program.wait_recording(*server.cameras, timeout_s=_START_S)
                print(f"{self.plan.cameras} cameras record", flush=True)
                Site(program.port).wait()
                first_s = min(_FIRST_VISIT_S, self.plan.minutes * 20)
                visitor = Visitor(program.port, token, list(server.cameras), first_s, self.plan.pace)
                self._watch(_Watched(program, server, receiver, visitor))
            finally:
                program.end()
                receiver.end()

    def _watch(self, watched: "_Watched") -> None:
        self._began_us = time.time_ns() // 1000
        over_s = time.monotonic() + self.plan.minutes * 60
        watched.visitor.start()
        looks = 0
        while time.monotonic() < over_s and not self.stopping.is_set():
            self._look(watched)
            looks += 1
            if looks % 4 == 0:
                print(self._line(watched), flush=True)
            self.stopping.wait(LOOK_EACH_S)
        ended_us = time.time_ns() // 1000
        watched.visitor.end()
        print("the last clips, coverage, verify …", flush=True)
        self._end["incidents left"] = self._wait_for_clips(watched.visitor)
        self._end["coverage"] = self._coverage(watched, ended_us)
        self._end["verify, recording"] = _verified(watched.program)
        self._look(watched)
        self._stop(watched)

    def _stop(self, watched: "_Watched") -> None:
        program, ledger = watched.program, watched.ledger
        stopped_us = time.time_ns() // 1000
        code = program.stop()
        print("stopped; the last minutes …", flush=True)
        # Minutes that a stop on a busy machine had no time for are chunks until the next start.
        self._end["chunks left"] = sum(len(program.chunks(name)) for name in ledger.accounts)
        program.command("recover", timeout_s=_CHECK_S)
        ledger.look()
        self._end["exit code"] = code
        self._end["left waiting"] = sum(
            account.sent_before(stopped_us - ON_ITS_WAY_US) for account in ledger.accounts.values()
        )
        completed = program.command("reindex", timeout_s=_CHECK_S)
        self._end["reindex"] = completed.returncode
        self._end["verify, stopped"] = _verified(program)
        watched.log.look()
        self._write(watched)

    def _look(self, watched: "_Watched") -> None:
        program = watched.program
        assert program.process is not None
        names = {int(one["pid"]): str(one["name"]) for one in program.status().get("processes", []) if one["pid"]}
        of_program = sample(program.process.pid, names)
        of_cameras = sample(watched.server.pid, {watched.server.pid: "simulator"})
        watched.restarts = sum(int(one.get("restarts", 0)) for one in program.status().get("processes", []))
        watched.least_recording = min(
            watched.least_recording, int(program.status().get("program", {}).get("cameras_recording", 0))
        )
        line = {
            "at": round(time.time(), 1),
            "program": {name: dataclasses.astuple(one) for name, one in of_program.items()},
            "simulator": {name: dataclasses.astuple(one) for name, one in of_cameras.items()},
        }
        with (self.folder / SAMPLES_NAME).open("a") as file:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
        watched.ledger.look()
        watched.log.look()
        self._write(watched)

    def _write(self, watched: "_Watched") -> None:
        ledger, visitor = watched.ledger, watched.visitor
        accounts = ledger.accounts
        account = {
            "plan": dataclasses.asdict(self.plan),
            "began": self._began_us / 1e6,
            "written": time.time(),
            "frames": {
                kind: sum(getattr(one, kind) for one in accounts.values())
                for kind in ("sent", "found", "missing", "foreign", "waiting", "connections")
            },
            "problems": [f"{name}: {words}" for name, one in accounts.items() for words in one.problems],
            "segments": ledger.segments,
            "video_bytes": ledger.video_bytes,
            "simulator": {"late": dict(ledger.late), "latest_ms": ledger.latest_ms, "ends": ledger.ends[:100]},
            "visits": {
                "answers": visitor.answers,
                "refused": visitor.refused,
                "slowest_s": visitor.slowest_s,
                "incidents": visitor.incidents,
                "clips": len(watched.receiver.taken),
                "live_bytes": visitor.live_bytes,
                "lives": visitor.lives,
                "filled": visitor.filled,
            },
            "log": {kind: [count, watched.log.examples[kind]] for kind, count in watched.log.kinds.most_common()},
            "restarts": watched.restarts,
            "least_recording": watched.least_recording,
            "end": self._end,
        }
        write_atomic(self.folder / ACCOUNT_NAME, json.dumps(account, indent=1).encode(), mode=0o644)

    def _line(self, watched: "_Watched") -> str:
        accounts = watched.ledger.accounts.values()
        minutes = (time.time_ns() // 1000 - self._began_us) / 60e6
        return (
            f"{minutes:6.1f} min: {sum(one.sent for one in accounts):,} frames sent, "
            f"{sum(one.found for one in accounts):,} in {watched.ledger.segments:,} segments, "
            f"{sum(one.missing for one in accounts)} missing, {sum(one.foreign for one in accounts)} foreign; "
            f"cameras at most {watched.ledger.latest_ms / 1000:.1f} s late; "
            f"{sum(watched.log.kinds.values())} warnings, {len(watched.visitor.refused)} visits refused, "
            f"{len(watched.receiver.taken)} of {watched.visitor.incidents} clips"
        )

    @staticmethod
    def _wait_for_clips(visitor: Visitor) -> int:
        def left() -> int:
            answer = visitor.ask(f"/api/incidents?status={_OPEN}&limit=1")
            return int(json.loads(answer)["total"]) if answer else -1

        try:
            wait_until(lambda: left() == 0, _LAST_CLIPS_S, "the last clips")
        except AssertionError:
            return left()
        return 0

    def _coverage(self, watched: "_Watched", ended_us: int) -> dict[str, float]:
        """Seconds per cause of all cameras, from the moment when all recorded."""
        answer = watched.visitor.ask(f"/api/1/coverage?from={self._began_us / 1e6:.3f}&to={ended_us / 1e6:.3f}")
        sums: dict[str, float] = {}
        if answer:
            for camera in json.loads(answer)["payload"]["cameras"].values():
                for cause, seconds in camera["sums"].items():
                    sums[cause] = sums.get(cause, 0.0) + seconds
        return sums


@dataclass
class _Watched:
    program: Program
    server: SimulatorServer
    receiver: ClipReceiver
    visitor: Visitor
    restarts: int = 0
    least_recording: int = 1_000_000

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.program, self.server)
        self.log = WatchedLog(self.program.data_dir / "log" / "pynvr.log")


def _verified(program: Program) -> dict[str, Any]:
    try:
        completed = program.command("verify", "--json", timeout_s=_CHECK_S)
    except subprocess.TimeoutExpired:
        return {"faults": -1, "words": "took longer than an hour"}
    try:
        found = json.loads(completed.stdout)
    except ValueError:
        return {"faults": -1, "words": (completed.stdout + completed.stderr)[-500:]}
    return {
        "faults": found["faults"],
        "segments": found["segments"],
        "too_new": found["too_new"],
        "counts": found["counts"],
        "findings": found["findings"][:5],
    }
