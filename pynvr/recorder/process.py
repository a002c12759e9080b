"""The recorder's process: connect, record, and when that ends, say why and try again."""

import errno
import gc
import logging
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from pynvr.archive.disk import disk_error
from pynvr.archive.lock import try_lock
from pynvr.base.clock import Clock, SystemClock
from pynvr.base.errors import SourceError
from pynvr.base.files import FILE_MODE
from pynvr.base.heart import Beat, Heart
from pynvr.base.redaction import redact
from pynvr.media.feed import Feed, open_feed
from pynvr.media.source import transports
from pynvr.model.cause import Cause
from pynvr.model.settings import Camera
from pynvr.recorder import words
from pynvr.recorder.order import RecorderOrder
from pynvr.recorder.place import Place, place_of_recordings
from pynvr.recorder.retry import failures_after, next_delay_s
from pynvr.recorder.session import LEAD_US, Session
from pynvr.recorder.tally import Tally
from pynvr.recorder.window import Window, window_at

_log = logging.getLogger(__name__)

_BEAT_EVERY_S = 3.0
_NAP_S = 0.2
# Of the 3 s that the master allows; the rest is for the process to end.
_LAST_SYNC_S = 1.5

OpenFeed = Callable[[Camera, str], Feed]


def run(heart: Heart, order: RecorderOrder) -> None:
    """Record the camera until `heart.stopping`. Nothing that a camera or a disk does ends it."""
    # Frames make no cycles; what a broken connection leaves is collected when it ended.
    gc.disable()
    Recorder(heart, order, SystemClock(), open_feed, place_of_recordings(order)).run()


class Recorder:
    """The loop around the connections, and what outlives them."""

    def __init__(self, heart: Heart, order: RecorderOrder, clock: Clock, open_feed: OpenFeed, place: Place) -> None:
        self._heart = heart
        self._order = order
        self._camera = order.camera
        self._clock = clock
        self._open_feed = open_feed
        self._tally = Tally()
        self._place = place
        self._cause = ""
        self._detail = ""
        self._window: Window | None = None
        self._failures = 0
        self._attempts = 0  # since a transport last worked

    def run(self) -> None:
        lock_fd = self._lock()
        try:
            self._place.clear()
            self._place.custody.start()
            while not self._heart.stopping:
                self._run_once()
        finally:
            self._place.custody.stop(_LAST_SYNC_S)
            self._place.clear()
            os.close(lock_fd)

    def _run_once(self) -> None:
        if self._is_idle():
            return
        try:
            self._record()
        except SourceError as err:
            self._failed(err.cause, str(err))
            delay_s = next_delay_s(self._failures, self._camera.retry, random.random())
        else:
            return
        finally:
            gc.collect()
        self._wait(delay_s, self._waiting)

    def _record(self) -> None:
        """One connection, from opening it to its end."""
        self._heart.beat(words.connecting(self._camera, self._cause, self._detail))
        feed = self._open()
        if feed is None:
            return
        self._tally.begin_connection()
        session = Session(
            self._order,
            feed,
            shelf=self._place.shelf,
            syncer=self._place.custody,
            tally=self._tally,
            clock=self._clock,
            report=self._report,
        )
        try:
            session.run(self._heart)
        except SourceError:
            self._failures = failures_after(self._failures, session.recorded_s())
            if session.recorded_since_s is None:
                self._attempts += 1
            self._tally.reconnects += 1
            raise
        finally:
            feed.close()

    def _open(self) -> Feed | None:
        """The camera, or None if the process is to stop."""
        try:
            with self._heart.mortal():
                if self._heart.stopping:
                    return None
                return self._open_feed(self._camera, transports(self._camera, self._attempts))
        except SourceError:
            self._failures = failures_after(self._failures, 0)
            self._attempts += 1
            raise

    def _report(self, session: Session) -> None:
        beat = words.running(session, self._camera, self._tally, self._clock.monotonic_s())
        if session.disk_failure is not None:
            self._failed(beat.cause, beat.detail)
        elif not beat.cause:
            if self._cause:
                _log.info("%s", self._place.back)
            self._cause = self._detail = ""
        self._heart.beat(beat)

    def _is_idle(self) -> bool:
        """Wait a while if the camera is not to be recorded now or soon."""
        window, now_us = self._window, self._clock.now_us()
        if window is None or not window.holds(now_us):
            # Costs milliseconds, for it looks for the next change.
            window = self._window = window_at(self._camera.record, now_us, self._order.system.timezone)
        if window.is_on:
            return False
        if window.until_us is not None and window.until_us - now_us <= LEAD_US:
            return False
        self._cause = self._detail = ""
        self._wait(_BEAT_EVERY_S, lambda: words.idle(window.cause, ""))
        return True

    def _failed(self, cause: str, detail: str) -> None:
        detail = redact(detail)
        if (cause, detail) != (self._cause, self._detail):
            _log.warning("%s: %s (%s)", self._place.away, detail, cause)
        self._cause, self._detail = cause, detail

    def _waiting(self) -> Beat:
        return words.waiting(self._cause, self._detail, self._tally.figures(self._clock.monotonic_s()))

    def _wait(self, seconds: float, beat: Callable[[], Beat]) -> None:
        """Beat now and then until the time is over or the process is to stop."""
        until_s = self._clock.monotonic_s() + seconds
        with self._heart.mortal():
            while not self._heart.stopping:
                self._heart.beat(beat())
                left_s = until_s - self._clock.monotonic_s()
                if left_s <= 0:
                    return
                time.sleep(min(left_s, _BEAT_EVERY_S))

    def _lock(self) -> int:
        """Be this camera's only recorder: hold the lock for life, wait for a predecessor to go."""
        path = self._place.lock
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fd = _open_to_lock(path)
        except OSError as err:
            raise disk_error(err, f"make {path}") from err
        beat = words.waiting(Cause.STARTING, "the camera's last recorder is still stopping", {})
        try:
            while not try_lock(fd) and not self._heart.stopping:
                self._heart.beat(beat)
                time.sleep(_NAP_S)
        except OSError as err:
            os.close(fd)
            raise disk_error(err, f"lock {path}") from err
        return fd


def _open_to_lock(path: Path) -> int:
    """For writing, as NFS wants it; raises OSError."""
    how = os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(path, os.O_RDWR | how, FILE_MODE)
    except OSError as err:
        if err.errno not in (errno.EROFS, errno.EACCES):
            raise
    # The disk may be read-only by now, and the recordings on another.
    return os.open(path, os.O_RDONLY | how, FILE_MODE)
