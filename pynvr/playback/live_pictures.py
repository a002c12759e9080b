"""A camera's present as JPEGs: decoded once for all who want it so, and not faster than eyes need it."""

import logging
import threading
import time

from pynvr.base.clock import Clock
from pynvr.base.errors import MediaError
from pynvr.media.jpeg import to_jpeg
from pynvr.media.live_decoder import LiveDecoder
from pynvr.media.still import Picture
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.live_feed import LiveFeed
from pynvr.playback.live_items import Fragment, Head, Shot
from pynvr.playback.live_pace import Pace
from pynvr.playback.live_queue import FragmentQueue, ShotQueue

MOST_A_SECOND = 15
WIDEST = 1280
_QUALITY = 70
_WAIT_S = 1.0

_log = logging.getLogger(__name__)


class LivePictures:
    """Decodes while there is somebody to decode for. `pace`: of the pictures handed out."""

    def __init__(self, feed: LiveFeed, clock: Clock) -> None:
        self.pace = Pace()
        self._feed = feed
        self._clock = clock
        self._lock = threading.Lock()
        self._queues: list[ShotQueue] = []
        self._newest: Shot | None = None
        self._runs = False

    def attach(self, queue: ShotQueue) -> None:
        """Give it the newest picture, and from then on every one. Raises RuntimeError as `LiveFeed.attach` does."""
        with self._lock:
            if not self._runs:
                threading.Thread(target=self._run, name=f"pictures {self._feed.camera_id}", daemon=True).start()
                self._runs = True
            self._queues.append(queue)
            if self._newest is not None:
                queue.put(self._newest)

    def detach(self, queue: ShotQueue) -> None:
        """From when this returns on, the queue isn't touched. Idempotent."""
        with self._lock:
            if queue in self._queues:
                self._queues.remove(queue)

    def _is_over(self) -> bool:
        with self._lock:
            if self._queues:
                return False
            self._runs = False
            self._newest = None
            self.pace.restart()
            return True

    def _run(self) -> None:
        is_refused = False
        while not self._is_over():
            came = threading.Event()
            samples = FragmentQueue(came.set, sound=False)
            try:
                self._feed.attach(samples)
            except RuntimeError as err:  # no thread can be started for the feed now
                if not is_refused:
                    _log.warning("pictures of camera %s wait: %s", self._feed.camera_id, err)
                is_refused = True
                came.wait(_WAIT_S)
                continue
            is_refused = False
            try:
                _Decoding(self, samples, came, self._clock).run()
            except Exception:
                _log.exception("pictures of camera %s broke off", self._feed.camera_id)
                came.wait(_WAIT_S)
            finally:
                self._feed.detach(samples)

    @property
    def is_wanted(self) -> bool:
        with self._lock:
            return bool(self._queues)

    def hand_out(self, shot: Shot, took_s: float) -> None:
        """By the decoding thread."""
        self.pace.note(self._clock.monotonic_s(), took_s)
        with self._lock:
            self._newest = shot
            for queue in self._queues:
                queue.put(shot)


class _Decoding:
    """From samples to shots, until nobody wants them."""

    def __init__(self, pictures: LivePictures, samples: FragmentQueue, came: threading.Event, clock: Clock) -> None:
        self._pictures = pictures
        self._samples = samples
        self._came = came
        self._clock = clock
        self._decoder: LiveDecoder | None = None
        self._needs_key = True
        self._dropped = 0
        self._shot_s = float("-inf")
        self._spent_s = 0.0

    def run(self) -> None:
        while self._pictures.is_wanted:
            self._came.wait(_WAIT_S)
            self._came.clear()
            newest: tuple[Picture, Fragment] | None = None
            # What has come together is decoded together, and the newest is shown.
            while (item := self._samples.take()) is not None:
                if isinstance(item, Head):
                    self._begin(item)
                elif (picture := self._decoded(item)) is not None:
                    newest = picture, item
            if newest is not None and self._clock.monotonic_s() - self._shot_s >= 1 / MOST_A_SECOND:
                self._shoot(*newest)

    def _begin(self, head: Head) -> None:
        self._needs_key = True
        try:
            self._decoder = LiveDecoder(head.video.codec, head.video.sample_entry)
        except MediaError as err:
            self._decoder = None
            _log.warning("no pictures of a camera: %s", err)

    def _decoded(self, fragment: Fragment) -> Picture | None:
        if self._decoder is None or (self._needs_key and not fragment.is_key):
            return None
        if self._samples.dropped != self._dropped:
            self._dropped = self._samples.dropped
            self._decoder.restart()
        self._needs_key = False
        began_s = time.perf_counter()
        try:
            return self._decoder.decode(memoryview(fragment.data)[fragment.sample_at :])
        except MediaError:
            self._needs_key = True  # a damaged one; the next keyframe mends it
            return None
        finally:
            self._spent_s += time.perf_counter() - began_s

    def _shoot(self, picture: Picture, fragment: Fragment) -> None:
        began_s = time.perf_counter()
        width, height = picture.fitted(WIDEST)
        try:
            data = to_jpeg(picture, WIDEST, _QUALITY)
        except MediaError:
            return
        now_s = self._clock.monotonic_s()
        self._shot_s = now_s
        shown_us = fragment.origin_us + round(fragment.begin_s * MICROSECONDS)
        self._pictures.hand_out(Shot(data, width, height, shown_us), self._spent_s + time.perf_counter() - began_s)
        self._spent_s = 0.0
