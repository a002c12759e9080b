"""What the soak records: cameras that share a few looped clips, a whole PyNVR, and a taker of its clips."""

import time
from dataclasses import dataclass
from pathlib import Path

from pynvr.config.load import load
from pynvr.simulator.camera import Look, SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import Store
from tests.deliverer.receiver import ClipReceiver
from tests.end_to_end.program import Program

_LOOKS: tuple[Look, ...] = ("day", "dusk", "overcast", "night")


@dataclass(frozen=True)
class Plan:
    """`gigabytes`: the reaper keeps the recordings below that."""

    cameras: int = 64
    minutes: float = 60
    width: int = 1920
    height: int = 1080
    fps: int = 30
    kbps: int = 4000
    gigabytes: float = 20
    segment_s: int = 60

    @property
    def pace(self) -> float:
        """So many times faster than usual comes what comes with each segment, and the visitor."""
        return 60 / self.segment_s

    def simulated(self) -> list[SimulatedCamera]:
        """A keyframe each 2 s; neighbours show different clips, so that no camera's frames pass for the next one's."""
        return [
            SimulatedCamera(
                f"cam{number:02d}",
                width=self.width,
                height=self.height,
                fps=self.fps,
                gop_s=2,
                bitrate_kbps=self.kbps,
                scene=_LOOKS[number % len(_LOOKS)],
                look=_LOOKS[number % len(_LOOKS)],
            )
            for number in range(self.cameras)
        ]

    def program(self, folder: Path, server: SimulatorServer, receiver: ClipReceiver) -> Program:
        cameras = [{"id": name, "url": server.url(name), "post_url": receiver.url} for name in server.cameras]
        reaper = [{"disk": str(folder), "max_gb": self.gigabytes}]
        return Program(folder, cameras, {"segment_seconds": self.segment_s}, reaper=reaper)


def token_for(program: Program) -> str:
    """Of a new admin; before the program starts."""
    settings = load(program.config)
    with Store.open(settings.system.database) as store:
        now_us = time.time_ns() // 1000
        store.users.add("soak", "soak-password", "admin", now_us)
        return store.tokens.create("soak", "admin", now_us)
