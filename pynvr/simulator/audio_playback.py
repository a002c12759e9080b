"""One client's sound: the frames of a loop at their own pace."""

import time

from pynvr.simulator.clip import AudioClip
from pynvr.simulator.payload import aac_payload
from pynvr.simulator.rtp import Packets
from pynvr.simulator.rtp_time import RtpTime
from pynvr.simulator.session import AUDIO_SOURCE, Counters, Session
from pynvr.simulator.tracks import TrackSender


class AudioPlayback:
    """Sends from frame `number` of the loop on; the first one `delay_s` after now, which is media time 0."""

    def __init__(self, track: TrackSender, session: Session, clip: AudioClip, number: int, delay_s: float) -> None:
        self.track = track
        self.counters = Counters(number, AUDIO_SOURCE)
        self.rtp_time = RtpTime(number * clip.frame_samples, clip.sample_rate, session.faults)
        self._session = session
        self._clip = clip
        self._start_s = session.loop.now_s()
        self._from = self._number = number
        self._delay_samples = round(delay_s * clip.sample_rate)
        self._stopped = False

    def stop(self) -> None:
        self._stopped = True

    def media_time_now(self) -> int:
        return round((self._session.loop.now_s() - self._start_s) * self._clip.sample_rate)

    def play(self) -> None:
        loop, clip = self._session.loop, self._clip
        while not self._stopped:
            media_time = self._delay_samples + (self._number - self._from) * clip.frame_samples
            due_s = self._start_s + media_time / clip.sample_rate
            if due_s > loop.now_s():
                loop.at(due_s, self.play)
                return
            if not self._session.faults.stalled:
                self._send(self._number % len(clip.frames), media_time)
            self._number += 1

    def _send(self, index: int, media_time: int) -> None:
        clip, faults = self._clip, self._session.faults
        data = clip.frames[index]
        payload = aac_payload(data) if clip.codec == "aac" else data
        rtp = self.rtp_time.of(media_time)
        sequence = self.counters.sequence & 0xFFFF
        packets = Packets([payload], clip.payload_type, sequence, rtp, self.counters.source)
        intact = self.track.send(packets, faults.loss, 0)
        self.counters.count(1, len(payload))
        if self._session.log is not None:
            hashes = (clip.sha256[index], clip.sha256[index])
            times = (rtp, media_time, time.time_ns() // 1000)
            end_bytes = self._session.accepted_bytes()
            self._session.log.add(
                "audio", hashes, times, size_bytes=len(data), is_key=True, intact=intact, end_bytes=end_bytes
            )
