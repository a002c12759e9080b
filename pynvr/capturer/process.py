"""A capture's process: `run` is all that the supervisor knows of it."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from pynvr.archive.capture_folder import CaptureFolder, CaptureState, Standing, remove_oldest
from pynvr.base.clock import Clock, SystemClock
from pynvr.base.conceal import Conceal, secrets_of
from pynvr.base.counted import counted
from pynvr.base.errors import DiskError, SourceError
from pynvr.base.heart import Beat, Heart
from pynvr.capturer.brightest import Brightest
from pynvr.capturer.look import Look
from pynvr.capturer.order import CaptureOrder
from pynvr.media.feed import Feed, open_feed
from pynvr.media.source import transports
from pynvr.model.cause import Cause
from pynvr.model.frame import VIDEO_TRACK
from pynvr.model.settings import Camera

# Ended captures that are kept to be looked at, the one that begins among them.
KEEP = 8
# A camera that was seen and went away is waited for so long.
PATIENCE_S = 60.0
_WITHIN_S = 30.0
_BEAT_EVERY_S = 1.0
_STATE_EVERY_S = 2.0
_LONGEST_DELAY_S = 8.0
_NAP_S = 0.1

_log = logging.getLogger(__name__)

OpenFeed = Callable[[Camera, str], Feed]


def run(heart: Heart, order: CaptureOrder) -> None:
    """Look at the stream until `heart.stopping`, its end, or the longest time a capture may take."""
    Capture(heart, order, SystemClock(), open_feed).run()


class Capture:
    """From the first connection to the end; goes on where a process before it, which died, had come to."""

    def __init__(self, heart: Heart, order: CaptureOrder, clock: Clock, open_feed: OpenFeed) -> None:
        self._heart = heart
        self._camera = order.camera
        self._order = order
        self._clock = clock
        self._open_feed = open_feed
        self._conceal = Conceal(secrets_of([order.camera.url]))
        self._folder = CaptureFolder(order.folder / order.camera.id)
        shown = self._conceal(order.camera.safe_url)
        self._state = self._folder.read() or CaptureState(shown, order.started_us)
        self._seen_s = clock.monotonic_s() if self._state.frames else None
        self._beat_s = self._written_s = float("-inf")

    def run(self) -> None:
        """Raises DiskError if the capture's folder can't be written."""
        if self._state.ended_us:
            return  # the process before this one died just after its last word
        try:
            self._say("connecting")
            remove_oldest(self._order.folder, KEEP, self._order.running | {self._folder.id})
            brightest = Brightest(self._folder)
            why = self._look_until_over(brightest)
            brightest.end()
            self._state = replace(self._state, ended_us=self._clock.now_us())
            self._say("ended", why)
        except OSError as err:
            raise DiskError(
                f"a capture can't be stored in {self._folder.path}: {err.strerror}", Cause.DISK_MISSING
            ) from err
        _log.info("the capture of %s has ended%s", self._state.url, f": {why}" if why else "")

    def _look_until_over(self, brightest: Brightest) -> str:
        """Why it is over; empty if somebody stopped it."""
        failures = 0
        while True:
            began_s = self._clock.monotonic_s()
            try:
                self._look(brightest, failures)
            except SourceError as err:
                failures = failures + 1 if self._seen_s is None or self._seen_s < began_s else 1
                why = self._conceal(str(err))
            else:
                why = ""
            if self._is_stopping():
                return ""
            if self._is_over():
                return f"it took {self._order.longest_s / 60:g} minutes, which is the longest a capture may take"
            if not self._may_try_again(failures):
                return why
            self._say("waiting", why)
            self._wait(min(_LONGEST_DELAY_S, 2.0 ** (failures - 1)))
            if self._is_stopping():
                return ""

    def _look(self, brightest: Brightest, attempt: int) -> None:
        """One connection; returns when it is to end. Raises SourceError, OSError."""
        self._beat(2 * self._camera.initial_timeout_s + _WITHIN_S)
        with self._heart.mortal():
            if self._is_stopping():
                return
            feed = self._open_feed(self._camera, transports(self._camera, attempt))
        look = Look(brightest, self._clock, feed.timescales[VIDEO_TRACK])
        try:
            for unit in feed.units():
                former = feed.formers[VIDEO_TRACK]
                for sample in former.feed(unit) if unit.track == VIDEO_TRACK else ():
                    assert former.track is not None
                    look.take(sample, former.track)
                self._note(look, unit.arrival_s)
                if self._is_stopping() or self._is_over():
                    return
        finally:
            feed.close()
            self._count(look)

    def _note(self, look: Look, now_s: float) -> None:
        """Say now and then how it goes."""
        if look.frames and self._state.state != "capturing":
            self._count(look)
            self._say("capturing")
        if now_s - self._beat_s >= _BEAT_EVERY_S:
            self._count(look)
            self._beat(_WITHIN_S)
            if now_s - self._written_s >= _STATE_EVERY_S:
                self._say(self._state.state)

    def _count(self, look: Look) -> None:
        """Take over what was counted since the last call."""
        counted = look.counted()
        if counted.frames:
            self._seen_s = self._clock.monotonic_s()
        self._state = replace(
            self._state,
            frames=self._state.frames + counted.frames,
            left_out=self._state.left_out + counted.left_out,
            width=counted.width or self._state.width,
            height=counted.height or self._state.height,
        )

    def _may_try_again(self, failures: int) -> bool:
        if urlsplit(self._camera.url).scheme.lower() in ("", "file"):
            return False  # a file has an end
        if self._seen_s is None:
            # Nobody waits for a camera that never answered; `auto` has a second way to ask it.
            return self._camera.transport == "auto" and failures < 2
        return self._clock.monotonic_s() - self._seen_s < PATIENCE_S

    def _is_stopping(self) -> bool:
        return self._heart.stopping  # a call, for it changes at any moment

    def _is_over(self) -> bool:
        return self._clock.now_us() - self._order.started_us >= self._order.longest_s * 1e6

    def _wait(self, seconds: float) -> None:
        until_s = self._clock.monotonic_s() + seconds
        while not self._is_stopping() and self._clock.monotonic_s() < until_s:
            self._beat(_WITHIN_S)
            time.sleep(_NAP_S)

    def _say(self, state: Standing, detail: str = "") -> None:
        """Write down how it stands; raises OSError."""
        self._written_s = self._clock.monotonic_s()
        self._state = replace(self._state, state=state, detail=detail)
        self._folder.write(self._state)
        self._beat(_WITHIN_S)

    def _beat(self, within_s: float) -> None:
        state = self._state
        self._beat_s = self._clock.monotonic_s()
        doing = f"{state.state}: looked at {counted(state.frames, 'picture')} of {state.url}"
        figures = {"frames": float(state.frames), "left_out": float(state.left_out)}
        self._heart.beat(Beat(state.state, within_s, figures=figures, facts={"doing": doing}))
