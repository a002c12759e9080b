"""The keys of `cameras[]` and `defaults`: every one a camera's own, or its default."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pynvr.config.camera_url import CAMERA_URL
from pynvr.config.json_text import JsonObject
from pynvr.config.kinds import (
    BOOLEAN,
    FRAME_RATE,
    IDENTIFIER,
    PICTURE_SIDE,
    Kind,
    NotOfKindError,
    choice,
    folder,
    number,
    optional,
    text,
    whole,
)
from pynvr.config.mistakes import joined
from pynvr.config.post_kinds import HEADERS, HTTP_URL, SECRET
from pynvr.config.schedule_text import DAYS, EVERY_DAY, FROM, SHORT_PERIOD, TO
from pynvr.config.section import NOT_GIVEN, Layer, Section
from pynvr.config.zones import ZONES
from pynvr.model.schedule import Period
from pynvr.model.settings import (
    AudioMode,
    Camera,
    ClipCodec,
    Delivery,
    Detect,
    DetectorSettings,
    IncidentSettings,
    Live,
    Record,
    RecordMode,
    Retention,
    Retry,
    Transport,
    VideoCodec,
)

_GENERAL = "cameras[]"
_TRANSPORT: Kind[Transport] = choice("tcp", "udp", "auto")
_AUDIO: Kind[AudioMode] = choice("auto", "copy", "aac", "off")
_MODE: Kind[RecordMode] = choice("always", "never", "schedule", "motion")
_CODEC: Kind[VideoCodec] = choice("copy", "h264", "hevc", "mpeg4")
_CLIP_CODEC: Kind[ClipCodec] = choice("copy", "h264")
_SIDE_OF_CLIP = number(0, 3600, "seconds")
_TIMEOUT = number(0.1, 3600, "seconds")
_SHARE = number(0, 1)
# A chunk waits for so long before it is known what of it is kept.
_PRE = number(0, 300, "seconds")
_POST = number(0, 3600, "seconds")
_DELAY = number(0.01, 86_400, "seconds")
_DAYS_LIMIT = optional(number(0, 36_500, "days", above=True))
_SIZE_LIMIT = optional(number(0, 1e9, "GB of 10^9 bytes", above=True))


@dataclass(frozen=True, slots=True)
class Folders:
    """What folder names of cameras stand under: relative ones, and those not given."""

    base: Path
    data_dir: Path


def cameras_from(top: Section, folders: Folders) -> tuple[Camera, ...]:
    """All cameras, `defaults` merged in; mistakes of `defaults` are found without any camera too."""
    mistakes = top.mistakes
    below = _defaults(top, folders)
    cameras: list[Camera] = []
    first_with: dict[str, str] = {}
    for path, item in top.items("cameras"):
        if not isinstance(item, JsonObject):
            mistakes.wrong(path, item, 'an object with "id" and "url"')
            continue
        section = Section([Layer(path, item), *below], mistakes, _GENERAL)
        camera_id = section.need("id", IDENTIFIER, "")
        camera = _camera(section, folders, camera_id)
        section.end()
        if camera_id and first_with.setdefault(camera_id, path) != path:
            section.wrong("id", f"another id than that of {first_with[camera_id]}")
        cameras.append(camera)
    return tuple(cameras)


def _defaults(top: Section, folders: Folders) -> list[Layer]:
    section = top.section("defaults", known_as=_GENERAL)
    layers = section.layers
    for layer in layers:
        if "id" in layer.values:
            top.mistakes.add(f"{layer.path}.id", "found an id, expected none: each camera has its own")
    if layers:
        section.allow("id")
        _camera(section, folders, "", complete=False)
        section.end()
    return [Layer(layer.path, _without_id(layer.values)) for layer in layers]


def _without_id(values: JsonObject) -> JsonObject:
    copy = JsonObject((key, value) for key, value in values.items() if key != "id")
    copy.repeated = values.repeated
    return copy


def _camera(section: Section, folders: Folders, camera_id: str, complete: bool = True) -> Camera:
    """`complete=False` for `defaults`, which need no URL."""
    url = section.need("url", CAMERA_URL, "") if complete else section.get("url", CAMERA_URL, "")
    return Camera(
        id=camera_id,
        url=url,
        name=section.get("name", text(200), "") or camera_id,
        description=section.get("description", text(1000), ""),
        dst=_dst(section, folders, camera_id),
        enabled=section.get("enabled", BOOLEAN, True),
        initial_timeout_s=section.get("initial_timeout", _TIMEOUT, 30.0),
        frame_timeout_s=section.get("frame_timeout", _TIMEOUT, 5.0),
        retry=_retry(section.section("retry")),
        transport=section.get("transport", _TRANSPORT, "tcp"),
        audio=section.get("audio", _AUDIO, "auto"),
        record=_record(section.section("record"), complete),
        retention=_retention(section.section("retention")),
        detect=_detect(section.section("detect")),
        live=_live(section.section("live")),
        delivery=_delivery(section),
        incident=_incident(section.section("incident"), complete),
    )


def _delivery(section: Section) -> Delivery:
    url = section.get("post_url", optional(HTTP_URL), None) or ""
    token = section.get("post_token", optional(SECRET), None) or ""
    headers = section.get("post_headers", optional(HEADERS), None) or ()
    # What is secret goes to the address that it was written beside, never to one that stands over it: a camera with
    # an address of its own doesn't get what `defaults` has for another.
    of_url = section.depth("post_url")
    token = token if section.depth("post_token") <= of_url else ""
    headers = headers if section.depth("post_headers") <= of_url else ()
    if token and "authorization" in (name.lower() for name, _ in headers):
        section.mistakes.add(
            joined(section.path, "post_token"), "found a token beside a header Authorization, expected one of them"
        )
    return Delivery(url, token, headers)


def _incident(section: Section, complete: bool) -> IncidentSettings:
    plain = IncidentSettings()
    incident = IncidentSettings(
        pre_s=section.get("pre_seconds", _SIDE_OF_CLIP, plain.pre_s),
        post_s=section.get("post_seconds", _SIDE_OF_CLIP, plain.post_s),
        exact=section.get("exact", BOOLEAN, plain.exact),
        codec=section.get("codec", _CLIP_CODEC, plain.codec),
    )
    if complete and incident.pre_s + incident.post_s <= 0:
        section.wrong("post_seconds", "more than 0 seconds, pre_seconds and post_seconds together")
    section.end()
    return incident


def _live(section: Section) -> Live:
    live = Live(url=section.get("url", optional(CAMERA_URL), None) or "")
    section.end()
    return live


def _dst(section: Section, folders: Folders, camera_id: str) -> Path:
    dst = section.get("dst", folder(folders.base), folders.data_dir / "cameras" / camera_id)
    running = folders.data_dir / "run"
    if dst.is_relative_to(running):
        section.wrong("dst", f"another folder than {running}, where the running program deletes what it doesn't know")
    return dst


def _retry(section: Section) -> Retry:
    plain = Retry()
    retry = Retry(
        first_s=section.get("first", _DELAY, plain.first_s),
        longest_s=section.get("longest", _DELAY, plain.longest_s),
        jitter=section.get("jitter", number(0, 0.9), plain.jitter),
    )
    if retry.longest_s < retry.first_s:
        key = "longest" if section.depth("longest") != NOT_GIVEN else "first"
        section.wrong(key, f"longest ({retry.longest_s:g}) not below first ({retry.first_s:g})")
    section.end()
    return retry


def _record(section: Section, complete: bool) -> Record:
    record = Record(
        mode=section.get("mode", _MODE, "always"),
        schedule=_schedule(section),
        pre_s=section.get("pre_seconds", _PRE, 5.0),
        post_s=section.get("post_seconds", _POST, 10.0),
        codec=section.get("codec", _CODEC, "copy"),
        bitrate_kbps=section.get("bitrate_kbps", whole(0, 1_000_000), 0),
        width=section.get("width", PICTURE_SIDE, 0),
        height=section.get("height", PICTURE_SIDE, 0),
        fps=section.get("fps", FRAME_RATE, Fraction(0)),
    )
    if complete and record.mode == "schedule" and not section.items("schedule", or_one_text=True):
        complain = section.wrong if section.depth("schedule") == NOT_GIVEN else section.warn
        complain("mode", "periods under schedule beside it")
    figures: dict[str, int | Fraction] = {
        "bitrate_kbps": record.bitrate_kbps,
        "width": record.width,
        "height": record.height,
        "fps": record.fps,
    }
    for key, value in figures.items():
        # A camera that goes back to "copy" over the figures of `defaults` is no contradiction.
        if complete and value and record.codec == "copy" and section.depth(key) <= section.depth("codec"):
            section.wrong(key, '0, or a codec other than "copy" beside it: copied video stays as it is')
    section.end()
    return record


def _schedule(record: Section) -> tuple[Period, ...]:
    periods = []
    for path, item in record.items("schedule", or_one_text=True):
        if isinstance(item, JsonObject):
            section = Section([Layer(path, item)], record.mistakes, "cameras[].record.schedule[]")
            periods.append(
                Period(
                    days=section.get("days", DAYS, EVERY_DAY),
                    from_s=section.need("from", FROM, 0),
                    to_s=section.need("to", TO, 0),
                )
            )
            section.end()
            continue
        try:
            periods.append(SHORT_PERIOD.read(item))
        except NotOfKindError as err:
            record.mistakes.wrong(path, item, err.expected or SHORT_PERIOD.expected)
    return tuple(periods)


def _detect(section: Section) -> Detect:
    plain = Detect()
    detect = Detect(
        motion=_detector(section.section("motion"), plain.motion),
        faces=_detector(section.section("faces"), plain.faces),
    )
    section.end()
    return detect


def _detector(section: Section, plain: DetectorSettings) -> DetectorSettings:
    detector = DetectorSettings(
        enabled=section.get("enabled", BOOLEAN, plain.enabled),
        fps=section.get("fps", number(0, 30, "pictures a second; 0 = keyframes only"), plain.fps),
        threshold=section.get("threshold", _SHARE, plain.threshold),
        zones=section.get("zones", ZONES, plain.zones),
        confidence_threshold=section.get("confidence_threshold", _SHARE, plain.confidence_threshold),
        cooldown_s=section.get("cooldown_seconds", number(0, 86_400, "seconds"), plain.cooldown_s),
    )
    section.end()
    return detector


def _retention(section: Section) -> Retention:
    retention = Retention(
        max_days=section.get("max_days", _DAYS_LIMIT, None),
        max_gb=section.get("max_gb", _SIZE_LIMIT, None),
        min_days=section.get("min_days", _DAYS_LIMIT, None),
    )
    if retention.max_days is not None and retention.min_days is not None and retention.min_days > retention.max_days:
        section.wrong("min_days", f"at most max_days ({retention.max_days:g})")
    section.end()
    return retention
