"""One connection to a camera: its units into chunks, with a beat now and then, until it ends."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pynvr.base.clock import Clock
from pynvr.base.errors import DiskError, SourceError
from pynvr.base.heart import Heart
from pynvr.media.clock_map import ClockMap
from pynvr.media.feed import Feed
from pynvr.media.unit import Unit
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK
from pynvr.recorder.cutter import Cutter
from pynvr.recorder.order import RecorderOrder
from pynvr.recorder.place import Custody
from pynvr.recorder.settling import settle
from pynvr.recorder.shelf import Shelf
from pynvr.recorder.tally import Tally

_BEAT_EVERY_S = 1.0
# After a failure of the disk, a keyframe may find it well again; one that is all keyframes needn't ask each time.
_DISK_RETRY_S = 1.0
# A camera whose schedule starts again soon stays connected.
LEAD_US = 10_000_000

Report = Callable[["Session"], None]


class Session:
    """Records one open feed. `report` is called at each change between recording and not, and about each second.

    `disk_failure`: why the disk takes nothing now, None while it does. The camera isn't let go for that: the first
    keyframe after there is room, or the disk is back, is recorded.
    """

    def __init__(
        self,
        order: RecorderOrder,
        feed: Feed,
        *,
        shelf: Shelf,
        syncer: Custody,
        tally: Tally,
        clock: Clock,
        report: Report,
    ) -> None:
        self.feed = feed
        self.clocks = {track: ClockMap(scale, feed.delays[track], clock) for track, scale in feed.timescales.items()}
        self.cutter = Cutter(order, self.clocks, shelf, syncer, tally, lost_packets=feed.lost_packets)
        self.recorded_since_s: float | None = None
        self.disk_failure: DiskError | None = None
        self._disk_retry_s = 0.0
        self._video = feed.formers[VIDEO_TRACK]
        self._audio = feed.formers.get(AUDIO_TRACK)
        self._syncer = syncer
        self._clock = clock
        self._report = report
        self._next_beat_s = 0.0
        self._opened_s = clock.monotonic_s()
        self._was_recording = False
        self._since = ""
        self._facts: dict[str, str] = {}
        self._facts_of: Path | None = None

    def run(self, heart: Heart) -> None:
        """Record until the process is to stop or the schedule ends.

        Raises SourceError when the stream ends or breaks; the chunk is handed on.
        """
        try:
            self._run(heart)
        finally:
            self._finish()
            self.cutter.end()

    def _run(self, heart: Heart) -> None:
        units = self.feed.units()
        early, failure = settle(units, self.feed.timescales[VIDEO_TRACK])
        for unit in early:
            self._take(unit)
        if failure is not None:
            raise failure
        take = self._take
        for unit in units:
            take(unit)
            if unit.arrival_s >= self._next_beat_s:
                self._each_second(unit.arrival_s)
                if self._is_off_for_long():
                    return
            if heart.stopping:
                return

    def recorded_s(self) -> float:
        """How long this connection recorded."""
        return 0.0 if self.recorded_since_s is None else self._clock.monotonic_s() - self.recorded_since_s

    def waited_s(self) -> float:
        """How long ago the connection was opened."""
        return self._clock.monotonic_s() - self._opened_s

    def facts(self) -> dict[str, str]:
        """Words for the status; gathered anew when another chunk began."""
        if self._facts_of is not self.cutter.path or not self._facts:
            self._facts_of = self.cutter.path
            self._facts = self._gathered()
        return self._facts

    def _gathered(self) -> dict[str, str]:
        facts = self.feed.facts()
        if self.cutter.tracks:
            video = self.cutter.tracks[VIDEO_TRACK]
            facts |= {
                "codec": video.codec,
                "size": f"{video.width}x{video.height}",
                "declared_fps": f"{float(video.frame_rate):g}",
                "audio": self.cutter.tracks[AUDIO_TRACK].codec if len(self.cutter.tracks) > AUDIO_TRACK else "",
                "chunk": self.cutter.path.name if self.cutter.path is not None else "",
                "since": self._since,
            }
        return facts

    def _take(self, unit: Unit) -> None:
        try:
            if unit.track == VIDEO_TRACK:
                for sample in self._video.feed(unit):
                    if sample.is_key:
                        self._keyframe(sample.pts, unit.arrival_s)
                    self.cutter.take_video(sample)
            elif self._audio is not None:
                for sample in self._audio.feed(unit):
                    self.cutter.take_audio(sample)
            if self._syncer.failure is not None:
                self._syncer.raise_failure()
        except DiskError as err:
            self._disk_failed(err, unit.arrival_s)

    def _finish(self) -> None:
        """Record what decoders and encoders still hold."""
        at_s = self._clock.monotonic_s()
        try:
            for sample in self._video.finish():
                if sample.is_key:
                    self._keyframe(sample.pts, at_s)
                self.cutter.take_video(sample)
            for sample in self._audio.finish() if self._audio is not None else ():
                self.cutter.take_audio(sample)
        except DiskError as err:
            self._disk_failed(err, at_s)
        except SourceError:
            pass  # an encoder that broke; why the connection ended is said already

    def _disk_failed(self, err: DiskError, at_s: float) -> None:
        self.cutter.end()
        # A copy, for the error's traceback leads to much that would be kept: the collector is off.
        self.disk_failure = DiskError(str(err), err.cause)
        self._disk_retry_s = at_s + _DISK_RETRY_S
        self._next_beat_s = at_s

    def _keyframe(self, pts: int, at_s: float) -> None:
        assert self._video.track is not None
        if self.disk_failure is not None and at_s < self._disk_retry_s:
            return
        try:
            self.cutter.keyframe(pts, self._video.track, None if self._audio is None else self._audio.track)
        except DiskError as err:
            self._disk_failed(err, at_s)
            return
        self._ask_for_key()
        if self.cutter.is_recording:
            self.disk_failure = None
        if self.cutter.is_recording and not self._was_recording:
            if self.recorded_since_s is None:
                self.recorded_since_s = at_s
                since_s = self._clock.now_us() // 1_000_000
                self._since = datetime.fromtimestamp(since_s, UTC).isoformat()
            self._next_beat_s = at_s

    def _ask_for_key(self) -> None:
        boundary_pts = self.cutter.boundary_pts
        if boundary_pts is not None:
            self._video.key_at(boundary_pts)

    def _each_second(self, at_s: float) -> None:
        self._next_beat_s = at_s + _BEAT_EVERY_S
        self._was_recording = self.cutter.is_recording
        for clock in self.clocks.values():
            clock.look_at_wall()
        self._ask_for_key()
        self._report(self)

    def _is_off_for_long(self) -> bool:
        window = self.cutter.window
        if window is None or window.is_on or self.cutter.is_recording:
            return False
        return window.until_us is None or window.until_us - self._clock.now_us() > LEAD_US
