"""What a killed recorder costs: frames that the camera had sent and that are in no segment."""

import json
import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import av

from benchmarks.installation import PyNVR, simulated, wait_for
from benchmarks.table import Row
from pynvr.archive.index import read_records
from pynvr.simulator.sent import hash_sample
from pynvr.simulator.server import SimulatorServer

CAMERAS = 4
KILLS = 12
# What was sent so shortly before the kill may still have been on its way to the process.
IN_FLIGHT_US = 50_000


def run() -> list[Row]:
    """Kill recorders at random moments, one after the other, then account for every frame."""
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place, simulated(CAMERAS, keep_sent=True) as server:
        nvr = PyNVR(Path(place).absolute() / "pynvr", server, segment_seconds=10)
        with nvr.running():
            wait_for(lambda: nvr.recording() == CAMERAS, 60, "all cameras to record")
            killed = [_kill_one(nvr) for _ in range(KILLS)]
            wait_for(lambda: nvr.recording() == CAMERAS, 60, "all cameras to record again")
            time.sleep(2)
        lost = [frames for name in nvr.names for frames in _lost(nvr, server, name, killed)]
    return [
        Row(
            f"frames lost by a kill of a recorder ({len(lost)} kills)",
            f"at most {max(lost)}, mean {sum(lost) / len(lost):.2f}",
            "≤ 1",
            max(lost) <= 1,
        )
    ]


def _kill_one(nvr: PyNVR) -> tuple[str, int]:
    """Name and instant."""
    time.sleep(random.uniform(0.3, 1.5))
    wait_for(lambda: nvr.recording() == CAMERAS, 60, "all cameras to record again")
    time.sleep(2.5)
    status = json.loads((nvr.folder / "data/run/status.json").read_text())
    victims = [process for process in status["processes"] if process["kind"] == "recorder" and process["pid"]]
    victim = random.choice(victims)
    os.kill(victim["pid"], signal.SIGKILL)
    return victim["name"].removeprefix("recorder "), time.time_ns() // 1000


def _lost(nvr: PyNVR, server: SimulatorServer, name: str, killed: list[tuple[str, int]]) -> Iterator[int]:
    """For each kill of this camera's recorder: frames that were there to be recorded and are not."""
    instants = [at_us for victim, at_us in killed if victim == name]
    recorded = list(_recorded(nvr, name))
    for session in server.sent(name):
        units = session.track("video")
        first_key = next((number for number, unit in enumerate(units) if unit.is_key), len(units))
        matching = 0
        for unit, digest in zip(units[first_key:], recorded, strict=False):
            if unit.core_sha256 != digest:
                break
            matching += 1
        del recorded[:matching]
        ended_us = session.ended_us or time.time_ns() // 1000
        at_us = next((at_us for at_us in instants if session.began_us < at_us <= ended_us + IN_FLIGHT_US), None)
        if at_us is not None:
            yield sum(unit.wall_us < at_us - IN_FLIGHT_US for unit in units[first_key + matching :])
    if recorded:
        raise RuntimeError(f"{name}: {len(recorded)} frames recorded that were not sent in this order")


def _recorded(nvr: PyNVR, name: str) -> Iterator[str]:
    """Digests of all frames, in the order of the segments' exact starts."""
    dst = nvr.folder / "data/cameras" / name
    found = sorted(
        (record.start_us, path.parent / f"{name}.{record.stamp}.mp4")
        for path in dst.glob("*/*.index")
        for record in read_records(path)
    )
    for _, path in found:
        with av.open(str(path)) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    yield hash_sample(bytes(packet), "h264")
