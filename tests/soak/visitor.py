"""Somebody who uses the site meanwhile: a little of everything, an incident each minute, one live view."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from tests.web.live.watching import watch

_ROUND_S = 10.0
_INCIDENT_EACH_S = 60.0
_LIVE_S = 300.0
_PATIENCE_S = 60.0
# The web process keeps pictures that were asked for, 32 MB of them; that is to be full before growth is looked for.
_FILLING_BYTES, _PICTURES_A_ROUND = 40_000_000, 8
_MOST_TOLD = 50


class Visitor:
    """Visits until `end`, from `first_s` on, when there is something to be seen of the times asked for.

    `pace`: so many times as often as somebody would, for segments that are so many times shorter.
    `answers`: requests by their status; `refused`: those that failed. `filled`: when (epoch seconds) the web process
    had as many pictures as it keeps.
    """

    def __init__(self, port: int, token: str, cameras: list[str], first_s: float, pace: float = 1) -> None:
        self._port = port
        self._pace = pace
        self._first_s = first_s
        self._login = {"Authorization": f"Bearer {token}"}
        self._cameras = cameras
        self._over = threading.Event()
        self.answers: Counter[int] = Counter()
        self.refused: list[str] = []
        self.slowest_s = 0.0
        self.incidents = 0
        self.live_bytes = 0
        self._picture_bytes = 0
        self.filled: float | None = None
        self.lives = 0
        self._threads = [
            threading.Thread(target=work, name=work.__name__, daemon=True) for work in (self._browse, self._watch)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(2 * _PATIENCE_S)

    def ask(self, path: str, method: str = "GET", document: object = None) -> bytes:
        """The answer's body; what isn't 2xx is noted."""
        began = time.monotonic()
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_S)
        headers = {**self._login, "Content-Type": "application/json"}
        try:
            client.request(method, path, json.dumps(document) if document is not None else None, headers)
            answer = client.getresponse()
            body = answer.read()
            self.answers[answer.status] += 1
            if answer.status >= 300:
                self._note(f"{method} {path}: {answer.status} {body[:200]!r}")
            return body
        except (OSError, http.client.HTTPException) as err:
            self._note(f"{method} {path}: {type(err).__name__}: {err}")
            return b""
        finally:
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            client.close()

    def _note(self, what: str) -> None:
        if len(self.refused) < _MOST_TOLD:
            self.refused.append(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {what}")

    def _browse(self) -> None:
        if self._over.wait(self._first_s):
            return
        next_incident_s = time.monotonic()
        for number in count():
            camera = self._cameras[number % len(self._cameras)]
            now = time.time()
            if time.monotonic() >= next_incident_s:
                next_incident_s += _INCIDENT_EACH_S / self._pace
                self.incidents += 1
                self.ask("/api/incidents", "POST", {"camera_id": camera, "incident_time": now})
            for visit in self._visits(camera, now, number):
                visit()
                if self._over.is_set():
                    return
            if self._over.wait(_ROUND_S / self._pace):
                return

    def _visits(self, camera: str, now: float, number: int) -> list[Callable[[], object]]:
        some = ",".join(self._cameras[:16])
        span = f"from={now - 3600:.3f}&to={now:.3f}"
        paths = [
            f"/api/1/timeline?camera_ids={some}&{span}&resolution=10",
            "/api/system",
            "/api/cameras",
        ]
        # Not all at once, and not each round: a low rate.
        rarely = [
            f"/api/1/camera/{camera}/frame/{now - 30:.3f}.jpg?width=640",
            f"/api/1/camera/{camera}.range.{now - 20:.0f}.to.{now - 10:.0f}.mp4",
            f"/api/1/coverage?camera_ids={some}&{span}",
            "/api/incidents?limit=20",
            "/metrics",
            "/api/logs?limit=20",
            "/scrub",
        ]
        paths.append(rarely[number % len(rarely)])
        visits: list[Callable[[], object]] = [lambda path=path: self.ask(path) for path in paths]  # type: ignore[misc]
        if self._picture_bytes < _FILLING_BYTES:
            visits.append(lambda: self._look_at_pictures(camera, now))
        return [*visits, lambda: self._play(camera, now)]

    def _look_at_pictures(self, camera: str, now: float) -> None:
        """None of them was asked for before."""
        for number in range(_PICTURES_A_ROUND):
            moment = now - 20 + number / 2
            self._picture_bytes += len(self.ask(f"/api/1/camera/{camera}/frame/{moment:.3f}.jpg"))
        if self._picture_bytes >= _FILLING_BYTES:
            self.filled = time.time()

    def _play(self, camera: str, now: float) -> None:
        """A playlist of the last minute, and its first two fragments."""
        playlist_path = f"/api/1/camera/{camera}/playlist.m3u8?from={now - 60:.3f}&to={now - 10:.3f}"
        lines = self.ask(playlist_path).decode(errors="replace").splitlines()
        fragments = [line for line in lines if line and line[0] != "#" and not line.endswith("/gap")]
        for fragment in fragments[:2]:
            address = urlsplit(fragment)
            path = address.path if address.path.startswith("/") else f"/api/1/camera/{camera}/{address.path}"
            self.ask(f"{path}?{address.query}" if address.query else path)

    def _watch(self) -> None:
        """One live view, of another camera each five minutes; takes everything, looks at nothing."""
        for number in count():
            until_s = time.monotonic() + _LIVE_S
            camera = self._cameras[number % len(self._cameras)]
            try:
                with watch(self._port, f"/ws/stream/?camera={camera}", "", headers=self._login, origin=None) as viewer:
                    self.lives += 1
                    while time.monotonic() < until_s and not self._over.is_set():
                        self.live_bytes += len(viewer.recv(_PATIENCE_S))
            except (OSError, WebSocketException) as err:
                self._note(f"live view of {camera}: {type(err).__name__}: {err}")
            if self._over.wait(1):
                return
