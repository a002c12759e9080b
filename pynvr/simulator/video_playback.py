"""One client's video: which access unit goes when, with which parameter sets, under which RTP time."""

import time

from pynvr.simulator.clip import VIDEO_CLOCK, AccessUnit
from pynvr.simulator.packed import PackedClip, Packing
from pynvr.simulator.rtp import Packets, SharedBytes
from pynvr.simulator.rtp_time import RtpTime
from pynvr.simulator.sdp import VIDEO_PAYLOAD_TYPE
from pynvr.simulator.session import VIDEO_SOURCE, Counters, Session
from pynvr.simulator.tracks import TrackSender


class VideoPlayback:
    """Sends access units, from a clip by its own timer (`play_clip`), or as a live camera gives them (`send_live`).

    `sets_next`: the first keyframe gets its parameter sets even if the others don't.
    """

    def __init__(self, track: TrackSender, session: Session, sequence: int, first_rtp: int, sets_next: bool) -> None:
        self.track = track
        self.counters = Counters(sequence, VIDEO_SOURCE)
        self.rtp_time = RtpTime(first_rtp, VIDEO_CLOCK, session.faults)
        self._session = session
        self._start_s = session.loop.now_s()
        self._sets_next = sets_next
        self._need_key = False
        self._stopped = False
        # Of a clip: where in its turns we are, and the media time of its very first tick.
        self._packed: PackedClip | None = None
        self._turn = self._index = self._base = 0
        # Of a live camera: its time of the session's first unit.
        self._live_from: int | None = None

    def stop(self) -> None:
        self._stopped = True

    def media_time_now(self) -> int:
        return round((self._session.loop.now_s() - self._start_s) * VIDEO_CLOCK)

    def play_clip(self, packed: PackedClip, turn: int, index: int) -> None:
        """Begin with this unit, due now."""
        self._set_clip(packed, turn, index, due=0)
        self._play()

    def change_clip(self, packed: PackedClip) -> None:
        """Go on with another clip, from its start, where the next unit would have been due."""
        old = self._packed
        if old is None or packed is old:
            return
        due = self._base + self._turn * old.clip.duration + old.clip.units[self._index].due
        self._sets_next = True
        self._set_clip(packed, 0, 0, due)

    def _set_clip(self, packed: PackedClip, turn: int, index: int, due: int) -> None:
        self._packed, self._turn, self._index = packed, turn, index
        self._base = due - turn * packed.clip.duration - packed.clip.units[index].due

    def _play(self) -> None:
        loop = self._session.loop
        while not self._stopped and self._packed is not None:
            packed, clip, index = self._packed, self._packed.clip, self._index
            unit, at = clip.units[index], self._base + self._turn * clip.duration
            due_s = self._start_s + (at + unit.due) / VIDEO_CLOCK
            late_s = loop.now_s() - due_s
            if late_s < 0:
                loop.at(due_s, self._play)
                return
            self._meet_faults(at + unit.due)
            if self._packed is not packed or self._stopped:
                continue  # a fault changed the clip, whose first unit takes this one's place, or ended all
            self._index += 1
            if self._index == len(clip.units):
                self._index, self._turn = 0, self._turn + 1
            captured_us = time.time_ns() // 1000 - round(late_s * 1e6)
            share: tuple[SharedBytes, int] | None = packed.shared, index
            payloads, with_sets = packed.payloads[index], packed.with_sets
            if self._sets_next and unit.is_key and not with_sets:
                payloads, with_sets, share = packed.packing.payloads(unit, True), True, None
            self._send(unit, payloads, with_sets, media_time=at + unit.time, captured_us=captured_us, share=share)

    def send_live(
        self, unit: AccessUnit, packing: Packing, camera_time: int, captured_us: int, with_sets: bool
    ) -> None:
        """Send a unit that was taken just now; `camera_time`: ticks of the camera, over all its encoders."""
        if self._live_from is None:
            if not unit.is_key:
                return
            self._live_from = camera_time
            self._start_s = self._session.loop.now_s()
        media_time = camera_time - self._live_from
        self._meet_faults(media_time)
        if self._stopped:
            return
        with_sets = unit.is_key and (with_sets or self._sets_next)
        payloads = packing.payloads(unit, with_sets)
        self._send(unit, payloads, with_sets, media_time=media_time, captured_us=captured_us)

    def encoder_changed(self) -> None:
        """The camera's next unit comes from another encoder."""
        self._sets_next = True
        self._need_key = True

    def _meet_faults(self, media_time: int) -> None:
        for fault in self._session.faults.due(media_time / VIDEO_CLOCK):
            self._session.on_fault(fault)

    def _send(
        self,
        unit: AccessUnit,
        payloads: list[bytes],
        with_sets: bool,
        *,
        media_time: int,
        captured_us: int,
        share: tuple[SharedBytes, int] | None = None,
    ) -> None:
        faults = self._session.faults
        if faults.stalled:
            self._need_key = True  # what was lost in between can't be decoded without
            return
        if self._need_key and not unit.is_key:
            return
        self._need_key = False
        self._sets_next = self._sets_next and not unit.is_key
        if faults.noise_bytes:
            self.track.send_noise(faults.noise_bytes)
            faults.noise_bytes = 0
        rtp = self.rtp_time.of(media_time)
        sequence = self.counters.sequence & 0xFFFF
        packets = Packets(payloads, VIDEO_PAYLOAD_TYPE, sequence, rtp, self.counters.source, share)
        intact = self.track.send(packets, faults.loss, faults.garbage_bytes)
        size = sum(map(len, payloads))
        faults.garbage_bytes = max(0, faults.garbage_bytes - size)
        self.counters.count(len(payloads), size)
        if self._session.log is not None:
            hashes = (unit.full_sha256 if with_sets else unit.bare_sha256, unit.core_sha256)
            times = (rtp, media_time, captured_us)
            size_bytes, end_bytes = unit.size_bytes, self._session.accepted_bytes()
            self._session.log.add(
                "video",
                hashes,
                times,
                size_bytes=size_bytes,
                is_key=unit.is_key,
                intact=intact,
                end_bytes=end_bytes,
            )
