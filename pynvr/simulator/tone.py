"""The sound of a simulated camera: a soft hum, with a beep at each full second of the loop."""

import array
import hashlib
import math
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import av

from pynvr.simulator.clip import AudioClip

LOOP_S = 8
_AAC_RATE = 16_000
_G711_RATE = 8_000
_G711_FRAME = 320
_AAC_FRAME = 1024


@lru_cache(maxsize=3)
def tone_clip(codec: Literal["aac", "pcmu", "pcma"]) -> AudioClip:
    """Eight seconds of mono sound: AAC at 16 kHz, G.711 at 8 kHz; a whole number of frames."""
    if codec == "aac":
        frames, config = _encode("aac", _AAC_RATE, _AAC_FRAME)
        # The encoder's first frame is its priming, its last ones are padded; what is left makes the loop.
        frames = frames[1 : 1 + LOOP_S * _AAC_RATE // _AAC_FRAME]
        return _clip(codec, _AAC_RATE, _AAC_FRAME, frames, config)
    frames, _ = _encode("pcm_mulaw" if codec == "pcmu" else "pcm_alaw", _G711_RATE, _G711_FRAME)
    return _clip(codec, _G711_RATE, _G711_FRAME, frames, b"")


def _clip(
    codec: Literal["aac", "pcmu", "pcma"], rate: int, samples: int, frames: list[bytes], config: bytes
) -> AudioClip:
    hashes = tuple(hashlib.sha256(frame).hexdigest() for frame in frames)
    return AudioClip(codec, rate, 1, samples, config, tuple(frames), hashes)


def _encode(encoder: str, rate: int, frame_samples: int) -> tuple[list[bytes], bytes]:
    context = av.CodecContext.create(encoder, "w")
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate = rate
    context.layout = "mono"
    context.format = "fltp" if encoder == "aac" else "s16"
    context.time_base = Fraction(1, rate)
    if encoder == "aac":
        context.bit_rate = 32_000
    packets = []
    for start in range(0, LOOP_S * rate, frame_samples):
        frame = av.AudioFrame(format=context.format.name, layout="mono", samples=frame_samples)
        frame.sample_rate = rate
        frame.pts = start
        values = [_level(number, rate) for number in range(start, start + frame_samples)]
        planar = array.array("f", values) if encoder == "aac" else array.array("h", [round(v * 32_000) for v in values])
        frame.planes[0].update(planar.tobytes())
        packets += context.encode(frame)
    packets += context.encode(None)
    return [bytes(packet) for packet in packets if packet.size], bytes(context.extradata or b"")


def _level(sample: int, rate: int) -> float:
    second = sample / rate
    hum = 0.02 * math.sin(2 * math.pi * 110 * second)
    beep = 0.3 * math.sin(2 * math.pi * 1000 * second) if second % 1 < 0.08 else 0.0
    return hum + beep
