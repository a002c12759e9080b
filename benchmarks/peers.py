"""What else Debian has to record a camera with, each recording the same few cameras at the same time.

All keep the camera's own frames. `motion` looks for movement as well, which it can't leave out: it decodes every frame.
ZoneMinder isn't here: its capturing process (`zmc`) reads its camera out of a MySQL database and ends without one.
"""

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.installation import PyNVR, ffmpegs, simulated, wait_for
from benchmarks.table import Row
from benchmarks.usage import Usage, usage_of
from pynvr.simulator.server import SimulatorServer

CAMERAS = 4
# It decodes: more of them would fill a small machine.
MOTION_CAMERAS = 1
_PYNVR, _FFMPEG = "PyNVR, all of it (site, previews, catalog)", "ffmpeg -c copy -f segment"
_GSTREAMER, _MOTION = "GStreamer, rtspsrc ! … ! splitmuxsink", "motion, movie_passthrough"


def run(seconds: int) -> list[Row]:
    """CPU and memory a camera, side by side. A program that isn't installed is told."""
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place, simulated(CAMERAS) as server:
        folder = Path(place).absolute()
        nvr = PyNVR(folder / "pynvr", server)
        with (
            nvr.running() as program,
            ffmpegs(folder / "ffmpeg", server, CAMERAS) as ffmpeg,
            _gstreamers(folder / "gstreamer", server) as gstreamer,
            _motion(folder / "motion", server) as motion,
        ):
            wait_for(lambda: nvr.recording() == CAMERAS, 120, "all cameras to record")
            running = {
                _PYNVR: ([program], CAMERAS),
                _FFMPEG: (ffmpeg, CAMERAS),
                _GSTREAMER: (gstreamer, CAMERAS),
                _MOTION: (motion, MOTION_CAMERAS),
            }
            for name in _FOLDERS:
                wait_for(lambda name=name: _has_recorded(folder, name), 120, f"{name} to record")  # type: ignore[misc]
            time.sleep(5)
            before = _used(running)
            began = time.monotonic()
            time.sleep(seconds)
            minutes = (time.monotonic() - began) / 60
            after = _used(running)
            words = {name: _words(folder, name) for name in _FOLDERS}
    found = []
    peer_s = _cpu_s(before, after, _FFMPEG) / minutes / CAMERAS
    for name, (processes, cameras) in running.items():
        if not processes:
            found.append(Row(name, "isn't installed here"))
        elif name not in before or name not in after:
            found.append(Row(name, f"ended by itself: {words.get(name, '')}"))
        else:
            cpu_s = _cpu_s(before, after, name) / minutes / cameras
            memory_mb = after[name].pss_bytes / cameras / 1e6
            figures = f"{cpu_s:.2f} s of CPU per camera-minute, {cpu_s / peer_s:.2f} × ffmpeg"
            found.append(Row(name, f"{figures}; {memory_mb:.0f} MB per camera at {cameras}"))
    return [*found, Row("ZoneMinder's zmc", "can't record without its MySQL database: left out")]


def _used(running: dict[str, tuple[list[subprocess.Popen[bytes]], int]]) -> dict[str, Usage]:
    """Of those that still run: whoever has ended uses nothing, and must not win by that."""
    return {
        name: usage_of(*(one.pid for one in processes))
        for name, (processes, _) in running.items()
        if processes and all(one.poll() is None for one in processes)
    }


def _cpu_s(before: dict[str, Usage], after: dict[str, Usage], name: str) -> float:
    return after[name].cpu_s - before[name].cpu_s


_FOLDERS = {_FFMPEG: "ffmpeg", _GSTREAMER: "gstreamer", _MOTION: "motion"}


def _has_recorded(folder: Path, name: str) -> bool:
    if name in {_GSTREAMER, _MOTION} and not _command(name):
        return True
    if "ERROR" in _words(folder, name):
        return True  # told later
    return any(path.stat().st_size > 100_000 for path in (folder / _FOLDERS[name]).rglob("*.m*"))


def _command(name: str) -> str | None:
    return shutil.which("gst-launch-1.0" if name == _GSTREAMER else "motion")


def _words(folder: Path, name: str) -> str:
    return " ".join(
        " ".join(path.read_text(errors="replace").split())[:300] for path in (folder / _FOLDERS[name]).glob("*.txt")
    )


@contextlib.contextmanager
def _gstreamers(folder: Path, server: SimulatorServer) -> Iterator[list[subprocess.Popen[bytes]]]:
    # Without the timestamper the MP4 gives up on a busy machine: "Buffer has no PTS".
    processes = []
    folder.mkdir()
    for name in list(server.cameras) if _command(_GSTREAMER) else []:
        words = f"rtspsrc location={server.url(name)} protocols=tcp ! rtph264depay ! h264parse"
        words += " ! h264timestamper ! splitmuxsink"
        words += f" location={folder}/{name}.%05d.mp4 max-size-time=60000000000"
        with (folder / f"{name}.txt").open("wb") as output:
            command = ["gst-launch-1.0", "-q", *words.split()]
            processes.append(subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT))
    with _ended(processes):
        yield processes


@contextlib.contextmanager
def _motion(folder: Path, server: SimulatorServer) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Told that everything is movement, so that it records all the time."""
    processes = []
    folder.mkdir()
    if _command(_MOTION):
        name = next(iter(server.cameras))
        settings = {
            "daemon": "off",
            "setup_mode": "off",
            "netcam_url": server.url(name),
            "netcam_params": "rtsp_transport=tcp",
            "width": 1920,
            "height": 1080,
            "framerate": 30,
            "emulate_motion": "on",
            "picture_output": "off",
            "movie_output": "on",
            "movie_codec": "mp4",
            "movie_passthrough": "on",
            "movie_max_time": 60,
            "text_left": "",
            "text_right": "",
            "target_dir": folder,
            "webcontrol_port": 0,
            "stream_port": 0,
        }
        path = folder / "motion.conf"
        path.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        with (folder / "output.txt").open("wb") as output:
            command = ["motion", "-n", "-c", str(path)]
            processes.append(subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT))
    with _ended(processes):
        yield processes


@contextlib.contextmanager
def _ended(processes: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
