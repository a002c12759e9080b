"""Recordings, incidents of them, and a clock moved by hand."""

from pathlib import Path

from pynvr.deliverer.cutting import Cutter
from pynvr.model.incident import Incident, clip_path
from pynvr.playback.footage import Footage
from tests.archive.clips import ANCHOR_US
from tests.playback.recording import Recording

S = 1_000_000


class HandClock:
    def __init__(self, at_us: int) -> None:
        self.at_us = at_us

    def now_us(self) -> int:
        return self.at_us

    def monotonic_s(self) -> float:
        return self.at_us / S


class Scene:
    """`made`: what is recorded from ANCHOR_US on; now is an hour later."""

    def __init__(self, folder: Path) -> None:
        self.made = Recording(folder)
        self.clock = HandClock(ANCHOR_US + 3600 * S)
        self.store = self.made.store
        self.footage = Footage(self.store, lambda: self.made.settings, self.clock)
        self.cutter = Cutter(self.store, self.footage, lambda: self.made.settings, self.clock)
        self._keys = 0

    def report(self, from_s: float, to_s: float, *, camera_id: str = "gate", **more: object) -> Incident:
        """An incident that wants this time of the recording."""
        self._keys += 1
        at_us = ANCHOR_US + round(from_s * S)
        new = Incident(camera_id, at_us, 0, round((to_s - from_s) * S), f"k{self._keys}", self.clock.now_us(), **more)  # type: ignore[arg-type]
        return self.store.incidents.add(new)

    def cut(self, incident: Incident) -> tuple[Incident, Path]:
        """After one turn: the incident, and where its clip is."""
        self.cutter.turn()
        return self.now(incident), self.path(incident)

    def now(self, incident: Incident) -> Incident:
        found = self.store.incidents.get(incident.id)
        assert found is not None
        return found

    def path(self, incident: Incident) -> Path:
        return clip_path(self.made.settings.system, incident)
