"""PyNVR as its user has it: a configuration, the program in the foreground, its files."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import psutil

from pynvr.archive.index import read_records
from pynvr.archive.paths import index_path
from pynvr.simulator.sent import hash_sample
from tests.ports import free_port
from tests.waiting import PATIENCE_S, wait_until

PYNVR = Path(sys.executable).parent / "pynvr"


@dataclass(frozen=True)
class Recorded:
    """One video frame of a segment: digest of its slices, presentation in seconds of the file, whether a keyframe."""

    digest: str
    time_s: float
    is_key: bool


class Program:
    """One installation in a folder of its own; `cameras` as in nvr.json."""

    def __init__(
        self,
        folder: Path,
        cameras: list[dict[str, Any]],
        system: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        **top: Any,
    ):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.environment = {**os.environ, **(environment or {})}
        self.config = folder / "nvr.json"
        self.data_dir = folder / "data"
        self.port = free_port()
        self.system = {
            "data_dir": str(self.data_dir),
            "segment_seconds": 10,
            "timezone": "UTC",
            "server": {"port": self.port},
            **(system or {}),
        }
        self.cameras = cameras
        self.top = top
        self.output = folder / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self.write_config()

    def write_config(self) -> None:
        document = {"system": self.system, "cameras": self.cameras, **self.top}
        self.write_text(json.dumps(document, indent=2))

    def write_text(self, text: str) -> None:
        """nvr.json, as a whole."""
        temporary = self.config.with_suffix(".new")
        temporary.write_text(text)
        temporary.chmod(0o600)
        temporary.replace(self.config)

    def command(self, *arguments: str, timeout_s: float = 2 * PATIENCE_S) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PYNVR, "--config", self.config, *arguments],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            cwd=self.folder,
            env=self.environment,
            check=False,
        )

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [PYNVR, "--config", self.config, "foreground"],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=self.environment,
            )

    def stop(self, timeout_s: float = PATIENCE_S) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def complete(self) -> None:
        """What a stop leaves to the next start: the last records and pictures, and on a busy machine chunks."""
        for verb in ("recover", "reindex"):
            completed = self.command(verb)
            assert completed.returncode == 0, completed.stdout + completed.stderr

    def end(self) -> None:
        """Whatever a test left running ends here."""
        if self.process is None:
            return
        everything = self.processes()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for process in everything:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def processes(self) -> list[psutil.Process]:
        """The master and all below it."""
        assert self.process is not None
        try:
            master = psutil.Process(self.process.pid)
            return [master, *master.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def status(self) -> dict[str, Any]:
        """What status.json says of the program that runs now; empty before its first word."""
        try:
            status = dict(json.loads((self.data_dir / "run" / "status.json").read_text()))
        except FileNotFoundError:
            return {}
        return status if self.process is not None and status["program"]["pid"] == self.process.pid else {}

    def camera(self, camera_id: str) -> dict[str, Any]:
        for camera in self.status().get("cameras", []):
            if camera["id"] == camera_id:
                return dict(camera)
        return {}

    def pid_of(self, name: str) -> int:
        for process in self.status().get("processes", []):
            if process["name"] == name:
                return int(process["pid"] or 0)
        return 0

    def wait_recording(self, *camera_ids: str, timeout_s: float = 30) -> None:
        for camera_id in camera_ids:
            wait_until(
                lambda camera_id=camera_id: self.camera(camera_id).get("state") == "recording",  # type: ignore[misc]
                timeout_s,
                lambda: f"{camera_ids} to record; the program said:\n{self.said()}",
            )

    def said(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def segments(self, camera_id: str) -> list[Path]:
        return sorted((self.data_dir / "cameras" / camera_id).glob(f"*/{camera_id}.*.mp4"))

    def chunks(self, camera_id: str) -> list[Path]:
        return sorted((self.data_dir / "cameras" / camera_id).glob(f"*/{camera_id}.*.chunk"))

    def bytes_written(self) -> int:
        """All bytes of all files below the folder that hold a text of theirs; for searching secrets."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Dated:
    """A segment and what the day index says of it."""

    path: Path
    start_us: int
    end_us: int


def dated(program: Program, camera_id: str) -> list[Dated]:
    """All segments by their exact start; fails if index and folder don't agree."""
    dst = program.data_dir / "cameras" / camera_id
    days = [folder.name for folder in dst.iterdir() if folder.is_dir()]
    found = [
        Dated(dst / day / f"{camera_id}.{record.stamp}.mp4", record.start_us, record.end_us)
        for day in days
        for record in read_records(index_path(dst, camera_id, day))
    ]
    assert sorted(one.path for one in found) == program.segments(camera_id)
    return sorted(found, key=lambda one: one.start_us)


def frames_of(path: Path) -> list[Recorded]:
    """Every video frame of an MP4, as PyAV reads it, in decode order."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        assert stream.time_base is not None
        return [
            Recorded(hash_sample(bytes(packet), codec), float((packet.pts or 0) * stream.time_base), packet.is_keyframe)
            for packet in container.demux(stream)
            if packet.size
        ]


def ffmpeg_complaints(*paths: Path) -> str:
    """What ffmpeg has to say while it decodes all of these files; empty = nothing."""
    # Else it rounds the frames' times to its guess of the frame rate, and complains of its own result.
    as_it_is = ("-fps_mode", "passthrough", "-enc_time_base:v", "-1")
    # A thread is enough for small pictures, and one process for many files: it costs more to start than to decode.
    inputs = [word for path in paths for word in ("-threads", "1", "-i", str(path))]
    outputs = [word for at in range(len(paths)) for word in ("-map", str(at), *as_it_is, "-f", "null", "-")]
    command = ["ffmpeg", "-nostdin", "-v", "error", *inputs, *outputs]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def complaints_of(paths: Iterable[Path]) -> dict[str, str]:
    """By name, the files that ffmpeg doesn't decode without a complaint, and what it says."""
    files = list(paths)
    if not files or not ffmpeg_complaints(*files):
        return {}
    return {path.name: ffmpeg_complaints(path) for path in files}


def repeated(digests: list[str]) -> list[str]:
    return [digest for digest, count in Counter(digests).items() if count > 1]


def is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
