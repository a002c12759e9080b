"""What detection costs: the analyser beside 16 cameras of 1080p30 that are being recorded."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.installation import PyNVR, camera_names, wait_for
from benchmarks.table import Row
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer

CAMERAS = 16
_MOTION: dict[str, Any] = {"motion": {"enabled": True, "fps": 1}}
_KEYFRAMES: dict[str, Any] = {"motion": {"enabled": True}}
_FACES: dict[str, Any] = {"faces": {"enabled": True, "fps": 1}}
# What is asked for, and the seconds between keyframes.
QUESTIONS: dict[str, tuple[dict[str, Any], float]] = {
    "motion, 1 fps, a keyframe a second": (_MOTION, 1),
    "motion, keyframes only, one each 2 s": (_KEYFRAMES, 2),
    "motion, 1 fps, a keyframe each 2 s": (_MOTION, 2),
    "faces, 1 fps, a keyframe a second": (_FACES, 1),
}


def run(seconds: int, names: tuple[str, ...] = tuple(QUESTIONS)) -> list[Row]:
    """A row for each question."""
    return [_measured(name, *QUESTIONS[name], seconds) for name in names]


def _measured(name: str, detect: dict[str, Any], gop_s: float, seconds: int) -> Row:
    cameras = [
        SimulatedCamera(one, width=1920, height=1080, fps=30, gop_s=gop_s, bitrate_kbps=4000, scene="bench", loop_s=4)
        for one in camera_names(CAMERAS)
    ]
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place, SimulatorServer(cameras) as server:
        nvr = PyNVR(Path(place).absolute() / "pynvr", server)
        document = json.loads(nvr.config.read_text())
        nvr.config.write_text(json.dumps({**document, "defaults": {"detect": detect}}))
        with nvr.running():
            wait_for(lambda: nvr.recording() == CAMERAS, 120, "all cameras to record")
            wait_for(lambda: _numbers(nvr)[0] > 0, 120, "the analyser's first picture")
            time.sleep(5)
            process = psutil.Process(_analyser(nvr)["pid"])
            before, pictures, began_s = process.cpu_times(), _numbers(nvr), time.monotonic()
            time.sleep(seconds)
            after, took_s = process.cpu_times(), time.monotonic() - began_s
            looked, missed = (later - earlier for later, earlier in zip(_numbers(nvr), pictures, strict=True))
            memory_mb = process.memory_full_info().pss / 1e6
    cpu_s = after.user + after.system - before.user - before.system
    cores = cpu_s / took_s
    a_picture_ms = 1000 * cpu_s / max(looked, 1)
    said = f"{cores:.2f} cores, {looked / took_s:.1f} pictures/s, {a_picture_ms:.0f} ms each, {missed} left out"
    is_target = detect == _MOTION and gop_s == 1
    # On a machine that does other things too, it looks at fewer: what all of them would take is what counts.
    whole = CAMERAS * a_picture_ms / 1000
    return Row(
        f"{CAMERAS} cameras, {name}",
        f"{said}; {memory_mb:.0f} MB",
        "16 pictures/s within 0.5 cores" if is_target else "",
        whole <= 0.5 if is_target else None,
    )


def _analyser(nvr: PyNVR) -> dict[str, Any]:
    try:
        status = json.loads((nvr.folder / "data/run/status.json").read_text())
    except FileNotFoundError:
        return {}
    return next((one for one in status["processes"] if one["name"] == "analyser"), {})


def _numbers(nvr: PyNVR) -> tuple[int, int]:
    """Pictures looked at and left out, of the words in the status."""
    words = _analyser(nvr).get("detail", "").replace(",", "").split()
    numbers = [int(word) for word in words if word.isdigit()]
    return (numbers[0], numbers[2]) if len(numbers) == 3 else (0, 0)
