"""A stream decoded here and there: runs of samples of which only the last one's picture is wanted."""

from collections.abc import Iterator, Sequence

import av
from av.codec.context import Flags
from av.video.frame import VideoFrame

from pynvr.base.errors import MediaError
from pynvr.media.still import Picture, video_decoder


class RunDecoder:
    """For one thread. Keeps its reference pictures, so that a run can go on where the last one ended."""

    def __init__(self, codec: str, sample_entry: bytes) -> None:
        """`codec`: libav's name; `sample_entry`: the ISO/IEC 14496-12 box. Raises MediaError."""
        try:
            decoder = video_decoder(codec, sample_entry, threads=1)
            # Pictures aren't held back to be put in order: whoever looks at one a second doesn't mind.
            decoder.flags |= Flags.low_delay
        except (av.error.FFmpegError, ValueError) as err:
            raise MediaError(f"libav can't decode {codec}: {err}") from err
        self._decoder = decoder

    def last_picture(self, samples: Sequence[bytes], from_keyframe: bool) -> tuple[Picture, int] | None:
        """The newest picture that the samples give, and its place among them; None if the decoder still holds it back.

        `from_keyframe`: they begin with one, else they follow the samples of the last call. Raises MediaError.
        """
        decoder = self._decoder
        shown: VideoFrame | None = None
        try:
            if from_keyframe:
                decoder.flush_buffers()
            for place, sample in enumerate(samples):
                # What nothing refers to needn't be decoded on the way.
                decoder.skip_frame = "DEFAULT" if place == len(samples) - 1 else "NONREF"
                packet = av.Packet(sample)
                packet.pts = packet.dts = place
                for frame in decoder.decode(packet):
                    shown = frame
        except (av.error.FFmpegError, ValueError) as err:
            raise MediaError(f"a picture can't be decoded: {err}") from err
        if shown is None:
            return None
        return self._picture(shown), min(max(shown.pts or 0, 0), len(samples) - 1)

    def pictures(self, samples: Sequence[bytes]) -> Iterator[tuple[Picture, int]]:
        """Every picture of a run that begins with a keyframe, each with its place among the samples.

        One is decoded when it is asked for. Afterwards the decoder needs a keyframe. Raises MediaError.
        """
        decoder = self._decoder
        decoder.skip_frame = "DEFAULT"
        try:
            decoder.flush_buffers()
            for place in range(len(samples) + 1):
                packet = av.Packet(samples[place]) if place < len(samples) else None
                if packet is not None:
                    packet.pts = packet.dts = place
                for frame in decoder.decode(packet):
                    yield self._picture(frame), min(max(frame.pts or 0, 0), len(samples) - 1)
        except (av.error.FFmpegError, ValueError) as err:
            raise MediaError(f"a picture can't be decoded: {err}") from err

    def _picture(self, frame: VideoFrame) -> Picture:
        pixel = self._decoder.sample_aspect_ratio
        return Picture(frame, pixel.numerator, pixel.denominator) if pixel else Picture(frame)
