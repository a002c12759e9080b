"""A stream decoded picture after picture, for those who can't play it themselves."""

import av
from av.video.frame import VideoFrame

from pynvr.base.errors import MediaError
from pynvr.media.still import Picture, video_decoder


class LiveDecoder:
    """For one thread. Begins at a keyframe; after a gap, at another."""

    def __init__(self, codec: str, sample_entry: bytes) -> None:
        """`codec`: libav's name; `sample_entry`: the ISO/IEC 14496-12 box. Raises MediaError."""
        try:
            # Threads would hold pictures back.
            decoder = video_decoder(codec, sample_entry, threads=1)
        except (av.error.FFmpegError, ValueError) as err:
            raise MediaError(f"libav can't decode {codec}: {err}") from err
        self._decoder = decoder
        self._number = 0

    def decode(self, sample: bytes | memoryview) -> Picture | None:
        """The newest picture that this sample completes. Raises MediaError."""
        packet = av.Packet(bytes(sample))
        packet.pts = packet.dts = self._number
        self._number += 1
        try:
            frames = self._decoder.decode(packet)
        except (av.error.FFmpegError, ValueError) as err:
            raise MediaError(f"a picture can't be decoded: {err}") from err
        return self._picture(frames[-1]) if frames else None

    def restart(self) -> None:
        """The next sample is a keyframe that doesn't follow the last one."""
        self._decoder.flush_buffers()

    def _picture(self, frame: VideoFrame) -> Picture:
        pixel = self._decoder.sample_aspect_ratio
        return Picture(frame, pixel.numerator, pixel.denominator) if pixel else Picture(frame)
