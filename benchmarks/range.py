"""A day of a camera as one MP4: the first byte, the reads, the memory, and the rate beside a plain file.

The tables are those of 1080p30 at 4 Mbit/s with AAC: 1,440 segments of 1,800 pictures and 2,812 sounds. The bytes
are real for as many minutes as the plain file is long; the day's other minutes are further names of these files.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.table import Row
from benchmarks.usage import usage_of
from pynvr.archive.index import append_record
from pynvr.archive.index_record import IndexRecord
from pynvr.archive.marker import create_marker
from pynvr.archive.paths import index_path, segment_path
from pynvr.archive.record import index_track
from pynvr.base.clock import SystemClock
from pynvr.catalog.entry import entry_of
from pynvr.config.load import load
from pynvr.isobmff.table import TrackTable
from pynvr.model.frame import Track
from pynvr.model.settings import Settings
from pynvr.model.stamp import stamp_of
from pynvr.playback.footage import Footage
from pynvr.playback.range_planner import plan_range
from pynvr.playback.range_source import RangeSource
from pynvr.store.store import Store

MINUTES = 1440
REAL_MINUTES = 34
FRAMES, FRAME_BYTES, KEY_BYTES, GOP = 1800, 15_000, 90_000, 60
SOUNDS, SOUND_BYTES, SOUND_RATE = 2812, 340, 48_000
REPEATS = 15
FIRST_BYTE_MS, RATE = 100, 0.7
# Kernel and server give and take; memory that grew with the range would be hundreds of times this.
SAME_MB = 12
_MINUTE_US = 60_000_000
# 2026-03-10 00:00 UTC
_START_US = 1_773_100_800_000_000
_ENTRY = b"\0\0\0\x56avc1" + bytes(78)
_SOUND_ENTRY = b"\0\0\0\x24mp4a" + bytes(28)


def rows() -> list[Row]:
    """All that is measured here."""
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place:
        day = Day(Path(place).absolute())
        result = day.reads()
        with day.served() as port:
            result += day.first_bytes(port)
            result += day.rates(port)
        result += day.memory()
        return result


class Day:
    """A camera's day on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = _configured(folder)
        self.dst = self.settings.cameras[0].dst
        self.dst.mkdir(parents=True)
        self.plain = folder / "plain.bin"
        self._token = ""
        self._make()

    def _make(self) -> None:
        record = _record()
        day_folder = segment_path(self.dst, "gate", "20260310.0000").parent
        day_folder.mkdir()
        first: list[Path] = []
        entries = []
        index = index_path(self.dst, "gate", "20260310")
        for minute in range(MINUTES):
            at_us = _START_US + minute * _MINUTE_US
            stamp = stamp_of(at_us, self.settings.system.timezone)
            path = segment_path(self.dst, "gate", stamp)
            if minute < REAL_MINUTES:
                path.write_bytes(os.urandom(1 << 20) * (record.file_bytes >> 20) + bytes(record.file_bytes & 0xFFFFF))
                first.append(path)
            else:
                os.link(first[minute % REAL_MINUTES], path)
            one = replace(record, stamp=stamp, start_us=at_us, end_us=at_us + _MINUTE_US)
            append_record(index, one)
            entries.append(entry_of(self.dst, "gate", one))
        with Store.open(self.settings.system.database) as store:
            store.disks.remember(self.dst, create_marker(self.dst))
            store.segments.add(*entries)
            self._token = store.tokens.create("bench", "viewer", 1)
            source = _source(store, self.settings, REAL_MINUTES)
            with self.plain.open("wb") as file:
                for piece in source.read(0, source.length):
                    file.write(piece)
            # What the server knows as a segment it sends as a plain file.
            link = segment_path(self.dst, "gate", "20260311.0000")
            link.parent.mkdir()
            os.link(self.plain, link)
            plain = replace(record, stamp="20260311.0000", start_us=_START_US + 86_400_000_000)
            plain = replace(plain, end_us=plain.start_us + _MINUTE_US, file_bytes=source.length)
            store.segments.add(entry_of(self.dst, "gate", plain))
        # Else the kernel writes these gigabytes while the first bytes are timed.
        os.sync()

    @contextmanager
    def served(self) -> Iterator[int]:
        """The real web process on a free port."""
        from tests.web.running import RunningSite

        with RunningSite(self.settings.path) as site:
            yield int(site.url.rsplit(":", 1)[1])

    def reads(self) -> list[Row]:
        """What planning a day costs in a process that knows nothing yet, and the rate at which its header is made."""
        with Store.open(self.settings.system.database) as store:
            with _counted() as calls:
                source = _source(store, self.settings, MINUTES)
            began_s = time.process_time()
            header = sum(map(len, source.read(0, source.plan.header.length)))
            header_s = time.process_time() - began_s
            cold_ms = statistics.median(self._plan_ms(store, None) for _ in range(5))
            known = Footage(store, lambda: self.settings, SystemClock())
            warm_ms = statistics.median(self._plan_ms(store, known) for _ in range(6))
        return [
            Row("the day as one MP4", f"{source.length / 1e9:.1f} GB, {header / 1e6:.0f} MB of it header"),
            Row(
                "reads to plan it when nothing is known",
                f"{len(calls)}, {sum(calls) / 1e6:.0f} MB (the day's index)",
                "a handful",
                len(calls) <= 24,
            ),
            Row("CPU to plan it: nothing known, the day known", f"{cold_ms:.0f} ms, {warm_ms:.0f} ms"),
            Row("CPU to make its header", f"{header_s:.2f} s, {header / header_s / 1e6:,.0f} MB/s"),
        ]

    def _plan_ms(self, store: Store, footage: Footage | None) -> float:
        began_s = time.process_time()
        footage = footage or Footage(store, lambda: self.settings, SystemClock())
        plan_range(footage, "gate", _START_US, _START_US + MINUTES * _MINUTE_US)
        return (time.process_time() - began_s) * 1000

    def first_bytes(self, port: int) -> list[Row]:
        """From the request to the first byte of the body."""
        cold_ms = self._first_byte_ms(port, 0)
        # A range never asked for before, of a day that was.
        planned = [self._first_byte_ms(port, number) for number in range(1, REPEATS)]
        again = [self._first_byte_ms(port, 1) for _ in range(REPEATS)]
        found = [
            ("first byte of 24 h, the server just started", cold_ms),
            (f"the same, day known, new range (median of {len(planned)})", statistics.median(planned)),
            (f"the same, asked for again (median of {REPEATS})", statistics.median(again)),
        ]
        return [Row(what, f"{ms:.0f} ms", f"≤ {FIRST_BYTE_MS} ms", ms <= FIRST_BYTE_MS) for what, ms in found]

    def rates(self, port: int) -> list[Row]:
        """The same bytes as a plain file and as a range, by turns."""
        plain = "/api/1/camera/gate.20260311.0000.mp4"
        made = _range_path(_START_US, _START_US + REAL_MINUTES * _MINUTE_US)
        length = self.plain.stat().st_size
        ratios, plain_s, made_s = [], [], []
        for _ in range(5):
            plain_s.append(self._download_s(port, plain, length))
            made_s.append(self._download_s(port, made, length))
            ratios.append(plain_s[-1] / made_s[-1])
        ratio = statistics.median(ratios)
        rates = [length / statistics.median(times) / 1e6 for times in (plain_s, made_s)]
        return [
            Row(
                f"rate of a range of {length / 1e9:.1f} GB beside the same bytes as a plain file",
                f"{ratio:.2f} ({rates[1]:,.0f} of {rates[0]:,.0f} MB/s)",
                f"≥ {RATE}",
                ratio >= RATE,
            )
        ]

    def memory(self) -> list[Row]:
        """How much a process grows that plans and reads a range, header and some content, by the range's length."""
        minute, day = (statistics.median(self._grown_mb(minutes) for _ in range(3)) for minutes in (1, MINUTES))
        more = day - minute
        return [
            Row("memory of reading a minute", f"{minute:.1f} MB"),
            Row("memory of reading 24 h", f"{day:.1f} MB", f"≤ {SAME_MB} MB more", more <= SAME_MB),
        ]

    def _grown_mb(self, minutes: int) -> float:
        words = [sys.executable, "-m", "benchmarks.range", str(self.settings.path), str(minutes)]
        return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    def _first_byte_ms(self, port: int, number: int) -> float:
        path = _range_path(_START_US + number, _START_US + MINUTES * _MINUTE_US)
        # The one before was cut off in the middle, and its thread has to notice.
        time.sleep(0.3)
        client = self._client(port)
        began_s = time.perf_counter()
        client.request("GET", path, headers=self._headers)
        answer = client.getresponse()
        answer.read(1)
        took_s = time.perf_counter() - began_s
        client.close()
        return took_s * 1000

    def _download_s(self, port: int, path: str, length: int) -> float:
        client = self._client(port)
        client.request("GET", path, headers=self._headers)
        answer = client.getresponse()
        room = memoryview(bytearray(1 << 20))
        began_s, got = time.perf_counter(), 0
        while count := answer.readinto(room):
            got += count
        took_s = time.perf_counter() - began_s
        client.close()
        if got != length:
            raise RuntimeError(f"{path}: {got} of {length} bytes")
        return took_s

    def _client(self, port: int) -> http.client.HTTPConnection:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.connect()
        return client

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def _range_path(from_us: int, to_us: int) -> str:
    begin, end = (f"{at // 1_000_000}.{at % 1_000_000:06d}" for at in (from_us, to_us))
    return f"/api/1/camera/gate.range.{begin}.to.{end}.mp4"


def _source(store: Store, settings: Settings, minutes: int) -> RangeSource:
    footage = Footage(store, lambda: settings, SystemClock())
    plan = plan_range(footage, "gate", _START_US, _START_US + minutes * _MINUTE_US)
    return RangeSource(plan, footage, "day.mp4")


@contextmanager
def _counted() -> Iterator[list[int]]:
    """Bytes brought by each read at a place in a file."""
    found: list[int] = []
    module: Any = os  # its functions are replaced while this lasts
    real, real_vector = os.pread, os.preadv

    def counting(fd: int, length: int, position: int) -> bytes:
        data = real(fd, length, position)
        found.append(len(data))
        return data

    def counting_vector(fd: int, room: Sequence[memoryview], position: int) -> int:
        found.append(real_vector(fd, room, position))
        return found[-1]

    module.pread, module.preadv = counting, counting_vector
    try:
        yield found
    finally:
        module.pread, module.preadv = real, real_vector


def _configured(folder: Path) -> Settings:
    config = folder / "nvr.json"
    config.write_text(
        f'{{"system": {{"data_dir": "{folder}/data", "timezone": "UTC"}},'
        ' "cameras": [{"id": "gate", "url": "rtsp://192.0.2.1/"}]}'
    )
    config.chmod(0o600)
    (folder / "data").mkdir()
    return load(config)


def _record() -> IndexRecord:
    """A minute: pictures and sounds by turns, with block headers between them."""
    video = Track(0, "video", "h264", 90_000, _ENTRY, 1920, 1080)
    audio = Track(1, "audio", "aac", SOUND_RATE, _SOUND_ENTRY, sample_rate=SOUND_RATE, channels=2)
    begin = 131_072
    places: dict[int, tuple[list[int], list[int]]] = {0: ([], []), 1: ([], [])}
    at, sound = begin, 0
    for frame in range(FRAMES):
        size = KEY_BYTES if frame % GOP == 0 else FRAME_BYTES
        places[0][0].append(size)
        places[0][1].append(at + 17)
        at += 17 + size
        while sound < SOUNDS * (frame + 1) // FRAMES:
            places[1][0].append(SOUND_BYTES)
            places[1][1].append(at + 44)
            at += 44 + SOUND_BYTES
            sound += 1
    tables = tuple(
        index_track(
            TrackTable(
                track,
                array("I", places[number][0]),
                array("Q", places[number][1]),
                array("I", [ticks]) * len(places[number][0]),
                array("I", range(0, FRAMES, GOP) if number == 0 else range(SOUNDS)),
            )
        )
        for number, (track, ticks) in enumerate(((video, 3000), (audio, 1024)))
    )
    return IndexRecord("20260310.0000", 0, _MINUTE_US, at, begin, tables, bytes(60), bytes(3456))


def _grow(config: str, minutes: int) -> float:
    """MB by which this process grows when it plans so many minutes and reads the header and some content."""
    settings = load(Path(config))
    with Store.open(settings.system.database) as store:
        small = _source(store, settings, 1)
        list(small.read(0, 1))
        before = usage_of(os.getpid()).pss_bytes
        source = _source(store, settings, minutes)
        most: Any = before
        for number, _ in enumerate(source.read(0, min(source.length, source.plan.header.length + (200 << 20)))):
            if number % 40 == 0:
                most = max(most, usage_of(os.getpid()).pss_bytes)
        return float(most - before) / 1e6


if __name__ == "__main__":
    print(_grow(sys.argv[1], int(sys.argv[2])))
