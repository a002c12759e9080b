"""What a simulated camera shows, how it codes and sends it."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pynvr.base.errors import SimulatorError
from pynvr.simulator.faults import Fault

Codec = Literal["h264", "hevc"]
AudioCodec = Literal["", "aac", "pcmu", "pcma"]
Look = Literal["day", "dusk", "overcast", "night"]

# Where a client learns SPS, PPS (and VPS): in the SDP and before each keyframe; in the SDP only; before the first
# keyframe of a session only; before each keyframe only.
ParameterSets = Literal["both", "sdp", "once", "band"]

_NTSC = Fraction(1000, 1001)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A parcel that is put down `first_s` after somebody first watches the camera and taken away `stays_s` later.

    And so again and again, each `every_s`.
    """

    first_s: float
    stays_s: float
    every_s: float

    def __post_init__(self) -> None:
        if not (self.first_s >= 0 and 0 < self.stays_s < self.every_s):
            raise SimulatorError(f"{self}: a parcel comes, is taken away and comes again, in this order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """What makes two cameras' clips the same bytes; cameras with equal encodings share one clip."""

    scene: str
    look: Look | Literal[""]
    codec: Codec
    width: int
    height: int
    frame_rate: Fraction
    gop_frames: int
    bitrate_kbps: int
    b_frames: int
    slices: int
    variable_frame_rate: bool
    visits: tuple[float, float] | None
    delivery: Delivery | None
    time_code: bool
    loop_frames: int
    clip: Path | None


@dataclass(frozen=True, slots=True)
class SimulatedCamera:
    """One camera; the name is its path in the URL and is burnt into its pictures.

    `fps`: 29.97, 23.976 and the like are taken for the NTSC fractions. `gop_s`: seconds between keyframes.
    `clip`: a file whose H.264 or H.265 (and AAC, if `audio` says so) is looped as it is; codec and size are then the
    file's. Otherwise the scene is drawn (needs Pillow): `live` draws and encodes frame by frame, with the true time
    in the picture; else `loop_s` seconds of it (a whole number of GOPs) are encoded once and looped, and the clock
    in the picture runs from the start of the loop. `scene`: burnt in instead of the name; looped cameras that are
    equal in scene, look and encoding share one clip. `look`: time of day; the name chooses one if it is empty.
    `visits`: of a live scene, a period and a part of it in seconds: at the start of each period of the epoch (modulo
    1,000,000 s) a car crosses the picture in that time, and nothing else ever moves.
    `delivery`: to a live scene somebody brings a parcel that stays for a while.
    `time_code`: the row of cells along the lower edge of a drawn scene, which tells programs the time.
    `audio_starts_after_s`: sound begins this long after PLAY. `packet_bytes`: largest RTP packet, header included.
    `transports`: the others are answered with 461. `session_timeout_s`: told to the client, and kept.
    `start_mid_gop`: sending begins anywhere in the GOP instead of at a keyframe.
    `faults`: wrong from the start; see `pynvr.simulator.faults` for when each acts.
    """

    name: str
    codec: Codec = "h264"
    width: int = 1280
    height: int = 720
    fps: Fraction | float = 25
    gop_s: float = 2
    bitrate_kbps: int = 2000
    audio: AudioCodec = ""
    user: str = ""
    password: str = ""
    authentication: Literal["digest", "basic"] = "digest"
    clip: Path | None = None
    live: bool = False
    visits: tuple[float, float] | None = None
    delivery: Delivery | None = None
    time_code: bool = True
    loop_s: float = 8
    scene: str = ""
    look: Look | Literal[""] = ""
    b_frames: int = 0
    slices: int = 1
    variable_frame_rate: bool = False
    parameter_sets: ParameterSets = "both"
    aggregate: bool = True
    audio_starts_after_s: float = 0
    packet_bytes: int = 1440
    transports: tuple[Literal["tcp", "udp"], ...] = ("tcp", "udp")
    session_timeout_s: int = 60
    start_mid_gop: bool = False
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        if not self.name or any(letter in self.name for letter in "/?#%@ \r\n"):
            raise SimulatorError(f"simulated camera {self.name!r}: a name is needed that can stand in a URL's path")
        if self.width % 2 or self.height % 2 or self.width < 64 or self.height < 64:
            raise SimulatorError(f"simulated camera {self.name}: {self.width}x{self.height} isn't even and at least 64")
        if self.live and self.clip:
            raise SimulatorError(f"simulated camera {self.name}: a clip can't be live; leave out one of them")
        if not 200 <= self.packet_bytes <= 60_000:
            raise SimulatorError(f"simulated camera {self.name}: packet_bytes {self.packet_bytes} isn't 200 … 60000")

    @property
    def frame_rate(self) -> Fraction:
        return exact_rate(self.fps)

    @property
    def encoding(self) -> Encoding:
        gop_frames = max(1, round(self.gop_s * self.frame_rate))
        gops = max(1, round(self.loop_s * self.frame_rate / gop_frames))
        return Encoding(
            scene=self.scene or self.name,
            look=self.look,
            codec=self.codec,
            width=self.width,
            height=self.height,
            frame_rate=self.frame_rate,
            gop_frames=gop_frames,
            bitrate_kbps=self.bitrate_kbps,
            b_frames=self.b_frames,
            slices=self.slices,
            variable_frame_rate=self.variable_frame_rate,
            visits=self.visits,
            delivery=self.delivery,
            time_code=self.time_code,
            loop_frames=gops * gop_frames,
            clip=self.clip,
        )


def exact_rate(fps: Fraction | float) -> Fraction:
    """The frame rate meant by a decimal: 29.97 → 30000/1001, 12.5 → 25/2."""
    if isinstance(fps, Fraction | int):
        return Fraction(fps)
    ntsc = round(fps / _NTSC) * _NTSC
    if fps != round(fps) and abs(fps - ntsc) < 0.005:
        return ntsc
    return Fraction(fps).limit_denominator(1000)
