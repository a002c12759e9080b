"""A session that plays: its video, its sound, its reports, its record and its faults as one."""

import random
import time

from pynvr.simulator.audio_playback import AudioPlayback
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.clip import VIDEO_CLOCK, AccessUnit, AudioClip
from pynvr.simulator.faults import Fault
from pynvr.simulator.packed import PackedClip, Packing
from pynvr.simulator.reports import Reports
from pynvr.simulator.session import Session
from pynvr.simulator.tracks import TrackSender
from pynvr.simulator.video_playback import VideoPlayback


class Player:
    """`packed` is the looped clip that the camera shows now; None if the camera is live."""

    def __init__(
        self,
        camera: SimulatedCamera,
        session: Session,
        tracks: dict[str, TrackSender],
        packed: PackedClip | None,
        audio: AudioClip | None,
    ) -> None:
        self._session = session
        self._packed = packed
        self._turn = self._index = 0
        if packed is None:
            sequence, first_rtp, position_s = random.getrandbits(16), random.getrandbits(32), time.time()
        else:
            sequence, first_rtp, position_s = self._place_in_loop(packed, camera.start_mid_gop)
        self.video: VideoPlayback | None = None
        self._audio: AudioPlayback | None = None
        self._playbacks: dict[str, VideoPlayback | AudioPlayback] = {}
        if "video" in tracks:
            self.video = VideoPlayback(
                tracks["video"], session, sequence, first_rtp, sets_next=camera.parameter_sets == "once"
            )
            self._playbacks["video"] = self.video
        if "audio" in tracks and audio is not None:
            number = int((position_s + camera.audio_starts_after_s) / audio.frame_s)
            self._audio = AudioPlayback(tracks["audio"], session, audio, number, camera.audio_starts_after_s)
            self._playbacks["audio"] = self._audio
        self._reports = Reports(session, camera.name, list(self._playbacks.values()))

    def _place_in_loop(self, packed: PackedClip, mid_gop: bool) -> tuple[int, int, float]:
        """Where the loop, which all cameras of this clip share, is now: sequence number, RTP time, seconds of media.

        Starting at the GOP's beginning there, and numbering from the loop's, makes all sessions' packets the same.
        """
        clip = packed.clip
        ticks = round(self._session.loop.now_s() * VIDEO_CLOCK)
        self._turn, position = divmod(ticks, clip.duration)
        self._index = clip.key_before(position)
        if mid_gop:
            self._index = max(i for i, unit in enumerate(clip.units) if i == 0 or unit.due <= position)
        due = self._turn * clip.duration + clip.units[self._index].due
        return packed.packets_before(self._turn, self._index), due, due / VIDEO_CLOCK

    def rtp_info(self, base_url: str) -> str:
        return ",".join(
            f"url={base_url}/{name};seq={playback.counters.sequence & 0xFFFF};rtptime={playback.rtp_time.first}"
            for name, playback in self._playbacks.items()
        )

    def start(self) -> None:
        """Begin, right after the answer to PLAY went out."""
        self._reports.send()
        if self._audio is not None:
            self._audio.play()
        if self.video is not None and self._packed is not None:
            self.video.play_clip(self._packed, self._turn, self._index)

    def stop(self, reason: str) -> None:
        for playback in self._playbacks.values():
            playback.stop()
        self._reports.stop()
        if self._session.log is not None:
            self._session.log.end(reason)

    def apply(self, fault: Fault) -> None:
        self._session.faults.apply(fault)

    def clear(self) -> None:
        self._session.faults.clear()

    def change_clip(self, packed: PackedClip) -> None:
        if self.video is not None:
            self.video.change_clip(packed)

    def send_live(
        self, unit: AccessUnit, packing: Packing, camera_time: int, captured_us: int, with_sets: bool
    ) -> None:
        if self.video is not None:
            self.video.send_live(unit, packing, camera_time, captured_us, with_sets)

    def encoder_changed(self) -> None:
        if self.video is not None:
            self.video.encoder_changed()
