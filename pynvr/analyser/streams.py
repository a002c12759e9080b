"""Which of a camera's streams is looked at: the sub-stream where there is one, the main one while that is silent.

A camera of mode `motion` is watched by its recording alone: what is kept of that must be exact to the frame.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.analyser.tail import ChunkTail
from pynvr.archive.chunk import BlockFrame
from pynvr.model import sub_stream
from pynvr.model.frame import Track
from pynvr.model.settings import Camera, System

# So long without a frame, and it is looked whether the other stream has some; in seconds.
SILENT_S = 5.0
_ASK_EVERY_S = 1.0


class StreamTail:
    """Of one camera; has the methods of `ChunkTail`. `wants_sub`: whether its sub-stream is of use."""

    def __init__(self, camera: Camera, system: System) -> None:
        self.wants_sub = _wants_sub(camera)
        self.place = place_of(camera, system)
        self._main: ChunkTail | None = None
        if camera.record.mode != "never":
            self._main = ChunkTail(camera.dst, camera.id, system.timezone)
        folder = sub_stream.folder_of(system, camera.id)
        self._sub = ChunkTail(folder, camera.id, sub_stream.ZONE) if self.wants_sub else None
        self._here = self._sub or self._main
        self._heard_s: float | None = None
        self._asked_s = float("-inf")
        self._there: list[BlockFrame] = []  # of the main stream, while it isn't known whether it grows

    @property
    def begun_us(self) -> int:
        """As of a `ChunkTail`; of the recording, where that matters."""
        return 0 if self._here is None else self._here.begun_us

    @property
    def video(self) -> Track | None:
        """What the present chunk says of its video."""
        return None if self._here is None else self._here.video

    def new(self, now_us: int, now_s: float) -> tuple[list[BlockFrame], bool]:
        """Video frames since the last call, and whether they begin another chunk. Raises OSError."""
        if self._here is None:
            return [], False
        frames, is_new = self._here.new(now_us, now_s)
        if frames or self._heard_s is None:
            self._heard_s = now_s
        if self._sub is None or self._main is None or now_s - self._asked_s < _ASK_EVERY_S:
            return frames, is_new
        self._asked_s = now_s
        if self._here is self._main:
            return self._back(now_us, now_s) or (frames, is_new)
        if now_s - self._heard_s >= SILENT_S:
            return self._away(now_us, now_s) or (frames, is_new)
        # Not to hold on to a file that may be deleted meanwhile.
        self._forget_main()
        return frames, is_new

    def _back(self, now_us: int, now_s: float) -> tuple[list[BlockFrame], bool] | None:
        """To the sub-stream, if it has something new; its file stays open, so what was seen isn't new."""
        assert self._sub is not None
        frames, _ = self._sub.new(now_us, now_s)
        if not frames:
            return None
        self._here, self._heard_s = self._sub, now_s
        self._forget_main()
        return frames, True

    def _away(self, now_us: int, now_s: float) -> tuple[list[BlockFrame], bool] | None:
        """To the main stream, if it grows; what it had before is of use then too."""
        assert self._main is not None
        frames, is_new = self._main.new(now_us, now_s)
        grew = bool(self._there and frames and not is_new)
        self._there = frames if is_new else self._there + frames
        if not grew:
            return None
        frames, self._there = self._there, []
        self._here, self._heard_s = self._main, now_s
        return frames, True

    def _forget_main(self) -> None:
        assert self._main is not None
        self._main.close()
        self._there = []

    def payload(self, frame: BlockFrame) -> bytes:
        """Raises ChunkError, OSError."""
        assert self._here is not None
        return self._here.payload(frame)

    def close(self) -> None:
        for tail in (self._main, self._sub):
            if tail is not None:
                tail.close()


def place_of(camera: Camera, system: System) -> tuple[Path, ZoneInfo, bool, bool]:
    """What a tail follows from; with another one there has to be another tail."""
    return camera.dst, system.timezone, camera.record.mode == "never", _wants_sub(camera)


def _wants_sub(camera: Camera) -> bool:
    return sub_stream.is_there(camera) and camera.record.mode != "motion"
