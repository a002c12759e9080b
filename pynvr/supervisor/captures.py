"""The captures that run: which there are, who may be added, when one is over."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from pynvr.archive.capture_folder import captures_dir
from pynvr.base.clock import Clock
from pynvr.base.conceal import secrets_of
from pynvr.base.errors import WishError
from pynvr.base.logs import LogPlace
from pynvr.base.redaction import redact
from pynvr.base.wishes import Value
from pynvr.capturer.order import CaptureOrder
from pynvr.model.settings import Camera, Record, Retention, Retry, Settings, Transport
from pynvr.supervisor.restart import Ending
from pynvr.supervisor.roster import Wanted, main_log
from pynvr.supervisor.wishes import text_in

MOST = 4
LONGEST_S = 3600.0
# One whose process dies so often is given up; what it found stays.
MOST_DEATHS = 5
_LONGEST_URL = 2048
_LONGEST_TIMEOUT_S = 30.0
_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443, "rtmp": 1935}
_PREFIX = "capture "
_USER = re.compile(r"://[^/]*@")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Running:
    order: CaptureOrder
    address: str
    deaths: int = 0


class Captures:
    """Each is a process that isn't on the configuration's roster. Its name is `capture <id>`."""

    def __init__(self, target: str, clock: Clock, to_stderr: bool) -> None:
        self._target = target
        self._clock = clock
        self._to_stderr = to_stderr
        self._running: dict[str, _Running] = {}

    def start(self, about: Mapping[str, Value], settings: Settings) -> Mapping[str, Value]:
        """The grant of `capture.start`: `url`, `transport`, `initial_timeout_s`, `frame_timeout_s` → `id`."""
        url = text_in(about, "url")
        if not 0 < len(url) <= _LONGEST_URL:
            raise WishError("invalid", f"a URL of 1 to {_LONGEST_URL} characters is expected")
        address = address_of(url)
        known = next((one.order for one in self._running.values() if one.address == address), None)
        if known is not None:
            raise WishError("conflict", f"{redact(url)} is being captured already")
        if len(self._running) >= MOST:
            raise WishError("busy", f"{MOST} captures are running; stop one first")
        started_us = self._clock.now_us()
        capture_id = str(max([started_us, *(int(one) + 1 for one in self._running)]))
        folder = captures_dir(settings.system)
        camera = _camera(capture_id, url, folder, about)
        order = CaptureOrder(camera, folder, started_us, LONGEST_S, frozenset(self._running))
        self._running[capture_id] = _Running(order, address)
        return {"id": capture_id}

    def stop(self, about: Mapping[str, Value]) -> Mapping[str, Value]:
        """The grant of `capture.stop`: `id`, or `url`, else the one that began last → its `id`."""
        if about.get("id"):
            capture_id = text_in(about, "id")
        elif about.get("url"):
            address = address_of(text_in(about, "url"))
            capture_id = next((known for known, one in self._running.items() if one.address == address), "")
        else:
            capture_id = max(self._running, key=int, default="")
        if self._running.pop(capture_id, None) is None:
            asked = about.get("id") or about.get("url")
            raise WishError("unknown", "that isn't being captured" if asked else "nothing is being captured")
        return {"id": capture_id}

    def lost(self, wanted: Wanted, ending: Ending) -> None:
        """A process has ended: one that did so in order is done, and one that dies again and again is given up."""
        running = self._running.get(wanted.name.removeprefix(_PREFIX))
        if wanted.kind != "capturer" or running is None:
            return
        running.deaths += ending is not Ending.STOPPED
        if ending in (Ending.ENDED, Ending.CANNOT_START) or running.deaths >= MOST_DEATHS:
            del self._running[running.order.camera.id]
            if running.deaths >= MOST_DEATHS:
                _log.warning("%s is given up, for its process died %d times", wanted.name, running.deaths)

    def wanted(self, settings: Settings) -> list[Wanted]:
        """Their places on the roster."""
        return [
            Wanted(
                capture_name(capture_id),
                "capturer",
                self._target,
                one.order,
                LogPlace(main_log(settings), self._to_stderr, secrets_of([one.order.camera.url])),
                low_priority=True,
            )
            for capture_id, one in self._running.items()
        ]


def capture_name(capture_id: str) -> str:
    return f"{_PREFIX}{capture_id}"


def address_of(url: str) -> str:
    """What is the same for one stream: the URL without user and password, its host in small letters, its port."""
    bare = _USER.sub("://", url.strip(), count=1)
    try:
        parts = urlsplit(bare)
        port = parts.port or _PORTS.get(parts.scheme.lower(), 0)
    except ValueError:
        return bare
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return f"{parts.scheme.lower()}://{(parts.hostname or '').lower()}:{port}{path}"


def _camera(capture_id: str, url: str, folder: Path, about: Mapping[str, Value]) -> Camera:
    """The URL as a camera that is looked at alone: nothing of it is recorded."""
    transport: Transport = "tcp"
    for known in get_args(Transport):
        if about.get("transport") == known:
            transport = known
    return Camera(
        id=capture_id,
        url=url,
        name=capture_id,
        description="",
        dst=folder,
        enabled=True,
        initial_timeout_s=_seconds(about, "initial_timeout_s", 10.0),
        frame_timeout_s=_seconds(about, "frame_timeout_s", 5.0),
        retry=Retry(),
        transport=transport,
        audio="off",
        record=Record(),
        retention=Retention(),
    )


def _seconds(about: Mapping[str, Value], name: str, default_s: float) -> float:
    value = about.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
        return default_s
    return min(float(value), _LONGEST_TIMEOUT_S)
