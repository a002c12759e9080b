"""Encoded media as the cameras send it: access units, audio frames, and clips of them that are looped."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pynvr.simulator.camera import Codec
from pynvr.simulator.nal import is_key, is_parameter_set, nal_type
from pynvr.simulator.sent import hash_core, hash_nals

VIDEO_CLOCK = 90_000


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One coded picture without its parameter sets.

    `time`: presentation, `due`: when to send it (decode order), ticks of 90 kHz. `parameter_sets`: to be sent before
    it where the camera repeats them; empty unless `is_key`.
    """

    nals: tuple[bytes, ...]
    parameter_sets: tuple[bytes, ...]
    time: int
    due: int
    is_key: bool
    bare_sha256: str
    full_sha256: str
    core_sha256: str
    size_bytes: int


def make_unit(nals: list[bytes], parameter_sets: tuple[bytes, ...], time: int, due: int, codec: Codec) -> AccessUnit:
    """The access unit of these NAL units, in which parameter sets and delimiters are left out."""
    key = is_key(nals, codec)
    delimiter = 9 if codec == "h264" else 35
    bare = tuple(
        nal for nal in nals if not is_parameter_set(nal, codec, wrapping=False) and nal_type(nal, codec) != delimiter
    )
    sets = parameter_sets if key else ()
    return AccessUnit(
        nals=bare,
        parameter_sets=sets,
        time=time,
        due=due,
        is_key=key,
        bare_sha256=hash_nals(bare),
        full_sha256=hash_nals((*sets, *bare)),
        core_sha256=hash_core(bare, codec),
        size_bytes=sum(map(len, bare)),
    )


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What the SDP has to tell of a video track."""

    codec: Codec
    width: int
    height: int
    frame_rate: Fraction
    bitrate_kbps: int
    parameter_sets: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class VideoClip:
    """A loop: `units` in decode order, the first one key; `duration` ticks from one pass's start to the next's."""

    format: VideoFormat
    units: tuple[AccessUnit, ...]
    duration: int

    def key_before(self, position: int) -> int:
        """Index of the last key unit due at or before this tick of the loop."""
        found = 0
        for index, unit in enumerate(self.units):
            if unit.due > position:
                break
            if unit.is_key:
                found = index
        return found


@dataclass(frozen=True, slots=True)
class AudioClip:
    """A loop of audio frames of `frame_samples` each; `config` is AAC's AudioSpecificConfig, else empty."""

    codec: Literal["aac", "pcmu", "pcma"]
    sample_rate: int
    channels: int
    frame_samples: int
    config: bytes
    frames: tuple[bytes, ...]
    sha256: tuple[str, ...] = field(repr=False)

    @property
    def payload_type(self) -> int:
        return {"pcmu": 0, "pcma": 8, "aac": 97}[self.codec]

    @property
    def frame_s(self) -> float:
        return self.frame_samples / self.sample_rate
