"""Where the CPU goes: PyAV's bare demuxing, beside all of ffmpeg and all of a recorder, on the same cameras."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.installation import PyNVR, ffmpegs, simulated, wait_for
from benchmarks.table import Row

CAMERAS = 2
_DEMUX = """
import sys, av
av.logging.set_level(None)
container = av.open(sys.argv[1], options={"rtsp_transport": "tcp"}, timeout=(10, 5))
for packet in container.demux(video=0):
    pass
"""


def run(seconds: int) -> list[Row]:
    """CPU per camera-minute of each, all at once."""
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place, simulated(CAMERAS, keep_sent=False) as server:
        folder = Path(place).absolute()
        nvr = PyNVR(folder / "pynvr", server)
        with nvr.running() as program, ffmpegs(folder / "ffmpeg", server, CAMERAS) as others:
            bare = [subprocess.Popen([sys.executable, "-c", _DEMUX, server.url(name)]) for name in nvr.names]
            try:
                wait_for(lambda: nvr.recording() == CAMERAS, 60, "all cameras to record")
                time.sleep(5)
                recorders = [
                    child.pid
                    for child in psutil.Process(program.pid).children(recursive=True)
                    if "recorder" in " ".join(child.cmdline())
                ]
                who = {
                    "ffmpeg -c copy -f segment": [process.pid for process in others],
                    "PyAV, demuxing alone, nothing kept": [process.pid for process in bare],
                    "PyNVR's recorder": recorders,
                }
                before = {what: _cpu_s(pids) for what, pids in who.items()}
                began = time.monotonic()
                time.sleep(seconds)
                minutes = (time.monotonic() - began) / 60 * CAMERAS
                after = {what: _cpu_s(pids) for what, pids in who.items()}
            finally:
                for process in bare:
                    process.kill()
                    process.wait()
    return [Row(f"{what}, CPU per camera-minute", f"{(after[what] - before[what]) / minutes:.3f} s") for what in who]


def _cpu_s(pids: list[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(each.user + each.system for each in times)
