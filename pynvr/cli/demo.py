"""`pynvr demo`: simulated cameras and the whole program, without a configuration."""

import contextlib
import dataclasses
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import click

from pynvr.base.errors import PyNVRError, UsageError
from pynvr.base.files import make_folder, write_atomic
from pynvr.base.redaction import redact
from pynvr.cli.demo_segments import FinishedSegments
from pynvr.cli.output import waiting
from pynvr.config.camera_document import Document, cameras_in
from pynvr.config.load import load, read_document
from pynvr.model.settings import Settings
from pynvr.model.stamp import local
from pynvr.simulator.camera import Delivery, SimulatedCamera
from pynvr.simulator.left_out import LeftOut
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import open_or_repair
from pynvr.supervisor.restart import Ending, in_words
from pynvr.web.address import site_address
from pynvr.web.listening import ListenError, listen

# A demo that is forgotten in a corner must not fill the disk.
LARGEST_ARCHIVE_GB = 20
USER = "demo"
_LOOK_EACH_S = 1.0
_SITE_EACH_S = 0.1
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

PARCEL = Delivery(first_s=100, stays_s=1800, every_s=3600)
PARCEL_ON = "Gate"
SCENES = tuple(
    # The cells of a time code change for good, bit by bit: who looks for lasting changes would find them.
    dataclasses.replace(scene, time_code=False)
    for scene in (
        SimulatedCamera(name="gate", live=True, fps=15, bitrate_kbps=1500, audio="aac", delivery=PARCEL),
        SimulatedCamera(name="yard", look="dusk", codec="hevc", width=960, height=540, fps=15, bitrate_kbps=1000),
        SimulatedCamera(
            name="dock",
            look="overcast",
            live=True,
            fps=25,
            bitrate_kbps=2000,
            audio="pcmu",
            user="admin",
            password="not-secret",  # noqa: S106 (of a camera that doesn't exist)
        ),
        SimulatedCamera(
            name="hall", look="night", live=True, fps=12.5, width=640, height=360, bitrate_kbps=600, gop_s=4
        ),
    )
)


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the demo records to.",
)
@click.option(
    "--cameras",
    "count",
    type=click.IntRange(1, len(SCENES)),
    default=len(SCENES),
    show_default=True,
    help="How many cameras to simulate.",
)
@click.option("--segment-seconds", default=60, show_default=True, help="Length of a segment; divides a day.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8080, show_default=True, help="Port of the web site.")
def demo(folder: Path, count: int, segment_seconds: int, port: int) -> None:
    """Record simulated cameras and serve their site, until Ctrl-C."""
    _refuse_taken(port)
    try:
        import PIL  # noqa: F401 (the cameras' scenes are drawn with it)
    except ImportError:
        raise UsageError("the simulated cameras need Pillow: pip install 'pynvr[demo]'") from None
    folder = folder.absolute()
    _refuse_others(folder / "nvr.json")
    make_folder(folder)
    click.echo(f"PyNVR demo: drawing and encoding what {count} simulated cameras show …")
    cameras = SimulatorServer(SCENES[:count], keep_sent=False)
    with contextlib.ExitStack() as ends:
        ends.callback(cameras.stop)
        with waiting("Drawing"):
            cameras.start()
        config = _write_config(folder, cameras, segment_seconds, port)
        settings = load(config)
        for camera, scene in zip(settings.cameras, SCENES, strict=False):
            click.echo(f"  {camera.id:<5} {_words(scene):<34} {camera.safe_url}")
        _record(config, settings, _make_user(settings), cameras)


def _refuse_taken(port: int) -> None:
    """Raises UsageError if the site couldn't listen there."""
    try:
        for one in listen("localhost", port):
            one.close()
    except ListenError as err:
        raise UsageError(f"{err}. Choose another one: pynvr demo --port {port + 1 if port < 65_535 else 8080}") from err


def _make_user(settings: Settings) -> str:
    """The demo's user with a password of this run, which is returned: no demo is ever open by a known one."""
    password = secrets.token_urlsafe(9)
    now_us = time.time_ns() // 1000
    with open_or_repair(settings.system.database) as store:
        if store.users.find(USER) is None:
            store.users.add(USER, password, "admin", now_us)
        else:
            store.users.set_password(USER, password, now_us)
    return password


def _write_config(folder: Path, cameras: SimulatorServer, segment_seconds: int, port: int) -> Path:
    document = {
        "system": {
            "name": "PyNVR demo",
            "data_dir": str(folder),
            "segment_seconds": segment_seconds,
            "server": {"port": port},
        },
        "cameras": [{"id": name, "name": name.capitalize(), "url": cameras.url(name)} for name in cameras.cameras],
        "reaper": [{"disk": str(folder), "percent": 95, "max_gb": LARGEST_ARCHIVE_GB}],
    }
    path = folder / "nvr.json"
    write_atomic(path, json.dumps(document, indent=2).encode() + b"\n", mode=0o600)
    return path


def _refuse_others(path: Path) -> None:
    """Raises UsageError if a file is there that isn't a demo's, for it would be lost; ConfigError."""
    if not path.exists():
        return
    document = read_document(path)
    cameras = cameras_in(document) if isinstance(document, dict) else []
    if not cameras or not all(map(_is_of_a_demo, cameras)):
        raise UsageError(f"{path} isn't a demo's, which would write it anew: choose another folder by --dir")


def _is_of_a_demo(camera: Document) -> bool:
    host = urlsplit(redact(str(camera.get("url")))).hostname
    return camera.get("id") in {scene.name for scene in SCENES} and host in _THIS_MACHINE


def _words(scene: SimulatedCamera) -> str:
    sound = f", sound {scene.audio}" if scene.audio else ""
    return f"{scene.codec} {scene.width}x{scene.height} {float(scene.fps):g} fps{sound}"


def _record(config: Path, settings: Settings, password: str, cameras: SimulatorServer) -> None:
    # Also if this is killed, nothing of it goes on recording.
    command = [sys.executable, "-m", "pynvr", "--config", str(config), "foreground", "--parent", str(os.getpid())]
    since_us = time.time_ns() // 1000
    program = subprocess.Popen(command)
    # The terminal's Ctrl-C reaches the program too; it stops cleanly, and this only waits for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: program.terminate())
    with waiting("Starting PyNVR"):
        while program.poll() is None and not _listens(settings):
            time.sleep(_SITE_EACH_S)
    if program.returncode is None:
        _say_how_to_enter(config, settings, password)
    left_out = LeftOut(cameras.left_out)
    with FinishedSegments(settings, since_us) as finished:
        while program.poll() is None:
            time.sleep(_LOOK_EACH_S)
            for line in finished.new_lines():
                click.echo(line)
            if news := left_out.news():
                click.echo(f"{local(time.time_ns() // 1000, settings.system.timezone):%H:%M:%S}  {news}")
    click.echo(
        f"\n{finished.count} MP4s were finished; all that was recorded is in {settings.system.data_dir}, "
        "remove it as you like."
    )
    if program.returncode:
        words = in_words(Ending.DIED, program.returncode)
        raise PyNVRError(
            f"the program {words}; the next start finishes what it was recording; its log: {settings.system.log_dir}"
        )


def _say_how_to_enter(config: Path, settings: Settings, password: str) -> None:
    length = settings.system.segment_s
    click.echo()
    click.secho(f"The site: {site_address(settings.system.server)}   user {USER}, password {password}", bold=True)
    click.echo(
        f"Recorded to {settings.system.data_dir}: a file for each camera and {length} s, with a picture beside it,\n"
        f"{LARGEST_ARCHIVE_GB} GB of video at most; then the oldest is deleted.\n"
        f"\nTo try: within two minutes somebody leaves a parcel on camera {PARCEL_ON}. Two minutes later open Scrub,\n"
        f"click on {PARCEL_ON}'s picture and on Find (the change), draw a rectangle around the parcel and press\n"
        "“When did this change?”. Half an hour later it is fetched, and each hour there is another one.\n"
        "Motion and faces are looked for where that is asked for: Settings, a camera, Detection.\n"
        f"\nIn another terminal: {Path(sys.executable).parent / 'pynvr'} --config {config} status\n"
        "Ctrl-C ends the demo.\n"
    )


def _listens(settings: Settings) -> bool:
    server = settings.system.server
    try:
        socket.create_connection((server.host, server.port), timeout=1).close()
    except OSError:
        return False
    return True
