"""The time axis: how long does an answer take, and how long takes bare SQL to read the same rows?

The catalogs are real databases of made-up rows; the answer is asked of the WSGI application, JSON and login included.
"""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.table import Row
from pynvr.config.load import load
from pynvr.model.segment import Segment
from pynvr.model.settings import Settings
from pynvr.model.stamp import stamp_of
from pynvr.playback.footage import Footage
from pynvr.store.store import Store
from pynvr.web.app import build
from pynvr.web.site import Site

DAY_MS, MONTH_MS = 30, 300
# As a page of 1600 pixels asks.
DAY_BUCKET_S, MONTH_BUCKET_S = 60, 1800
REPEATS = 9
MANY_CAMERAS, MANY_DAYS = 64, 30
_MINUTE_US = 60_000_000
_DAY_US = 86_400_000_000
_BEGIN_US = 1_772_323_200_000_000  # 2026-03-01 00:00 UTC
_BARE = """
select start_us, end_us, frames, activity from segments
where camera_id = ? and start_us >= ? and start_us < ? order by start_us"""


def rows() -> list[Row]:
    """All that is measured here."""
    return [
        *_measured(16, 1, DAY_BUCKET_S, DAY_MS),
        *_measured(MANY_CAMERAS, MANY_DAYS, MONTH_BUCKET_S, MONTH_MS),
    ]


def _measured(cameras: int, days: int, bucket_s: int, target_ms: int) -> list[Row]:
    what = f"time axis, {cameras} cameras × {days} day{'' if days == 1 else 's'}"
    with _archive(cameras, days) as archive:
        first_s = _timed(lambda: archive.ask(bucket_s))
        warm: list[float] = []
        bare: list[float] = []
        for _ in range(REPEATS):
            warm.append(_timed(lambda: archive.ask(bucket_s)))
            if len(bare) < 3:
                bare.append(_timed(archive.read_bare))
        archive.restart()
        cold_s = _timed(lambda: archive.ask(bucket_s))
        warm_s, bare_s = median(warm), median(bare)
        return [
            Row(
                what,
                f"{warm_s * 1000:.0f} ms, {warm_s / bare_s:.3f} × bare SQL reading its {archive.rows:,} rows "
                f"({bare_s * 1000:,.0f} ms)",
                f"≤ {target_ms} ms",
                warm_s * 1000 <= target_ms,
            ),
            Row(f"{what}, first answer of a new process", f"{cold_s * 1000:.0f} ms", f"≤ {target_ms} ms",
                cold_s * 1000 <= target_ms),
            Row(f"{what}, never looked at before", f"{first_s:.2f} s, {first_s / bare_s:.1f} × bare SQL"),
        ]  # fmt: skip


class _Archive:
    """Minute by minute up to `days` days, with a hole of a minute every few hours."""

    def __init__(self, folder: Path, cameras: int, days: int) -> None:
        self._ids = [f"camera-{number}" for number in range(cameras)]
        self._from_us, self._to_us = _BEGIN_US, _BEGIN_US + days * _DAY_US
        self._settings = _settings(folder, self._ids)
        self._store = Store.open(self._settings.system.database)
        self._fill(days * 1440)
        self._token = self._store.tokens.create("bench", "viewer", _BEGIN_US)
        self.rows = self._store.segments.count()
        self.restart()

    def restart(self) -> None:
        """As a new process would begin."""
        self._store.close()
        self._store = Store.open(self._settings.system.database)
        clock = _Noon(self._to_us + _DAY_US)
        footage = Footage(self._store, lambda: self._settings)
        self._app = build(Site(lambda: self._settings, lambda: None, self._store, footage, clock))
        # The pool's first connection, and the program's own first request.
        self._get("/api/me")

    def ask(self, bucket_s: int) -> None:
        query = f"from={self._from_us / 1e6}&to={self._to_us / 1e6}&resolution={bucket_s}&encoding=base64"
        body = self._get("/api/1/timeline", query)
        assert body.count(b'"spans"') == len(self._ids)

    def read_bare(self) -> None:
        with closing(sqlite3.connect(self._store.path)) as connection:
            for camera_id in self._ids:
                connection.execute(_BARE, (camera_id, self._from_us, self._to_us)).fetchall()

    def close(self) -> None:
        self._store.close()

    def _get(self, path: str, query: str = "") -> bytes:
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8080",
            "HTTP_HOST": "localhost:8080",
            "HTTP_AUTHORIZATION": f"Bearer {self._token}",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }
        statuses: list[str] = []

        def start_response(status: str, _headers: object, _info: object = None) -> Callable[[bytes], object]:
            statuses.append(status)
            return lambda _data: None

        body = b"".join(self._app(environ, start_response))
        assert statuses == ["200 OK"], (statuses, body[:200])
        return body

    def _fill(self, minutes: int) -> None:
        chance = Random(1)
        activities = [
            bytes(chance.randint(20, 200) if chance.random() < 0.06 else 4 for _ in range(60)) for _ in range(50)
        ]
        zone = self._settings.system.timezone
        batch: list[Segment] = []
        for minute in range(minutes):
            start_us = _BEGIN_US + minute * _MINUTE_US + 700_000
            stamp = stamp_of(start_us, zone)
            batch += [
                Segment(
                    camera_id, stamp, start_us, start_us + _MINUTE_US, f"/video/{camera_id}", 1800, 30_000_000,
                    "h264", 1920, 1080, activity=chance.choice(activities),
                )
                for camera_id in self._ids
                if (minute + len(camera_id)) % 400 != 399
            ]  # fmt: skip
            if len(batch) > 5000:
                self._store.segments.add(*batch)
                batch.clear()
        self._store.segments.add(*batch)


class _Noon:
    def __init__(self, now_us: int) -> None:
        self._now_us = now_us

    def now_us(self) -> int:
        return self._now_us

    def monotonic_s(self) -> float:
        return time.monotonic()


def _settings(folder: Path, camera_ids: list[str]) -> Settings:
    cameras = ",".join(f'{{"id": "{camera_id}", "url": "rtsp://192.0.2.1/x"}}' for camera_id in camera_ids)
    config = folder / "nvr.json"
    config.write_text(f'{{"system": {{"data_dir": "{folder}", "timezone": "Europe/Vienna"}}, "cameras": [{cameras}]}}')
    config.chmod(0o600)
    return load(config)


@contextmanager
def _archive(cameras: int, days: int) -> Iterator[_Archive]:
    folder = Path(tempfile.mkdtemp(prefix="pynvr-timeline-"))
    try:
        archive = _Archive(folder, cameras, days)
        yield archive
        archive.close()
    finally:
        shutil.rmtree(folder)


def _timed(what: Callable[[], Any]) -> float:  # Any: whatever it gives is left
    started = time.perf_counter()
    what()
    return time.perf_counter() - started
