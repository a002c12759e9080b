"""Everything nvr.json says, as values: defaults applied, folders absolute, checked."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pynvr.base.conceal import forms_of, secrets_of
from pynvr.base.redaction import redact
from pynvr.model.camera_name import named
from pynvr.model.notify import Target
from pynvr.model.schedule import Period

Transport = Literal["tcp", "udp", "auto"]
AudioMode = Literal["auto", "copy", "aac", "off"]
RecordMode = Literal["always", "never", "schedule", "motion"]
VideoCodec = Literal["copy", "h264", "hevc", "mpeg4"]
ClipCodec = Literal["copy", "h264"]
# A part of the picture: three corners or more, as shares of its width and height from the upper left.
Zone = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Tls:
    """`system.server.tls`: PEM files, absolute here; the certificate's may hold the chain to its authority too."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Server:
    """`system.server`. `trusted_proxies`: whose word about the client's address is taken."""

    host: str = "localhost"
    port: int = 8080
    tls: Tls | None = None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentKeeping:
    """`system.incidents`. `keep_delivered_days`: how long a clip stays after its delivery; `keep_days`: how long an
    incident for which nothing is to be done any more is remembered, with its clip if that is still there."""

    keep_delivered_days: float = 0.0
    keep_days: float = 30.0


@dataclass(frozen=True, slots=True)
class System:
    """`system`: folders are absolute here."""

    name: str
    data_dir: Path
    jpg_cache_dir: Path
    mp4_cache_dir: Path
    log_dir: Path
    camera_log_dir: Path
    timezone: ZoneInfo
    segment_s: int
    durability_s: float
    database: str
    server: Server
    detection_days: float = 30.0
    audit_days: float = 30.0
    incidents: IncidentKeeping = IncidentKeeping()

    @property
    def run_dir(self) -> Path:
        """Lock, status and journal of the running program."""
        return self.data_dir / "run"

    @property
    def live_dir(self) -> Path:
        """A folder for each sub-stream that is being taken in (`sub_stream`)."""
        return self.run_dir / "live"


@dataclass(frozen=True, slots=True)
class Retry:
    """`cameras[].retry`: reconnect delays."""

    first_s: float = 1.0
    longest_s: float = 60.0
    jitter: float = 0.2  # share of the delay, up or down


@dataclass(frozen=True, slots=True)
class Record:
    """`cameras[].record`. 0 in a figure = as the source has it (bit rate: the encoder's choice).

    `pre_s`, `post_s`: what mode `motion` keeps before and after something moved.
    """

    mode: RecordMode = "always"
    schedule: tuple[Period, ...] = ()
    pre_s: float = 5.0
    post_s: float = 10.0
    codec: VideoCodec = "copy"
    bitrate_kbps: int = 0
    width: int = 0
    height: int = 0
    fps: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Retention:
    """`cameras[].retention`; None = no such limit."""

    max_days: float | None = None
    max_gb: float | None = None
    min_days: float | None = None


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """`cameras[].detect.motion` and `faces`.

    `fps`: pictures a second to look at, 0 = keyframes only. `threshold`: what counts at all (motion: share of the
    picture; faces: confidence); from `confidence_threshold` on it is an alert, at most one each `cooldown_s`. `zones`:
    the parts of the picture that count, empty = all of it.
    """

    enabled: bool = False
    fps: float = 0.0
    threshold: float = 0.0
    zones: tuple[Zone, ...] = ()
    confidence_threshold: float = 0.8
    cooldown_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Detect:
    """`cameras[].detect`."""

    motion: DetectorSettings = DetectorSettings(threshold=0.002)
    faces: DetectorSettings = DetectorSettings(threshold=0.7)

    @property
    def is_wanted(self) -> bool:
        return self.motion.enabled or self.faces.enabled


@dataclass(frozen=True, slots=True)
class Live:
    """`cameras[].live`. `url`: of a sub-stream for live view and detection; empty = there is none."""

    url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """`cameras[].post_url`, `post_token`, `post_headers`. `url` empty = clips of incidents are delivered nowhere.

    `token` goes into the header Authorization.
    """

    url: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it no log and no page may show, in every form in which it may turn up."""
        values = [value for _, value in self.headers]
        # `Bearer abc`: a receiver may name what it refuses without the word in front.
        plain = [self.token, *values, *(value.split()[1] for value in values if len(value.split()) == 2)]
        return (*secrets_of([self.url]), *sorted({form for secret in plain for form in forms_of(secret)}))


@dataclass(frozen=True, slots=True)
class IncidentSettings:
    """`cameras[].incident`: what a clip is when nothing else is asked for. `exact`, `codec`: see `model.incident`."""

    pre_s: float = 5.0
    post_s: float = 5.0
    exact: bool = False
    codec: ClipCodec = "copy"


@dataclass(frozen=True, slots=True)
class Camera:
    """`cameras[]`, with `defaults` merged in."""

    id: str
    url: str = field(repr=False)
    name: str
    description: str
    dst: Path
    enabled: bool
    initial_timeout_s: float
    frame_timeout_s: float
    retry: Retry
    transport: Transport
    audio: AudioMode
    record: Record
    retention: Retention
    detect: Detect = Detect()
    live: Live = Live()
    delivery: Delivery = Delivery()
    incident: IncidentSettings = IncidentSettings()

    @property
    def looked_for(self) -> Detect:
        """`detect`, with motion where recording goes by it."""
        if self.record.mode != "motion" or self.detect.motion.enabled:
            return self.detect
        return replace(self.detect, motion=replace(self.detect.motion, enabled=True))

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address that is opened for it."""
        return tuple(url for url in (self.url, self.live.url) if url)

    @property
    def has_pictures(self) -> bool:
        """Whether anything of it is taken in at all, to be recorded or to be looked at."""
        return self.enabled and (self.record.mode != "never" or bool(self.live.url))

    @property
    def safe_url(self) -> str:
        """The URL as a log or a page may show it."""
        return redact(self.url)


@dataclass(frozen=True, slots=True)
class ReaperRule:
    """`reaper[]`: one disk. Sizes in GB of 10^9 bytes; None = no such limit.

    `percent`: the disk is to be used up to this share at most. `extensions`: what may be deleted, without dots.
    """

    disk: Path
    percent: float | None = None
    extensions: tuple[str, ...] = ("mp4",)
    keep_free_gb: float | None = None
    max_gb: float | None = None
    max_days: float | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All of nvr.json."""

    path: Path
    system: System
    cameras: tuple[Camera, ...]
    reaper: tuple[ReaperRule, ...]
    notify: tuple[Target, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every password and key, in every form in which it may turn up."""
        of_targets = (secret for target in self.notify for secret in target.secrets)
        of_deliveries = (secret for camera in self.cameras for secret in camera.delivery.secrets)
        return (*secrets_of(url for camera in self.cameras for url in camera.urls), *of_targets, *of_deliveries)

    def camera(self, camera_id: str) -> Camera | None:
        return next((camera for camera in self.cameras if camera.id == camera_id), None)

    def called(self, camera_id: str) -> str:
        """What people read of the camera (`camera_name.named`), also of one that isn't configured any more."""
        camera = self.camera(camera_id)
        return camera_id if camera is None else named(camera_id, camera.name)
