"""`python -m tests.end_to_end.hostile CONFIG HOW`: PyNVR with a detector of faces that is slow, crashes or hangs."""

import os
import signal
import sys
import time
from pathlib import Path

from pynvr.analyser.process import run as analyse
from pynvr.base.heart import Heart
from pynvr.media.still import Picture
from pynvr.model.box import Box
from pynvr.model.settings import DetectorSettings, Settings
from pynvr.supervisor.program import run
from pynvr.supervisor.roster import TARGETS
from pynvr.vision.detector import Found
from pynvr.vision.detectors import MAKERS


class Slow:
    """Takes three times as long as there is between two pictures."""

    def look(self, picture: Picture, at_us: int, settings: DetectorSettings) -> list[Found]:
        until_s = time.monotonic() + 3
        while time.monotonic() < until_s:
            sum(range(1000))
        return [Found(0.9, Box(0, 0, 1, 1))]


class Crashing:
    """Takes the process with it, as a library can."""

    def look(self, picture: Picture, at_us: int, settings: DetectorSettings) -> list[Found]:
        os.kill(os.getpid(), signal.SIGSEGV)
        return []


class Failing:
    def look(self, picture: Picture, at_us: int, settings: DetectorSettings) -> list[Found]:
        raise ValueError("no such picture was expected")


class Hanging:
    def look(self, picture: Picture, at_us: int, settings: DetectorSettings) -> list[Found]:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        while True:
            time.sleep(1000)


def _analyser(
    heart: Heart, settings: Settings, detector: type[Slow | Crashing | Failing | Hanging], within_s: float = 60
) -> None:
    analyse(heart, settings, {**MAKERS, "face": detector}, within_s=within_s)


def slow(heart: Heart, settings: Settings) -> None:
    _analyser(heart, settings, Slow)


def crashing(heart: Heart, settings: Settings) -> None:
    _analyser(heart, settings, Crashing)


def failing(heart: Heart, settings: Settings) -> None:
    _analyser(heart, settings, Failing)


def hanging(heart: Heart, settings: Settings) -> None:
    _analyser(heart, settings, Hanging, within_s=4)


if __name__ == "__main__":
    target = f"tests.end_to_end.hostile:{sys.argv[2]}"
    run(Path(sys.argv[1]), to_stderr=True, on_ready=lambda: None, targets={**TARGETS, "analyser": target})
