"""What was recovered of chunks that end without a last sync: their recorder was killed or the power went, or the disk
refused that sync or took too long for it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pynvr.archive.index import IndexRecord
from pynvr.base.counted import counted
from pynvr.finisher.outcome import Finished, Outcome, Sifted
from pynvr.model.stamp import local

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Sum:
    """Of one camera. `start_us`, `end_us`: of the first and the last frame, both 0 while there is none."""

    chunks: int = 0
    frames: int = 0
    start_us: int = 0
    end_us: int = 0

    def add(self, record: IndexRecord) -> None:
        self.start_us = min(self.start_us, record.start_us) if self.frames else record.start_us
        self.end_us = max(self.end_us, record.end_us)
        self.frames += record.video.count


class LeftBehind:
    """Sums it up for each camera, for one line of the log once all is finished."""

    def __init__(self) -> None:
        self._sums: dict[str, _Sum] = {}

    def note(self, outcome: Outcome) -> None:
        """What became of a chunk; all but one that was left counts for nothing."""
        if isinstance(outcome, Finished | Sifted) and outcome.was_left:
            # A camera's id has no dots.
            found = self._sums.setdefault(outcome.path.name.partition(".")[0], _Sum())
            found.chunks += 1
            for segment in outcome.parts if isinstance(outcome, Sifted) else (outcome,):
                found.add(segment.record)

    def tell(self, zone: ZoneInfo, called: Callable[[str], str] = str) -> None:
        """Log what was noted since the last time. `called`: what people read of a camera, by its id."""
        for camera_id, found in sorted(self._sums.items()):
            chunks = counted(found.chunks, "chunk")
            logger.info("camera %s: recovered %s without a last sync: %s", called(camera_id), chunks, _of(found, zone))
        self._sums.clear()


def _of(found: _Sum, zone: ZoneInfo) -> str:
    if not found.frames:
        return "none of it is to be kept"
    start, end = local(found.start_us, zone), local(found.end_us, zone)
    day = "" if end.date() == start.date() else "%Y-%m-%d "
    return f"{counted(found.frames, 'frame')}, {start:%Y-%m-%d %H:%M:%S} to {end.strftime(day + '%H:%M:%S %Z')}"
