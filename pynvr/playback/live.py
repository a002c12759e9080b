"""Live view: who watches which camera, and in which form. Without viewers it has no thread and no open file."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.base.clock import Clock
from pynvr.model.settings import Settings
from pynvr.playback.live_feed import LiveFeed
from pynvr.playback.live_items import Fragment, Head, Mode, Shot
from pynvr.playback.live_pace import Pace
from pynvr.playback.live_pictures import LivePictures
from pynvr.playback.live_queue import FragmentQueue, ShotQueue, Wake

# Longer than any camera's usual pause between frames.
_LIVE_WITHIN_S = 3.0


@dataclass(slots=True)
class _Camera:
    feed: LiveFeed
    pictures: LivePictures


class Live:
    """One per process, for all its threads."""

    def __init__(self, settings: Callable[[], Settings], clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._cameras: dict[str, _Camera] = {}

    def watch(self, camera_id: str, mode: Mode, wake: Wake, sound: bool = False) -> "LiveView":
        """Watch a camera from its newest keyframe on; to be closed. `wake` is called from other threads."""
        camera = self._camera(camera_id)
        if mode == "jpeg":
            return LiveView(camera.feed, camera.pictures, ShotQueue(wake), self._clock)
        return LiveView(camera.feed, None, FragmentQueue(wake, sound), self._clock)

    def feed(self, camera_id: str) -> LiveFeed:
        """What is read of the camera for everybody."""
        return self._camera(camera_id).feed

    def _camera(self, camera_id: str) -> _Camera:
        with self._lock:
            found = self._cameras.get(camera_id)
            if found is None:
                feed = LiveFeed(camera_id, lambda: self._where(camera_id), self._clock)
                found = self._cameras[camera_id] = _Camera(feed, LivePictures(feed, self._clock))
            return found

    def _where(self, camera_id: str) -> tuple[Path, ZoneInfo] | None:
        settings = self._settings()
        camera = settings.camera(camera_id)
        return None if camera is None or not camera.enabled else (camera.dst, settings.system.timezone)


class LiveView:
    """One viewer of one camera. `pictures` None: MP4."""

    def __init__(
        self, feed: LiveFeed, pictures: LivePictures | None, queue: FragmentQueue | ShotQueue, clock: Clock
    ) -> None:
        self._feed = feed
        self._pictures = pictures
        self._queue = queue
        self._clock = clock
        self._attached = False
        self.resume()

    @property
    def is_paused(self) -> bool:
        return not self._attached

    def pause(self) -> None:
        """Nothing is taken in any more; what waits is still given."""
        if self._attached:
            self._attached = False
            if isinstance(self._queue, ShotQueue):
                assert self._pictures is not None
                self._pictures.detach(self._queue)
            else:
                self._feed.detach(self._queue)

    def resume(self) -> None:
        """Go on with the present."""
        if not self._attached:
            self._attached = True
            if isinstance(self._queue, ShotQueue):
                assert self._pictures is not None
                self._pictures.attach(self._queue)
            else:
                self._feed.attach(self._queue)

    close = pause

    def take(self) -> Head | Fragment | Shot | None:
        """The next that is to be sent; None if nothing waits."""
        return self._queue.take()

    @property
    def pace(self) -> Pace:
        return self._feed.pace if self._pictures is None else self._pictures.pace

    @property
    def frames(self) -> int:
        """Frames of video, or pictures, handed to this viewer so far."""
        return self._queue.frames

    @property
    def dropped(self) -> int:
        """Those that this viewer wasn't given, because it couldn't keep up."""
        return self._queue.dropped

    @property
    def is_live(self) -> bool:
        """Whether frames come."""
        return self._clock.monotonic_s() - self._feed.last_s < _LIVE_WITHIN_S
