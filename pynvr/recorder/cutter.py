"""Samples into chunks: where one ends and the next begins, and when each frame was."""

from collections.abc import Callable
from pathlib import Path

from pynvr.archive.writer import ChunkWriter
from pynvr.media.clock_map import ClockMap
from pynvr.media.unit import Sample, make_frame
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK, Frame, Track
from pynvr.model.stamp import next_boundary_us
from pynvr.model.ticks import MICROSECONDS, to_us
from pynvr.recorder.order import RecorderOrder
from pynvr.recorder.place import Custody
from pynvr.recorder.shelf import Shelf
from pynvr.recorder.tally import Tally
from pynvr.recorder.window import Window, window_at

# A camera that sends nothing for so much longer than from frame to frame pauses.
_PAUSE_US = MICROSECONDS
# More than a time service corrects while a chunk grows.
_SET_US = MICROSECONDS // 2


class Cutter:
    """Owns the growing chunk of one connection.

    A chunk begins with a keyframe: the first one, the first at or after each boundary, the first after the stream
    was described anew or its clock was found to be off, the first inside the schedule. `window`: whether frames of
    the last video's time are to be recorded. `lost_packets`: how many the recorder itself has lost so far.
    """

    def __init__(
        self,
        order: RecorderOrder,
        clocks: dict[int, ClockMap],
        shelf: Shelf,
        syncer: Custody,
        tally: Tally,
        *,
        lost_packets: Callable[[], int] = lambda: 0,
    ) -> None:
        self.window: Window | None = None
        self.path: Path | None = None
        self.tracks: tuple[Track, ...] = ()
        self._camera = order.camera
        self._system = order.system
        self._clocks = clocks
        self._shelf = shelf
        self._longest_bytes = shelf.longest_bytes
        self._syncer = syncer
        self._tally = tally
        self._lost_packets = lost_packets
        self._lost_before = 0  # when the chunk began
        self._writer: ChunkWriter | None = None
        self._anchor_pts = 0
        self._anchor_us = 0
        self._wall_us = 0  # where the machine's clock stood when it began
        self._frames_before = 0  # frames of all chunks before this one
        self._boundary_us = 0
        self._off_us = float("inf")  # end of the schedule's period
        self._timescale, self._two_timescales = 1, 2

    @property
    def is_recording(self) -> bool:
        return self._writer is not None

    @property
    def boundary_pts(self) -> int | None:
        """The first tick of the video's clock at which the next cut may be; None while nothing is recorded."""
        if self._writer is None:
            return None
        # Steering at the border counts too: the frame's time in the segment that it begins decides.
        began_us = self._clocks[VIDEO_TRACK].steered_time_us(self._anchor_pts)
        ticks = -((began_us - self._boundary_us) * self.tracks[0].timescale // MICROSECONDS)
        return self._anchor_pts + ticks + 1

    def keyframe(self, pts: int, track: Track, audio: Track | None) -> None:
        """A keyframe comes next, and these are the tracks from it on: cut if it is time. Raises DiskError."""
        clock = self._clocks[VIDEO_TRACK]
        tracks = (track,) if audio is None else (track, audio)
        if self._is_due(pts, clock, tracks):
            self._cut(pts, clock, tracks)

    def take_video(self, sample: Sample) -> None:
        """A frame. Raises DiskError."""
        tally = self._tally
        if self._writer is None:
            tally.skipped_frames += 1
            return
        pts, dts, duration, is_key, payload, size = sample
        # By the chunk's own anchor, so that the ticks can be had back from it to the tick.
        ticks = pts - self._anchor_pts
        time_us = self._anchor_us + (ticks * 2_000_000 + self._timescale) // self._two_timescales
        if time_us >= self._off_us:
            self._is_on(time_us)
            self.end()
            tally.skipped_frames += 1
            return
        self._writer.append(make_frame((VIDEO_TRACK, time_us, pts, dts, duration, is_key, payload, size)))
        tally.frames += 1
        tally.bytes += size
        tally.last_frame_us = time_us
        if is_key:
            tally.keyframes += 1
            self._syncer.keyframe()
        if self._writer.bytes_written > self._longest_bytes:
            self.end()

    def take_audio(self, sample: Sample) -> None:
        """A packet of sound; it goes into the chunk that is open. Raises DiskError."""
        clock = self._clocks[AUDIO_TRACK]
        if self._writer is None or len(self.tracks) <= AUDIO_TRACK:
            return
        if not clock.is_anchored:
            clock.steer()
        self._writer.append(Frame(AUDIO_TRACK, clock.time_us(sample.pts), *sample))
        self._tally.bytes += sample.size

    def end(self) -> None:
        """Nothing is recorded until the next keyframe; the chunk is handed on."""
        if self._writer is not None:
            self._syncer.follow(None)
            self._writer = None
            self.path = None

    def _is_due(self, pts: int, clock: ClockMap, tracks: tuple[Track, ...]) -> bool:
        at_us = clock.steered_time_us(pts)
        if not self._is_on(at_us):
            return False
        if self._writer is None or self.tracks != tracks:
            return True
        # The time that the frame would have in the new segment decides, so that its name is of that minute.
        return at_us >= self._boundary_us or clock.is_off()

    def _cut(self, pts: int, clock: ClockMap, tracks: tuple[Track, ...]) -> None:
        for each in self._clocks.values():
            if each.is_observed:
                each.steer()
        at_us = clock.time_us(pts)
        try:
            writer = self._shelf.begin(tracks, pts, at_us, self._tally.fps)
        except BaseException:
            self.end()
            raise
        lost_before, self._lost_before = self._lost_before, self._lost_packets()
        if self._writer is not None and self._lost_before == lost_before:
            self._note_pause(pts, at_us)
        self._syncer.follow(writer)
        self._writer, self.path, self.tracks = writer, writer.path, tracks
        self._anchor_pts, self._anchor_us = pts, at_us
        self._frames_before, self._wall_us = self._tally.frames, clock.wall_us
        self._timescale, self._two_timescales = tracks[0].timescale, 2 * tracks[0].timescale
        assert self.window is not None
        self._off_us = float("inf") if self.window.until_us is None else self.window.until_us
        self._boundary_us = next_boundary_us(at_us, self._system.segment_s, self._system.timezone)

    def _note_pause(self, pts: int, at_us: int) -> None:
        """Between two chunks of one connection; within one there is nothing to be explained.

        A recorder that lost packets doesn't know whether the camera paused, and is to blame itself.
        """
        tally = self._tally
        # Of the whole chunk: a camera that stutters has no rate just then.
        usual_us = (tally.last_frame_us - self._anchor_us) // max(1, tally.frames - self._frames_before - 1)
        # That the machine's clock was set is told by others.
        is_set = abs(self._clocks[VIDEO_TRACK].wall_us - self._wall_us) > _SET_US
        longest_us = _PAUSE_US + usual_us
        if is_set or at_us - tally.last_frame_us <= longest_us:
            return
        hole_us = (tally.last_frame_us, at_us)
        # A map that was set anew leaves a hole as well. The camera paused only where its own clock says so too.
        sent_us = to_us(pts - self._anchor_pts, self._timescale) - (tally.last_frame_us - self._anchor_us)
        tally.pause_us, tally.delay_us = (hole_us, None) if sent_us > longest_us else (None, hole_us)

    def _is_on(self, at_us: int) -> bool:
        if self.window is None or not self.window.holds(at_us):
            self.window = window_at(self._camera.record, at_us, self._system.timezone)
        return self.window.is_on
