"""PyNVR and its peer as programs of their own, recording the same simulated cameras."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer


def camera_names(count: int) -> list[str]:
    return [f"cam{number:02d}" for number in range(count)]


@contextlib.contextmanager
def simulated(count: int, keep_sent: bool = False) -> Iterator[SimulatorServer]:
    """So many 1080p30 cameras of 4 Mbit/s H.264, a keyframe each 2 s, that share one looped clip."""
    cameras = [
        SimulatedCamera(name, width=1920, height=1080, fps=30, gop_s=2, bitrate_kbps=4000, scene="bench")
        for name in camera_names(count)
    ]
    with SimulatorServer(cameras, keep_sent=keep_sent) as server:
        yield server


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class PyNVR:
    """The program in the foreground, its data below `folder`."""

    def __init__(self, folder: Path, server: SimulatorServer, **system: Any) -> None:
        self.folder = folder
        self.names = list(server.cameras)
        document = {
            "system": {"data_dir": str(folder / "data"), "timezone": "UTC", "server": {"port": free_port()}, **system},
            "cameras": [{"id": name, "url": server.url(name)} for name in self.names],
            "reaper": [{"disk": str(folder), "percent": 99.5}],
        }
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "nvr.json"
        self.config.write_text(json.dumps(document))
        self.config.chmod(0o600)

    @contextlib.contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "pynvr", "--config", str(self.config), "foreground"]
        with (self.folder / "output.txt").open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def recording(self) -> int:
        """How many cameras record now."""
        try:
            status = json.loads((self.folder / "data/run/status.json").read_text())
        except FileNotFoundError:
            return 0
        return sum(camera["state"] == "recording" for camera in status["cameras"])

    def segments(self) -> list[Path]:
        return sorted((self.folder / "data").rglob("*.mp4"))


@contextlib.contextmanager
def ffmpegs(folder: Path, server: SimulatorServer, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The peer: one `ffmpeg -c copy -f segment` for each of the first cameras, cut by the clock, nothing else."""
    processes = []
    for name in list(server.cameras)[:count]:
        (folder / name).mkdir(parents=True, exist_ok=True)
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", server.url(name)]
        command += ["-c", "copy", "-f", "segment", "-segment_time", "60", "-segment_atclocktime", "1"]
        command += ["-reset_timestamps", "1", "-strftime", "1", str(folder / name / "%Y%m%d.%H%M%S.mp4")]
        processes.append(subprocess.Popen(command))
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def wait_for(condition: Callable[[], bool], timeout_s: float, what: str) -> float:
    """Seconds until the condition held."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > timeout_s:
            raise TimeoutError(f"waited {timeout_s:g} s in vain for {what}")
        time.sleep(0.05)
    return time.monotonic() - began
