"""A `Site` over a folder of its own, with users, tokens and clients that are logged in already."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pynvr.config.load import load
from pynvr.model.settings import Settings
from pynvr.model.status import Status
from pynvr.playback.footage import Footage
from pynvr.store.store import Store
from pynvr.store.users import ROLES
from pynvr.web.app import build
from pynvr.web.door import Door
from pynvr.web.headers import Application
from pynvr.web.site import Site
from tests.archive.clips import ANCHOR_US
from tests.playback.recording import Recording
from tests.web.client import Client

# 2026-03-10 12:00:00 UTC
NOW_US = 1_773_144_000_000_000
CAMERAS = ({"id": "gate", "url": "rtsp://admin:camera-secret@192.0.2.10/1", "name": "Gate"},)
PASSWORDS = {"admin": "admin-password", "viewer": "viewer-password"}


class SetClock:
    """A clock that tests move by hand."""

    def __init__(self, now_us: int = NOW_US) -> None:
        self.at_us = now_us
        self.at_s = 1000.0

    def now_us(self) -> int:
        return self.at_us

    def monotonic_s(self) -> float:
        return self.at_s

    def move(self, seconds: float) -> None:
        self.at_us += round(seconds * 1e6)
        self.at_s += seconds


class MadeSite:
    """`site` and its `app`; `status` is what the master wrote; clients come logged in."""

    def __init__(self, store: Store, settings: Settings, clock: SetClock, tokens: Mapping[str, str]) -> None:
        self.status: Status | None = None
        self.settings = settings
        self.clock = clock
        self.tokens = tokens
        self.site = Site(
            settings=lambda: self.settings,
            status=lambda: self.status,
            store=store,
            footage=Footage(store, lambda: self.settings),
            clock=clock,
            door=Door(clock),
        )
        self.app: Application = build(self.site)

    @property
    def store(self) -> Store:
        return self.site.store

    def follow_file(self) -> "MadeSite":
        """As the running site does: what was saved counts at once."""
        path = self.settings.path
        object.__setattr__(self.site, "settings", lambda: load(path))
        return self

    def in_file(self, camera_id: str = "gate") -> Any:
        """The camera as nvr.json has it now, None if it hasn't."""
        cameras = json.loads(self.settings.path.read_text())["cameras"]
        return next((camera for camera in cameras if camera["id"] == camera_id), None)

    def anonymous(self, **more: Any) -> Client:
        return Client(self.app, **more)

    def as_admin(self) -> Client:
        """A browser in which `admin` is logged in."""
        return self._browser("admin")

    def as_viewer(self) -> Client:
        return self._browser("viewer")

    def token_admin(self) -> Client:
        """A program with a token of role admin."""
        return Client(self.app, token=self.tokens["admin"])

    def token_viewer(self) -> Client:
        return Client(self.app, token=self.tokens["viewer"])

    def _browser(self, name: str) -> Client:
        client = Client(self.app)
        client.cookies["pynvr_s"] = self.store.sessions.begin(name, self.clock.now_us(), address="192.0.2.7", agent="")
        return client


def make_site(
    folder: Path,
    *,
    cameras: Sequence[Mapping[str, Any]] = CAMERAS,
    system: Mapping[str, Any] | None = None,
    users: Sequence[str] = ("admin", "viewer"),
    clock: SetClock | None = None,
    notify: Sequence[Mapping[str, Any]] = (),
    defaults: Mapping[str, Any] | None = None,
) -> MadeSite:
    """A site with its database and nvr.json in `folder`; `system` adds to the configuration's section of this name."""
    config = folder / "nvr.json"
    document = {
        "system": {"data_dir": str(folder / "data"), "timezone": "Europe/Berlin", **(system or {})},
        "defaults": dict(defaults or {}),
        "cameras": list(cameras),
        "notify": list(notify),
    }
    config.write_text(json.dumps(document))
    config.chmod(0o600)
    settings = load(config)
    (folder / "data").mkdir(exist_ok=True)
    store = Store.open(settings.system.database)
    used = clock or SetClock()
    return serve(store, settings, used, users)


def site_over(recording: Recording) -> Site:
    """An hour after its beginning, and no master is there."""
    clock = SetClock(ANCHOR_US + 3_600_000_000)
    return Site(lambda: recording.settings, lambda: None, recording.store, recording.footage, clock, Door(clock))


def viewer_of(site: Site) -> Client:
    """A program with a token."""
    return Client(build(site), token=site.store.tokens.create("tests", "viewer", 1))


def serve(store: Store, settings: Settings, clock: SetClock, users: Sequence[str] = ("admin", "viewer")) -> MadeSite:
    """A site on an open store: users `admin` and `viewer`, and a token of each of these roles."""
    for name in users:
        store.users.add(
            name, PASSWORDS.get(name, f"{name}-password"), "admin" if name == "admin" else "viewer", clock.now_us()
        )
    tokens: dict[str, str] = {role: store.tokens.create(f"{role} program", role, clock.now_us()) for role in ROLES}
    return MadeSite(store, settings, clock, tokens)
