"""Pictures of recorded instants: how long a viewer waits for one, beside ffmpeg taking the same frame from the file."""

import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from statistics import median, quantiles

from benchmarks.table import Row
from pynvr.archive.index import append_record
from pynvr.archive.marker import create_marker
from pynvr.archive.paths import chunk_path, index_path, segment_path
from pynvr.archive.writer import ChunkWriter, reserve_for
from pynvr.catalog.entry import entry_of
from pynvr.config.load import load
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.outcome import Finished
from pynvr.finisher.picture import first_picture, write_pictures
from pynvr.media.sample_description import describe_video
from pynvr.model.frame import Frame, Track
from pynvr.model.nal import to_annexb
from pynvr.model.settings import Settings
from pynvr.model.stamp import stamp_of
from pynvr.playback.footage import Footage
from pynvr.playback.frame_at import FramePictures
from pynvr.playback.named_piece import piece_named
from pynvr.playback.previews import Previews
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.clip import VIDEO_CLOCK
from pynvr.simulator.looped import scene_clip
from pynvr.store.store import Store

MINUTES, PICTURES, PEERS = 3, 80, 30
UNCACHED_MS, STORED_MS = 80, 5
_MINUTE_US = 60_000_000
_START_US = 1_790_000_040_000_000 // _MINUTE_US * _MINUTE_US
_CAMERA = "camera"


@dataclass(frozen=True)
class _Recordings:
    settings: Settings
    store: Store

    def footage(self) -> Footage:
        return Footage(self.store, lambda: self.settings)


def rows() -> list[Row]:
    """All that is measured here: 1080p30, 4 Mbit/s H.264, a keyframe each 2 s."""
    with _recordings() as recordings:
        chance = random.Random(7)
        instants = [chance.randrange(_START_US, _START_US + MINUTES * _MINUTE_US) for _ in range(PICTURES)]
        exact = _times(instants, lambda pictures, at_us: _jpeg(pictures, at_us, None, True), recordings)
        peer = [_peer_s(recordings, at_us) for at_us in instants[:PEERS]]
        small = _times(instants, lambda pictures, at_us: _jpeg(pictures, at_us, 320, True), recordings)
        keyframe = _times(instants, lambda pictures, at_us: _jpeg(pictures, at_us, 320, False), recordings)
        stored = _stored_s(recordings)
    ratio = median(exact[:PEERS]) / median(peer)
    return [
        _row("exact frame, 1080p, uncached", exact, UNCACHED_MS),
        Row("the same beside ffmpeg's command line", f"{ratio:.2f} × ({_milliseconds(peer)})"),
        _row("exact frame, 320 wide, uncached", small),
        _row("keyframe before, 320 wide, uncached", keyframe),
        _row("stored preview", stored, STORED_MS),
    ]


def _row(what: str, times_s: list[float], target_ms: int | None = None) -> Row:
    if target_ms is None:
        return Row(what, _milliseconds(times_s))
    return Row(what, _milliseconds(times_s), f"p95 ≤ {target_ms} ms", _p95(times_s) * 1000 <= target_ms)


def _milliseconds(times_s: list[float]) -> str:
    return f"p50 {median(times_s) * 1000:.1f} ms, p95 {_p95(times_s) * 1000:.1f} ms"


def _p95(times_s: list[float]) -> float:
    return quantiles(times_s, n=20)[-1]


def _times(instants: list[int], take: Callable[[FramePictures, int], bytes], recordings: _Recordings) -> list[float]:
    footage = recordings.footage()
    pictures = FramePictures(footage)
    take(pictures, _START_US)  # what is loaded once
    taken = []
    for at_us in instants:
        started = time.perf_counter()
        take(pictures, at_us)
        taken.append(time.perf_counter() - started)
    footage.close()
    return taken


def _jpeg(pictures: FramePictures, at_us: int, width: int | None, exact: bool) -> bytes:
    found = pictures.find(_CAMERA, at_us, exact)
    assert found is not None
    return pictures.jpeg(found, width)


def _stored_s(recordings: _Recordings) -> list[float]:
    footage = recordings.footage()
    system = recordings.settings.system
    previews = Previews(footage, FramePictures(footage), lambda: system.jpg_cache_dir)
    taken = []
    for number in range(PICTURES):
        stamp = stamp_of(_START_US + number % MINUTES * _MINUTE_US, system.timezone)
        started = time.perf_counter()
        previews.jpeg(piece_named(footage, _CAMERA, stamp, system.timezone), "preview")
        taken.append(time.perf_counter() - started)
    footage.close()
    return taken


def _peer_s(recordings: _Recordings, at_us: int) -> float:
    camera = recordings.settings.cameras[0]
    start_us = at_us // _MINUTE_US * _MINUTE_US
    path = segment_path(camera.dst, camera.id, stamp_of(start_us, recordings.settings.system.timezone))
    command = ["ffmpeg", "-v", "error", "-ss", f"{(at_us - start_us) / 1e6:.6f}", "-i", str(path)]
    command += ["-frames:v", "1", "-q:v", "7", "-f", "mjpeg", "-"]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


@contextmanager
def _recordings() -> Iterator[_Recordings]:
    with tempfile.TemporaryDirectory(prefix="pynvr-picture-") as place:
        folder = Path(place)
        config = folder / "nvr.json"
        config.write_text(
            f'{{"system": {{"data_dir": "{folder}", "timezone": "UTC"}},'
            f' "cameras": [{{"id": "{_CAMERA}", "url": "rtsp://192.0.2.1/"}}]}}'
        )
        config.chmod(0o600)
        settings = load(config)
        with Store.open(settings.system.database) as store:
            _record(settings, store)
            yield _Recordings(settings, store)


def _record(settings: Settings, store: Store) -> None:
    camera = settings.cameras[0]
    camera.dst.mkdir(parents=True)
    store.disks.remember(camera.dst, create_marker(camera.dst))
    track, frames, loop_us = _loop()
    for minute in range(MINUTES):
        start_us = _START_US + minute * _MINUTE_US
        stamp = stamp_of(start_us, settings.system.timezone)
        reserve_bytes = reserve_for(30, 0, 60)
        writer = ChunkWriter.create(chunk_path(camera.dst, camera.id, stamp), (track,), 0, start_us, reserve_bytes)
        for turn in range(_MINUTE_US // loop_us):
            shift_us = turn * loop_us
            shift = shift_us * 9 // 100
            for frame in frames:
                moved = frame._replace(
                    time_us=start_us + shift_us + frame.time_us, pts=frame.pts + shift, dts=frame.dts + shift
                )
                writer.append(moved)
        writer.close()
        outcome = finish_chunk(writer.path)
        assert isinstance(outcome, Finished), outcome
        signature = write_pictures(
            first_picture(outcome.path, outcome.record), settings.system.jpg_cache_dir, camera.id, stamp
        )
        record = replace(outcome.record, stamp=stamp, signature=signature)
        append_record(index_path(camera.dst, camera.id, stamp[:8]), record)
        store.segments.add(entry_of(camera.dst, camera.id, record))


def _loop() -> tuple[Track, list[Frame], int]:
    """Frames of ten seconds, as the simulated camera of the other benchmarks sends them."""
    camera = SimulatedCamera(_CAMERA, width=1920, height=1080, fps=30, bitrate_kbps=4000, gop_s=2, loop_s=10)
    clip = scene_clip(camera.encoding)
    first = clip.units[0]
    entry = describe_video("h264", to_annexb([*first.parameter_sets, *first.nals]))
    track = Track(0, "video", "h264", VIDEO_CLOCK, entry, 1920, 1080, frame_rate=Fraction(30))
    frames = []
    for unit in clip.units:
        payload = b"".join(len(nal).to_bytes(4, "big") + nal for nal in (*unit.parameter_sets, *unit.nals))
        time_us = unit.time * 100 // 9
        frames.append(Frame(0, time_us, unit.time, unit.time, 0, unit.is_key, (payload,), len(payload)))
    return track, frames, clip.duration * 100 // 9
