"""What was sent and what is in segments, compared while the program runs, before the reaper comes."""

from collections import Counter
from pathlib import Path

import av

from pynvr.archive.paths import parse_name
from pynvr.simulator.sent import SentSession
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program, frames_of
from tests.soak.frames import CameraAccount

_LATE_MS = (10, 100, 1000, 5000)


class Ledger:
    """`late`: frames by how much later than due the simulated cameras themselves sent them."""

    def __init__(self, program: Program, server: SimulatorServer) -> None:
        self._program = program
        self._server = server
        self._last_stamp: dict[str, str] = dict.fromkeys(server.cameras, "")
        self.accounts = {name: CameraAccount() for name in server.cameras}
        self.segments = 0
        self.video_bytes = 0
        self.late: Counter[str] = Counter()
        self.latest_ms = 0.0
        self.ends: list[str] = []

    def look(self) -> None:
        """Bring all accounts up to date."""
        # First what is there, then what was sent: so all that is there was sent.
        finished = {name: self._finished(name) for name in self.accounts}
        for name in self.accounts:
            for session in self._server.take(name):
                self._add_sent(name, session)
        for name, paths in finished.items():
            for path in paths:
                self._add_segment(name, path)

    def _add_sent(self, name: str, session: SentSession) -> None:
        units = session.track("video")
        for unit in units:
            late_ms = (unit.wall_us - unit.captured_us) / 1000
            self.latest_ms = max(self.latest_ms, late_ms)
            self.late[next((f"≤ {limit} ms" for limit in _LATE_MS if late_ms <= limit), "more")] += 1
        # What never got out of the camera before its connection broke was not sent.
        frames = [(unit.core_sha256, unit.wall_us) for unit in units if unit.whole]
        self.accounts[name].add_sent(session.client, frames, session.end)
        if session.end:
            self.ends.append(f"{name}: {session.end}")

    def _finished(self, name: str) -> list[Path]:
        """Segments that weren't looked at, up to the first minute that is still a chunk."""
        folder = self._program.data_dir / "cameras" / name
        found: dict[str, dict[str, Path]] = {"mp4": {}, "chunk": {}}
        for path in folder.glob("*/*"):
            parsed = parse_name(path.name)
            if parsed is not None and parsed[1] in found and parsed[0].stamp > self._last_stamp[name]:
                found[parsed[1]][parsed[0].stamp] = path
        first_chunk = min(found["chunk"], default="~")
        return [path for stamp, path in sorted(found["mp4"].items()) if stamp < first_chunk]

    def _add_segment(self, name: str, path: Path) -> None:
        parsed = parse_name(path.name)
        assert parsed is not None
        self._last_stamp[name] = parsed[0].stamp
        try:
            size, frames = path.stat().st_size, frames_of(path)
        except (av.FFmpegError, OSError, ValueError) as err:
            self.accounts[name].problems.append(f"{path.name} can't be read: {err}")
            return
        self.segments += 1
        self.video_bytes += size
        self.accounts[name].add_segment(path.name, [frame.digest for frame in frames])
