"""Who is wanted: settings and the disks' markers → the children there should be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pynvr.base.conceal import secrets_of
from pynvr.base.logs import LogPlace
from pynvr.config.without_secrets import with_deliveries, without_secrets
from pynvr.model import sub_stream
from pynvr.model.incident import DELIVERER
from pynvr.model.search import SEARCHER
from pynvr.model.settings import Camera, Retention, Settings
from pynvr.recorder.order import RecorderOrder
from pynvr.web.order import WebOrder

Kind = Literal[
    "recorder",
    "live",
    "finisher",
    "reaper",
    "analyser",
    "searcher",
    "web",
    "capturer",
    "notifier",
    "deliverer",
    "preparation",
]

# Where each kind's `run(heart, order)` is; named, not imported, for the master must not load what its children need.
TARGETS: Mapping[str, str] = {
    "recorder": "pynvr.recorder.process:run",
    "live": "pynvr.recorder.live:run",
    "finisher": "pynvr.finisher.process:run",
    "reaper": "pynvr.reaper.process:run",
    "analyser": "pynvr.analyser.process:run",
    "searcher": "pynvr.searcher.process:run",
    "web": "pynvr.web.start:run",
    "capturer": "pynvr.capturer.process:run",
    "notifier": "pynvr.notifier.process:run",
    "deliverer": "pynvr.deliverer.process:run",
    "preparation": "pynvr.supervisor.prepare:run",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One child that should be there. `name` is its process's and unique; `order` goes to it through a pipe."""

    name: str
    kind: Kind
    target: str
    order: object = field(repr=False)
    log: LogPlace
    low_priority: bool = False
    camera_id: str = ""


def wants_recorder(camera: Camera) -> bool:
    """Whether there is anything to do for a recorder; one with a schedule switches itself."""
    return camera.enabled and camera.record.mode != "never"


def wants_reaper(settings: Settings) -> bool:
    """Whether anything may ever be deleted."""
    return bool(settings.reaper) or any(camera.retention != Retention() for camera in settings.cameras)


def wants_analyser(settings: Settings) -> bool:
    """Whether any camera that has pictures asks for detection."""
    return any(camera.has_pictures and camera.looked_for.is_wanted for camera in settings.cameras)


def wants_deliverer(settings: Settings) -> bool:
    """Whether any camera says where clips of its incidents go."""
    return any(camera.delivery.url for camera in settings.cameras)


def recorder_name(camera_id: str) -> str:
    return f"recorder {camera_id}"


def recorders(
    settings: Settings, markers: Mapping[Path, str], to_stderr: bool, targets: Mapping[str, str] = TARGETS
) -> list[Wanted]:
    """A recorder for each camera that records at all and whose disk is known."""
    return [
        Wanted(
            recorder_name(camera.id),
            "recorder",
            targets["recorder"],
            RecorderOrder(camera, settings.system, markers[camera.dst]),
            LogPlace(settings.system.camera_log_dir / f"{camera.id}.log", to_stderr, secrets_of([camera.url])),
            camera_id=camera.id,
        )
        for camera in settings.cameras
        if wants_recorder(camera) and camera.dst in markers
    ]


def sub_streams(
    settings: Settings, wants: Collection[str], to_stderr: bool, targets: Mapping[str, str] = TARGETS
) -> list[Wanted]:
    """What takes in the sub-stream of a camera that has one, while somebody wants it (`sub_stream.name_of`)."""
    return [
        Wanted(
            sub_stream.name_of(camera.id),
            "live",
            targets["live"],
            RecorderOrder(*sub_stream.as_camera(camera, settings.system), disk_marker=""),
            LogPlace(settings.system.camera_log_dir / f"{camera.id}.log", to_stderr, secrets_of([camera.live.url])),
            camera_id=camera.id,
        )
        for camera in settings.cameras
        if sub_stream.is_there(camera) and sub_stream.name_of(camera.id) in wants
    ]


def keepers(settings: Settings, to_stderr: bool, targets: Mapping[str, str] = TARGETS) -> list[Wanted]:
    """The finisher; the reaper if anything may be deleted; analyser and notifier if somebody asks for them.

    They learn no camera's URL, also not the analyser, which follows nvr.json. The notifier alone learns where messages
    go.
    """
    order = without_secrets(settings)
    log = LogPlace(main_log(settings), to_stderr)
    kinds: list[Kind] = ["finisher"]
    if wants_reaper(settings):
        kinds.append("reaper")
    if wants_analyser(settings):
        kinds.append("analyser")
    wanted = [Wanted(kind, kind, targets[kind], order, log, low_priority=True) for kind in kinds]
    return [*wanted, *([notifier(settings, to_stderr, targets)] if settings.notify else [])]


def notifier(settings: Settings, to_stderr: bool, targets: Mapping[str, str] = TARGETS) -> Wanted:
    """Tells those whom `notify` names."""
    order = replace(without_secrets(settings), notify=settings.notify)
    log = LogPlace(main_log(settings), to_stderr, settings.secrets)
    return Wanted("notifier", "notifier", targets["notifier"], order, log, low_priority=True)


def searcher(settings: Settings, to_stderr: bool, targets: Mapping[str, str] = TARGETS) -> Wanted:
    """Looks at recorded pictures; there while the web process wants it. It learns no camera's URL."""
    order = without_secrets(settings)
    log = LogPlace(main_log(settings), to_stderr)
    return Wanted(SEARCHER, "searcher", targets["searcher"], order, log, low_priority=True)


def deliverer(settings: Settings, to_stderr: bool, targets: Mapping[str, str] = TARGETS) -> Wanted:
    """Cuts clips of incidents and delivers them; there if a camera says where to, or while the web process wants it.

    It alone learns where clips go, and no camera's URL. It follows nvr.json: no delivery breaks off for a change.
    """
    log = LogPlace(main_log(settings), to_stderr, settings.secrets)
    return Wanted(DELIVERER, "deliverer", targets["deliverer"], with_deliveries(settings), log, low_priority=True)


def web(settings: Settings, to_stderr: bool, targets: Mapping[str, str] = TARGETS) -> Wanted:
    """The web site; it learns the cameras' URLs, for it edits them."""
    log = LogPlace(main_log(settings), to_stderr, settings.secrets)
    return Wanted("web", "web", targets["web"], WebOrder(settings), log)


def main_log(settings: Settings) -> Path:
    return settings.system.log_dir / "pynvr.log"
