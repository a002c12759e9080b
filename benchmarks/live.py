"""Live view: how late a frame is at a viewer, what viewers cost, and how late the picture in a browser is."""

import contextlib
import os
import secrets
import selectors
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import av
import psutil
from playwright.sync_api import sync_playwright

from benchmarks.installation import PyNVR, simulated, wait_for
from benchmarks.table import Row
from pynvr.config.load import load
from pynvr.model.status import STATUS_NAME, Status
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import hash_annexb
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import Store
from tests.web.conftest import ARGUMENTS, CHROMIUM
from tests.web.live.looking import age_ms
from tests.web.live.watching import log_in, pictures, wait_serving, watch

FRAMES, VIEWERS, WATCHED_S, SAMPLES = 450, 30, 10, 60
LATE_MS, FIRST_MS = 100, 2000
_NAME = "cam00"


def rows() -> list[Row]:
    """A 1080p30 camera of 4 Mbit/s for programs; one of 360p25 with a true clock in its picture for the browser."""
    found = []
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place:
        folder = Path(place).absolute()
        with simulated(1, keep_sent=True) as server, _running(folder / "socket", server) as (port, token, web):
            found += _delays(server, port, token)
            found += _costs(web, port, token)
        made = SimulatedCamera("clock", width=640, height=360, fps=25, gop_s=2, bitrate_kbps=800, live=True)
        with SimulatorServer([made]) as server, _running(folder / "browser", server) as (port, _, _):
            found += _in_a_browser(server, port)
    return found


@contextlib.contextmanager
def _running(folder: Path, server: SimulatorServer) -> Iterator[tuple[int, str, psutil.Process]]:
    """Port of the site, a token for it, and its process."""
    pynvr = PyNVR(folder, server)
    settings = load(pynvr.config)
    with Store.open(settings.system.database) as store:
        now_us = time.time_ns() // 1000
        store.users.add("admin", "admin-password", "admin", now_us)
        token = store.tokens.create("bench", "viewer", now_us)
    with pynvr.running():
        wait_for(lambda: pynvr.recording() == len(server.cameras), 60, "all cameras")
        wait_serving(settings.system.server.port)
        status = Status.from_json((settings.system.run_dir / STATUS_NAME).read_bytes())
        pid = next(process.pid for process in status.processes if process.name == "web")
        yield settings.system.server.port, token, psutil.Process(pid)


def _delays(server: SimulatorServer, port: int, token: str) -> list[Row]:
    """From the camera's socket to the viewer's, beside libav that takes the same camera itself, at the same time."""
    arrived: list[tuple[str, int]] = []
    direct: list[tuple[str, int]] = []
    peer = threading.Thread(target=_receive_directly, args=(server.url(_NAME), direct))
    with watch(port, f"/ws/stream/?camera={_NAME}", "", headers=_bearer(token), origin=None) as viewer:
        frames = pictures(viewer)
        # Behind the group of pictures that came at once.
        for _ in range(90):
            next(frames)
        peer.start()
        for frame in frames:
            arrived.append((frame.digest(), time.time_ns() // 1000))
            if len(arrived) == FRAMES:
                break
        peer.join()
    ours, theirs = server.sent(_NAME)[0], server.sent(_NAME)[-1]
    late = _late_ms([(unit.core_sha256, unit.wall_us) for unit in ours.track("video")], arrived)
    late_directly = _late_ms([(unit.core_sha256, unit.wall_us) for unit in theirs.track("video")], direct)
    p95, p95_directly = _p95(late), _p95(late_directly)
    return [
        Row(
            "live: camera's socket to WebSocket, 1080p30",
            f"p50 {median(late):.1f} ms, p95 {p95:.1f} ms",
            f"p95 ≤ {LATE_MS} ms",
            p95 <= LATE_MS,
        ),
        Row(
            "the same beside libav that demuxes the camera itself",
            f"{p95 / p95_directly:.2f} × (p50 {median(late_directly):.1f} ms, p95 {p95_directly:.1f} ms)",
        ),
    ]


def _receive_directly(url: str, arrived: list[tuple[str, int]]) -> None:
    with av.open(url, options={"rtsp_transport": "tcp"}) as container:
        for packet in container.demux(video=0):
            arrived.append((hash_annexb(bytes(packet), "h264"), time.time_ns() // 1000))
            if len(arrived) == FRAMES:
                return


def _late_ms(sent: list[tuple[str, int]], arrived: list[tuple[str, int]]) -> list[float]:
    """A loop sends the same again: what arrived is found at the last place before it where all of it fits."""
    digests = [digest for digest, _ in arrived]
    for start in range(len(sent) - len(arrived), -1, -1):
        part = sent[start : start + len(arrived)]
        if part[0][1] <= arrived[0][1] and [digest for digest, _ in part] == digests:
            return [(at_us - sent_us) / 1000 for (_, sent_us), (_, at_us) in zip(part, arrived, strict=True)]
    raise AssertionError("what arrived isn't what was sent")


def _costs(web: psutil.Process, port: int, token: str) -> list[Row]:
    idle = _cpu_share(web)
    shares, rates = [], []
    for count in (1, VIEWERS):
        with _draining(port, token, count) as received:
            before = received[0]
            shares.append(_cpu_share(web))
            rates.append((received[0] - before) * 8 / 1e6 / WATCHED_S)
    each = (shares[1] - shares[0]) / (VIEWERS - 1)
    return [
        Row("CPU of the web process, nobody watches", f"{100 * abs(idle):.1f} % of a core", "0", idle < 0.02),
        Row(
            "one viewer of one camera, 1080p30 at 4 Mbit/s", f"{100 * shares[0]:.1f} %, {rates[0]:.1f} Mbit/s received"
        ),
        Row(
            f"{VIEWERS} viewers of it",
            f"{100 * shares[1]:.1f} %, {100 * each:.1f} % for each further one, {rates[1]:.0f} Mbit/s received",
        ),
    ]


def _cpu_share(process: psutil.Process) -> float:
    before, began_s = process.cpu_times(), time.monotonic()
    time.sleep(WATCHED_S)
    after = process.cpu_times()
    return (after.user - before.user + after.system - before.system) / (time.monotonic() - began_s)


@contextlib.contextmanager
def _draining(port: int, token: str, count: int) -> Iterator[list[int]]:
    """So many viewers that take everything and look at nothing, on one thread; gives the bytes taken so far."""
    received = [0]
    chosen = selectors.DefaultSelector()
    for _ in range(count):
        viewer = socket.create_connection(("127.0.0.1", port), 20)
        head = f"GET /ws/stream/?camera={_NAME} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\n"
        head += "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        viewer.sendall(f"{head}Authorization: Bearer {token}\r\n\r\n".encode())
        chosen.register(viewer, selectors.EVENT_READ)
    stopping = threading.Event()

    def drain() -> None:
        while not stopping.is_set():
            for key, _ in chosen.select(0.2):
                received[0] += len(key.fileobj.recv(1 << 18))  # type: ignore[union-attr]  # sockets alone were registered

    thread = threading.Thread(target=drain)
    thread.start()
    time.sleep(2)  # the groups of pictures that they begin with
    try:
        yield received
    finally:
        stopping.set()
        thread.join()
        for key in list(chosen.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        chosen.close()


def _in_a_browser(server: SimulatorServer, port: int) -> list[Row]:
    name, _, value = log_in(port).partition("=")
    url = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=ARGUMENTS, env={**os.environ, "HOME": home}
        )
        context = browser.new_context(base_url=url)
        context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        page.add_init_script(
            "addEventListener('loadeddata', () => (window.pictureAt ??= Math.round(performance.now())), true)"
        )
        first = []
        for _ in range(5):
            page.goto(f"/live?again={secrets.token_hex(4)}")
            wait_for(lambda: page.evaluate("window.pictureAt ?? 0") > 0, 30, "a picture")
            first.append(page.evaluate("window.pictureAt"))
        time.sleep(5)
        ages: list[int] = []
        while len(ages) < SAMPLES:
            age = age_ms(page, "clock")
            if age is not None:
                ages.append(age)
            time.sleep(0.1)
        browser.close()
    units = server.sent("clock")[0].track("video")[-500:]
    encoded = median((unit.wall_us - unit.captured_us) / 1000 for unit in units)
    return [
        Row(
            "browser: from the page's start to the first picture",
            f"median {median(first):.0f} ms, longest {max(first)} ms",
            f"≤ {FIRST_MS} ms",
            max(first) <= FIRST_MS,
        ),
        Row(
            "browser: age of the picture shown, by the clock in it, 360p25",
            f"p50 {median(ages):.0f} ms, p95 {_p95([float(age) for age in ages]):.0f} ms;"
            f" {encoded:.0f} ms of it before the camera sent it",
        ),
    ]


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]
