"""A frame of silence, for where recorded sound has holes."""

from functools import lru_cache

import av
from av.audio.codeccontext import AudioCodecContext

from pynvr.base.errors import MediaError

AAC_FRAME_SAMPLES = 1024
_LAYOUTS = {1: "mono", 2: "stereo"}


@lru_cache(maxsize=16)
def silent_aac(sample_rate: int, channels: int) -> bytes:
    """One raw frame of AAC-LC that is silent, `AAC_FRAME_SAMPLES` long. Raises MediaError."""
    layout = _LAYOUTS.get(channels)
    if layout is None:
        raise MediaError(f"no silence of {channels} channels")
    try:
        encoder = av.CodecContext.create("aac", "w")
        assert isinstance(encoder, AudioCodecContext)
        encoder.sample_rate, encoder.layout, encoder.format = sample_rate, layout, "fltp"
        frames = []
        # The first frames hold the encoder's delay.
        for number in range(4):
            sound = av.AudioFrame("fltp", layout, AAC_FRAME_SAMPLES)
            sound.sample_rate, sound.pts = sample_rate, number * AAC_FRAME_SAMPLES
            for plane in sound.planes:
                plane.update(bytes(plane.buffer_size))
            frames += encoder.encode(sound)
    except (av.error.FFmpegError, ValueError) as err:
        raise MediaError(f"libav can't encode silence at {sample_rate} Hz: {err}") from err
    if not frames:
        raise MediaError("libav's encoder gave no silence")
    return bytes(frames[-1])
