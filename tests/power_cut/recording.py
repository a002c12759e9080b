"""PyNVR as it records on the disk that will lose its power, while somebody uses it."""

import http.client
import os
import random
import subprocess
import time
from pathlib import Path
from typing import Any

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import PYNVR, Program
from tests.end_to_end.site import Site
from tests.power_cut.story import Deed, Story, now_us

_PICTURE = {"width": 320, "height": 240, "fps": 15, "gop_s": 1, "bitrate_kbps": 200, "live": True}
CAMERAS = [
    SimulatedCamera("gate", **_PICTURE),  # type: ignore[arg-type]
    SimulatedCamera("yard", audio="aac", **_PICTURE),  # type: ignore[arg-type]
]
# Something crosses its picture every nine seconds; else nothing moves.
MOVING = SimulatedCamera("road", visits=(9.0, 3.0), **_PICTURE)  # type: ignore[arg-type]
# A camera of nvr.json that is never recorded: its description is what is changed.
SPARE = "spare"
DESCRIPTION = "change "
ADMIN, PASSWORD = "admin", "admin-password"
_DEED_EVERY_S = 0.7


def record(
    folder: Path, seconds: float, durability_s: float, segment_s: int, rng: random.Random, *, motion: bool
) -> Story:
    """Record into the folder for so long, and end by killing everything."""
    cameras = [*CAMERAS, MOVING] if motion else CAMERAS
    system = {"durability_seconds": durability_s, "segment_seconds": segment_s}
    with SimulatorServer(cameras) as server:
        program = Program(folder, _configured(server, cameras), system)
        _force(program.config)
        add_user: list[str | Path] = [
            PYNVR,
            "--config",
            program.config,
            "user",
            "add",
            ADMIN,
            "--role",
            "admin",
            "--password-stdin",
        ]
        subprocess.run(add_user, input=PASSWORD.encode(), check=True, capture_output=True)
        program.start()
        try:
            program.wait_recording(*(camera.name for camera in cameras), timeout_s=300)
            site = Site(program.port)
            site.wait()
            assert site.log_in(ADMIN, PASSWORD).status == 200
            began_us = now_us()
            deeds = _use(site, time.monotonic() + seconds, rng)
            ended_us = now_us()
        finally:
            program.end()
        sent = {
            camera.name: [unit for session in server.sent(camera.name) for unit in session.track("video")]
            for camera in cameras
        }
    sifted = frozenset({MOVING.name} if motion else ())
    return Story(sent, sifted, deeds, durability_s, began_us, ended_us)


def _force(path: Path) -> None:
    """The file and its name outlive a power cut from here on, as what `pynvr config` writes does."""
    for place in (path, *list(path.parents)[:2]):
        descriptor = os.open(place, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _configured(server: SimulatorServer, cameras: list[SimulatedCamera]) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = [
        {"id": camera.name, "url": server.url(camera.name), "frame_timeout": 60} for camera in cameras
    ]
    for document in documents:
        if document["id"] == MOVING.name:
            document["record"] = {"mode": "motion", "pre_seconds": 1, "post_seconds": 1}
            document["detect"] = {"motion": {"zones": [{"x": 0, "y": 0.5, "width": 1, "height": 0.45}]}}
    return [*documents, {"id": SPARE, "url": "rtsp://192.0.2.1/", "enabled": False}]


def _use(site: Site, until_s: float, rng: random.Random) -> list[Deed]:
    """Ask for one thing after the other until then; what was acknowledged."""
    deeds: list[Deed] = []
    keeps: list[int] = []
    number = 0
    while time.monotonic() < until_s:
        number += 1
        kind = rng.choice(("keep", "tag", "incident", "describe", "unkeep"))
        if kind == "unkeep" and not keeps:
            kind = "keep"
        asked_us = now_us()
        seconds = asked_us / 1e6
        camera = CAMERAS[number % len(CAMERAS)].name
        about: int | str
        if kind == "keep":
            about = _asked(site, "/api/1/keeps", {"camera_id": camera, "from": seconds - 5, "to": seconds})["id"]
            keeps.append(int(about))
        elif kind == "unkeep":
            about = keeps.pop(rng.randrange(len(keeps)))
            _asked(site, f"/api/1/keeps/{about}", {}, "DELETE")
        elif kind == "tag":
            label = {"camera_id": camera, "time": seconds, "label": "seen"}
            about = _asked(site, "/api/1/tags", label)["id"]
        elif kind == "incident":
            moment = {"camera_id": camera, "incident_time": seconds - 2, "pre_seconds": 1, "post_seconds": 1}
            about = _asked(site, "/api/incidents", moment)["id"]
        else:
            about = f"{DESCRIPTION}{number}"
            _asked(site, f"/api/cameras/{SPARE}", {"description": about}, "PATCH")
        deeds.append(Deed(kind, about, asked_us, now_us()))
        time.sleep(_DEED_EVERY_S * rng.random())
    return deeds


def _asked(site: Site, path: str, document: dict[str, Any], method: str = "POST") -> dict[str, Any]:
    answer = site.send(method, path, document)
    if answer.status >= http.client.BAD_REQUEST:
        raise AssertionError(f"{method} {path}: {answer.status} {answer.body!r}")
    found = answer.json if answer.body else {}
    payload = found.get("payload", found)
    return dict(next((one for one in payload.values() if isinstance(one, dict)), payload))
