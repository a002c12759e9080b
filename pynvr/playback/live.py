"""Live view: who watches which camera, and in which form. Without viewers it has no thread and no open file."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.base.clock import Clock
from pynvr.model import sub_stream
from pynvr.model.settings import Settings
from pynvr.playback.live_feed import LiveFeed
from pynvr.playback.live_items import Form, Fragment, Head, Shot, Stream
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

    def __init__(
        self, settings: Callable[[], Settings], clock: Clock, want_sub: Callable[[str], None] = lambda _: None
    ) -> None:
        """`want_sub`: told now and then, by any thread, of which camera a sub-stream is of use."""
        self._settings = settings
        self._clock = clock
        self._want_sub = want_sub
        self._lock = threading.Lock()
        self._cameras: dict[tuple[str, Stream], _Camera] = {}

    def watch(self, camera_id: str, form: Form, wake: Wake) -> "LiveView":
        """Watch a camera from its newest keyframe on; to be closed. `wake` is called from other threads."""
        camera = self._camera(camera_id, form.stream)
        if form.mode == "jpeg":
            return LiveView(camera.feed, camera.pictures, ShotQueue(wake), self._clock)
        return LiveView(camera.feed, None, FragmentQueue(wake, form.sound), self._clock)

    def feed(self, camera_id: str, stream: Stream = "sub") -> LiveFeed:
        """What is read of the camera for everybody who wants that stream."""
        return self._camera(camera_id, stream).feed

    def _camera(self, camera_id: str, stream: Stream) -> _Camera:
        with self._lock:
            found = self._cameras.get((camera_id, stream))
            if found is None:
                feed = LiveFeed(
                    camera_id,
                    lambda: self._places(camera_id, stream),
                    self._clock,
                    lambda: self._want_sub(camera_id),
                )
                found = self._cameras[camera_id, stream] = _Camera(feed, LivePictures(feed, self._clock))
            return found

    def _places(self, camera_id: str, wanted: Stream) -> Mapping[Stream, tuple[Path, ZoneInfo]]:
        settings = self._settings()
        camera = settings.camera(camera_id)
        if camera is None or not camera.enabled:
            return {}
        system = settings.system
        places: dict[Stream, tuple[Path, ZoneInfo]] = {}
        for stream in ("sub", "main") if wanted == "sub" else ("main", "sub"):
            if stream == "main" and camera.record.mode != "never":
                places["main"] = camera.dst, system.timezone
            elif stream == "sub" and sub_stream.is_there(camera):
                places["sub"] = sub_stream.folder_of(system, camera_id), sub_stream.ZONE
        return places


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
