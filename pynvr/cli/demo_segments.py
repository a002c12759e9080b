"""What the demo says of each finished segment."""

from pathlib import Path
from typing import Self

from pynvr.archive.paths import preview_path, segment_path
from pynvr.base.errors import PyNVRError
from pynvr.model.segment import Segment
from pynvr.model.settings import Settings
from pynvr.model.stamp import local
from pynvr.store.store import Store

_FAR_US = 2**62
_AT_ONCE = 100


class FinishedSegments:
    """A line for each segment that was finished since `since_us`, once. A look costs the same however long it runs."""

    def __init__(self, settings: Settings, since_us: int) -> None:
        self._settings = settings
        self._store: Store | None = None
        # A camera's segments are finished one after the other.
        self._last_us = {camera.id: since_us - 1 for camera in settings.cameras}
        self.count = 0

    def new_lines(self) -> list[str]:
        """Empty while the database isn't made yet, or busy: the next look is soon."""
        try:
            if self._store is None:
                self._store = Store.open(self._settings.system.database, create=False)
            new = [segment for camera_id in self._last_us for segment in self._new(self._store, camera_id)]
        except PyNVRError:
            self.close()
            return []
        self.count += len(new)
        return [_line(segment, self._settings) for segment in sorted(new, key=lambda segment: segment.start_us)]

    def _new(self, store: Store, camera_id: str) -> list[Segment]:
        last_us = self._last_us[camera_id]
        new = store.segments.page(camera_id, last_us, _FAR_US, limit=_AT_ONCE, after_us=last_us)
        if new:
            self._last_us[camera_id] = new[-1].start_us
        return new

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _line(segment: Segment, settings: Settings) -> str:
    path = segment_path(Path(segment.dst), segment.camera_id, segment.stamp)
    picture = preview_path(settings.system.jpg_cache_dir, segment.camera_id, segment.stamp)
    start = local(segment.start_us, settings.system.timezone).strftime("%H:%M:%S")
    seconds = (segment.end_us - segment.start_us) / 1e6
    figures = f"{seconds:5.1f} s {segment.frames:5d} frames {segment.file_bytes / 1e6:6.1f} MB"
    return f"{start}  {segment.camera_id:<5} {figures}  {path}" + ("" if picture.exists() else "  (picture follows)")
