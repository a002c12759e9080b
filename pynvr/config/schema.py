"""Every key of nvr.json with its kind and default; the one place that knows them. docs/config.md explains them."""

from pathlib import Path

from pynvr.base.errors import ConfigError
from pynvr.config.camera_schema import Folders, cameras_from
from pynvr.config.json_text import JsonObject
from pynvr.config.kinds import (
    EXTENSIONS,
    LISTENING_HOST,
    NETWORKS,
    PERCENT,
    SEGMENT_SECONDS,
    ZONE,
    NotOfKindError,
    database,
    file,
    folder,
    number,
    optional,
    text,
    whole,
)
from pynvr.config.machine_zone import machine_zone
from pynvr.config.mistakes import Mistakes
from pynvr.config.notify_schema import targets_from
from pynvr.config.section import Layer, Section
from pynvr.model.settings import IncidentKeeping, ReaperRule, Server, Settings, System, Tls

SERVICE_DATA_DIR = Path("/var/lib/pynvr")
_SERVICE_CONFIG_DIR = Path("/etc")
_LIMITS = ("percent", "keep_free_gb", "max_gb", "max_days")


def settings_from(document: object, path: Path) -> Settings:
    """The settings that the JSON value gives; `path` is the file it comes from, for messages and relative folders.

    Raises ConfigError with a line for every mistake.
    """
    mistakes = Mistakes(path)
    settings = _settings(document, path, mistakes)
    lines = mistakes.lines()
    if lines:
        raise ConfigError(lines)
    return settings


def settings_in_force(document: object, path: Path) -> tuple[Settings, list[str]]:
    """As `settings_from`, of what may have stood there for long: settings to record by, and a line for every mistake
    that only who writes it now must put right."""
    mistakes = Mistakes(path)
    settings = _settings(document, path, mistakes)
    lines, warnings = mistakes.lines(), mistakes.warnings()
    if len(lines) > len(warnings):
        raise ConfigError(lines)
    return settings, warnings


def data_dir_in(document: object, path: Path) -> Path:
    """Where the JSON value says that recordings go, or the default, whatever mistakes are in it."""
    return settings_despite_mistakes(document, path)[0].system.data_dir


def settings_despite_mistakes(document: object, path: Path) -> tuple[Settings, list[str]]:
    """The settings as far as the JSON value can be understood, defaults elsewhere, and a line for every mistake.

    To look at what is there, never to record by.
    """
    mistakes = Mistakes(path)
    settings = _settings(document, path, mistakes)
    return settings, mistakes.lines()


def known_paths(document: object, path: Path) -> frozenset[str]:
    """The paths of all keys that exist, without numbers (`cameras[].record.mode`), as far as the lists of the
    document have items."""
    mistakes = Mistakes(path)
    _settings(document, path, mistakes)
    return frozenset(mistakes.known_paths)


def default_data_dir(path: Path) -> Path:
    """Where recordings go if the file doesn't say: the service's folder for a file in /etc, else beside the file."""
    return SERVICE_DATA_DIR if path.parent == _SERVICE_CONFIG_DIR else path.parent / "pynvr-data"


def _settings(document: object, path: Path, mistakes: Mistakes) -> Settings:
    if not isinstance(document, JsonObject):
        mistakes.wrong("", document, "an object with system and cameras")
        document = JsonObject()
    base = path.parent
    top = Section([Layer("", document)], mistakes, "")
    system = _system(top.section("system"), path)
    cameras = cameras_from(top, Folders(base, system.data_dir))
    reaper = _reaper(top, mistakes, base)
    settings = Settings(path, system, cameras, reaper, targets_from(top, mistakes, base))
    top.end()
    return settings


def _system(section: Section, path: Path) -> System:
    base = path.parent
    directory = folder(base)
    data_dir = section.get("data_dir", directory, default_data_dir(path))
    system = System(
        name=section.get("name", text(100, empty=False), "PyNVR"),
        data_dir=data_dir,
        jpg_cache_dir=section.get("jpg_cache_dir", directory, data_dir / "jpg"),
        mp4_cache_dir=section.get("mp4_cache_dir", directory, data_dir / "mp4"),
        log_dir=section.get("log_dir", directory, data_dir / "log"),
        camera_log_dir=section.get("camera_log_dir", directory, data_dir / "log" / "cameras"),
        timezone=section.get("timezone", ZONE, machine_zone()),
        segment_s=section.get("segment_seconds", SEGMENT_SECONDS, 60),
        durability_s=section.get("durability_seconds", number(0, 3600, "seconds; 0 = at every keyframe"), 5.0),
        database=section.get("database", database(base), f"sqlite:///{data_dir / 'pynvr.sqlite'}"),
        server=_server(section.section("server"), base),
        detection_days=section.get("detection_days", number(0, 36_500, "days", above=True), 30.0),
        audit_days=section.get("audit_days", number(0, 36_500, "days", above=True), 30.0),
        incidents=_incidents(section.section("incidents")),
    )
    section.end()
    return system


def _incidents(section: Section) -> IncidentKeeping:
    plain = IncidentKeeping()
    keeping = IncidentKeeping(
        keep_delivered_days=section.get("keep_delivered_days", number(0, 36_500, "days"), plain.keep_delivered_days),
        keep_days=section.get("keep_days", number(0, 36_500, "days", above=True), plain.keep_days),
    )
    section.end()
    return keeping


def _server(section: Section, base: Path) -> Server:
    server = Server(
        host=_host(section),
        port=section.get("port", whole(1, 65_535), 8080),
        tls=_tls(section.section("tls"), base),
        trusted_proxies=section.get("trusted_proxies", NETWORKS, ()),
    )
    section.end()
    return server


def _host(section: Section) -> str:
    """Any text was accepted before: recording goes on then, without a site."""
    host = section.get("host", text(253, empty=False), "localhost")
    try:
        LISTENING_HOST.read(host)
    except NotOfKindError:
        section.warn("host", LISTENING_HOST.expected)
    return host


def _tls(section: Section, base: Path) -> Tls | None:
    """None if there is no such object; whether the files can be used is seen when they are."""
    read = section.need if section.layers else section.get
    tls = Tls(read("certificate", file(base), base), read("key", file(base), base))
    section.end()
    return tls if section.layers else None


def _reaper(top: Section, mistakes: Mistakes, base: Path) -> tuple[ReaperRule, ...]:
    rules: list[ReaperRule] = []
    size = optional(number(0, 1e9, "GB of 10^9 bytes", above=True))
    for path, item in top.items("reaper"):
        if not isinstance(item, JsonObject):
            mistakes.wrong(path, item, 'an object with "disk" and at least one limit')
            continue
        section = Section([Layer(path, item)], mistakes, "reaper[]")
        rule = ReaperRule(
            disk=section.need("disk", folder(base), base),
            percent=section.get("percent", optional(PERCENT), None),
            extensions=section.get("extensions", EXTENSIONS, ("mp4",)),
            keep_free_gb=section.get("keep_free_gb", size, None),
            max_gb=section.get("max_gb", size, None),
            max_days=section.get("max_days", optional(number(0, 36_500, "days", above=True)), None),
        )
        section.end()
        if all(item.get(key) is None for key in _LIMITS):
            complain = mistakes.warn if any(key in item for key in _LIMITS) else mistakes.add
            complain(path, "found no limit, expected at least one of percent, keep_free_gb, max_gb and max_days")
        if rule.disk in (other.disk for other in rules):
            section.wrong("disk", "each disk in one rule only")
        rules.append(rule)
    return tuple(rules)
