"""RTCP sender reports of one session: they tie its tracks' RTP times to the camera's wall clock."""

import time

from pynvr.simulator.audio_playback import AudioPlayback
from pynvr.simulator.rtp import sender_report
from pynvr.simulator.session import Session
from pynvr.simulator.video_playback import VideoPlayback

_EVERY_S = 5.0


class Reports:
    """Sends at once, then every few seconds until stopped."""

    def __init__(self, session: Session, name: str, playbacks: list[VideoPlayback | AudioPlayback]) -> None:
        self._session = session
        self._name = name
        self._playbacks = playbacks
        self._stopped = False

    def stop(self) -> None:
        self._stopped = True

    def send(self) -> None:
        if self._stopped:
            return
        if not self._session.faults.stalled:
            for playback in self._playbacks:
                counters = playback.counters
                report = sender_report(
                    counters.source,
                    self._name,
                    wall_us=time.time_ns() // 1000,
                    time=playback.rtp_time.of(playback.media_time_now()),
                    packets=counters.packets,
                    octets=counters.octets,
                )
                playback.track.send_control(report)
        self._session.loop.at(self._session.loop.now_s() + _EVERY_S, self.send)
