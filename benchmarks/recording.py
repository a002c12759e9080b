"""What recording costs: CPU, memory and bytes of the whole program, beside ffmpeg recording the same cameras."""

import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from pathlib import Path

from benchmarks.installation import PyNVR, ffmpegs, simulated, wait_for
from benchmarks.table import Row
from benchmarks.usage import usage_of
from pynvr.archive.index import read_records
from pynvr.simulator.server import SimulatorServer

FEW, MANY = 16, 64
STOPPING_US = 300_000


def run(cameras: int, seconds: int, with_peer: bool = True) -> list[Row]:
    """Record `cameras` for `seconds` (a multiple of 60 sees each camera's minutes finished as often)."""
    # Under the working folder: what is measured is a disk, and /tmp may be memory.
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place, simulated(cameras, keep_sent=True) as server:
        folder = Path(place).absolute()
        nvr = PyNVR(folder / "pynvr", server)
        with nvr.running() as program:
            # Before the peer is there: how fast a start is.
            started_s = wait_for(lambda: nvr.recording() == cameras, 60, "all cameras to record")
            with ffmpegs(folder / "ffmpeg", server, cameras if with_peer else 0) as others:
                time.sleep(10)
                at_start = usage_of(program.pid)
                peer_start = usage_of(*(process.pid for process in others))
                simulator_start = usage_of(server.pid)
                began = time.monotonic()
                time.sleep(seconds)
                elapsed_s = time.monotonic() - began
                at_end = usage_of(program.pid)
                peer_end = usage_of(*(process.pid for process in others))
                simulator_end = usage_of(server.pid)
            stopped_us = time.time_ns() // 1000
        lost, frames, video_bytes = _account(nvr, server, stopped_us)
        written = at_end.written_bytes
    minutes = elapsed_s / 60 * cameras
    cpu = (at_end.cpu_s - at_start.cpu_s) / minutes
    memory_mb = at_end.pss_bytes / cameras / 1e6
    cores = (at_end.cpu_s - at_start.cpu_s) / elapsed_s
    rows = [
        Row(
            f"{cameras} cameras, until all record",
            f"{started_s:.1f} s",
            "≤ 5 s after the first keyframes, which come at once",
            started_s <= 5 if cameras >= MANY else None,
        ),
        Row(f"{cameras} cameras, CPU per camera-minute, whole program", f"{cpu:.3f} s"),
        Row(f"{cameras} cameras, cores in use", f"{cores:.2f}", "< 1", cores < 1 if cameras >= MANY else None),
        Row(f"{cameras} cameras, frames lost", f"{lost} of {frames}", "0", lost == 0),
        Row(
            f"{cameras} cameras, bytes written per byte of video",
            f"{written / video_bytes:.3f}",
            "≤ 1.05",
            written / video_bytes <= 1.05,
        ),
        Row(
            f"{cameras} cameras, simulator's CPU",
            f"{(simulator_end.cpu_s - simulator_start.cpu_s) / elapsed_s:.2f} cores",
        ),
    ]
    if others:
        peer_cpu = (peer_end.cpu_s - peer_start.cpu_s) / minutes
        peer_mb = peer_end.pss_bytes / cameras / 1e6
        rows += [
            Row(
                f"{cameras} cameras, CPU beside ffmpeg's {peer_cpu:.3f} s",
                f"{cpu / peer_cpu:.2f}",
                "≤ 0.9",
                cpu <= 0.9 * peer_cpu,
            ),
            Row(
                f"{cameras} cameras, memory (PSS) per camera beside ffmpeg's {peer_mb:.1f} MB",
                f"{memory_mb:.1f} MB, {memory_mb / peer_mb:.2f}",
                "≤ 8 MB, ≤ 0.5" if cameras >= MANY else "",
                (memory_mb <= 8 and memory_mb <= 0.5 * peer_mb) if cameras >= MANY else None,
            ),
        ]
    else:
        reached = memory_mb <= 8 if cameras >= MANY else None
        rows.append(Row(f"{cameras} cameras, memory (PSS) per camera", f"{memory_mb:.1f} MB", "≤ 8 MB", reached))
    return rows


def _account(nvr: PyNVR, server: SimulatorServer, stopped_us: int) -> tuple[int, int, int]:
    """Frames lost, frames recorded, bytes of video, from the day indexes after the stop and what was sent."""
    lost = frames = video_bytes = 0
    for name in nvr.names:
        records = [
            record for path in (nvr.folder / "data/cameras" / name).glob("*/*.index") for record in read_records(path)
        ]
        recorded = sum(record.video.count for record in records)
        frames += recorded
        video_bytes += sum(sum(array_of(record.video.sizes)) for record in records)
        # The first session is PyNVR's; the peer connects later.
        units = server.sent(name)[0].track("video")
        first_key = next(number for number, unit in enumerate(units) if unit.is_key)
        # What was on its way while the program stopped isn't asked for.
        wanted = [unit for unit in units[first_key:] if unit.wall_us < stopped_us - STOPPING_US]
        lost += max(0, len(wanted) - recorded)
    return lost, frames, video_bytes


def array_of(raw: bytes) -> Sequence[int]:
    """The numbers of an index record's array."""
    numbers = array("I", raw)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
