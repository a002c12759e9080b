"""A data directory with hours of recordings, made in seconds: each camera's minute is encoded once and laid out often.

The picture's time code (`pynvr.simulator.time_code`) holds the milliseconds since the minute began, so any frame says
which one of its minute it is.
"""

import array
import io
import json
import math
import random
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import av

from pynvr.archive.index import append_record
from pynvr.archive.marker import create_marker
from pynvr.archive.paths import chunk_path, index_path
from pynvr.archive.writer import ChunkWriter, reserve_for
from pynvr.catalog.entry import entry_of
from pynvr.catalog.loads import loads_of
from pynvr.config.load import load
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.outcome import Finished
from pynvr.finisher.picture import first_picture, write_pictures
from pynvr.media.sample_description import sample_entry_of
from pynvr.media.still import decoder_configuration
from pynvr.model.activity import Usual, activity, learned
from pynvr.model.cause import Cause, Transition
from pynvr.model.frame import Frame, Track
from pynvr.model.settings import Camera, Settings
from pynvr.model.stamp import stamp_of
from pynvr.model.status import CameraStatus, DiskStatus, ProcessStatus, ProgramStatus, Status
from pynvr.simulator.camera import Look
from pynvr.simulator.scene import Scene
from pynvr.store.store import Store
from tests.finisher.clips import _parameter_sets

MINUTE_US = 60_000_000
_SCALE = 90_000
_SOUND_RATE = 16_000
_SOUND_FRAME = 1024
_MB = 1_000_000


@dataclass(frozen=True)
class MadeCamera:
    """One camera. `gaps`: minutes (counted from the archive's first) of which there is nothing, and why."""

    id: str
    name: str = ""
    codec: Literal["h264", "hevc"] = "h264"
    width: int = 640
    height: int = 360
    fps: int = 10
    gop_s: int = 2
    audio: bool = False
    look: Look = "day"
    gaps: tuple[tuple[int, int, Cause], ...] = ()
    bframes: int = 0


CAMERAS = (
    MadeCamera("gate", "Gate", audio=True),
    MadeCamera("yard", "Back yard", look="dusk", gaps=((4, 6, Cause.UNREACHABLE),)),
)


@dataclass(frozen=True)
class Archive:
    """What was made. `[start_us, end_us)` is recorded, but for the gaps."""

    config: Path
    cameras: tuple[MadeCamera, ...]
    start_us: int
    end_us: int

    @property
    def settings(self) -> Settings:
        return load(self.config)


def make_archive(
    folder: Path,
    cameras: Sequence[MadeCamera] = CAMERAS,
    minutes: int = 8,
    end_us: int | None = None,
    timezone: str = "Europe/Vienna",
    skip: Collection[str] = (),
) -> Archive:
    """Make it below `folder`; it ends at the last whole minute unless `end_us` says when.

    `skip`: words of what to leave out ("pictures").
    """
    last_us = (time.time_ns() // 1000 if end_us is None else end_us) // MINUTE_US * MINUTE_US
    first_us = last_us - minutes * MINUTE_US
    config = _write_config(folder, cameras, timezone)
    settings = load(config)
    for camera in settings.cameras:
        camera.dst.mkdir(parents=True, exist_ok=True)
    with Store.open(settings.system.database) as store:
        for made in cameras:
            found = settings.camera(made.id)
            assert found is not None
            store.disks.remember(found.dst, create_marker(found.dst))
            _record(made, found, settings, store, first_us, minutes, "pictures" not in skip)
    _write_status(settings, last_us)
    return Archive(config, tuple(cameras), first_us, last_us)


def _write_config(folder: Path, cameras: Sequence[MadeCamera], timezone: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "system": {"name": "Farm", "data_dir": str(folder), "timezone": timezone},
        "cameras": [
            {"id": made.id, "name": made.name or made.id, "url": f"rtsp://root:hush-hush@192.0.2.7/{made.id}"}
            for made in cameras
        ],
        "reaper": [{"disk": str(folder), "percent": 95}],
    }
    config = folder / "nvr.json"
    config.write_text(json.dumps(document, indent=2))
    config.chmod(0o600)
    return config


def _record(
    made: MadeCamera, camera: Camera, settings: Settings, store: Store, first_us: int, minutes: int, pictures: bool
) -> None:
    tracks, frames = minute_of(replace(made, gaps=(), id="", name=made.name or made.id))
    zone = settings.system.timezone
    chance = random.Random(made.id)
    usual: Usual | None = None
    rows, transitions = [], [Transition(made.id, first_us, Cause.RECORDED, "")]
    signature = b""
    for number in range(minutes):
        at_us = first_us + number * MINUTE_US
        gap = next((gap for gap in made.gaps if gap[0] <= number < gap[1]), None)
        if gap is not None:
            if gap[0] == number:
                transitions.append(Transition(made.id, at_us, gap[2], "no answer from 192.0.2.7"))
            if gap[1] == number + 1:
                transitions.append(Transition(made.id, at_us + MINUTE_US, Cause.RECORDED, ""))
            continue
        stamp = stamp_of(at_us, zone)
        path = chunk_path(camera.dst, made.id, stamp)
        writer = ChunkWriter.create(path, tracks, 0, at_us, reserve_for(made.fps, 16 if made.audio else 0, 60))
        for frame in frames:
            writer.append(frame._replace(time_us=at_us + frame.time_us))
        writer.close()
        outcome = finish_chunk(path)
        assert isinstance(outcome, Finished), outcome
        loads = loads_of(outcome.record)
        usual = learned(usual, loads) or usual
        moving = activity(loads, usual)
        record = replace(outcome.record, activity=_lively(moving, number, chance))
        if pictures:
            signature = write_pictures(
                first_picture(outcome.path, record), settings.system.jpg_cache_dir, made.id, stamp
            )
        append_record(index_path(camera.dst, made.id, stamp[:8]), replace(record, signature=signature))
        rows.append(entry_of(camera.dst, made.id, record))
    store.segments.add(*rows)
    store.causes.ingest(transitions, f"made.{made.id}", 1)


def _lively(moving: bytes, minute: int, chance: random.Random) -> bytes:
    """Every minute shows the same scene; days in which nothing differs would show nothing of a time axis."""
    hill = max(0.0, math.sin(minute / 7) ** 21) * 220
    return bytes(
        min(255, int(hill * chance.uniform(0.4, 1)) + (chance.randint(20, 90) if chance.random() < 0.06 else 4))
        for _ in moving
    )


@cache
def minute_of(made: MadeCamera) -> tuple[tuple[Track, ...], tuple[Frame, ...]]:
    """Tracks and frames of one minute; `time_us` counts from its start."""
    mp4 = _encoded(made)
    with av.open(io.BytesIO(mp4), "r") as container:
        stream = container.streams.video[0]
        packets: list[Any] = [packet for packet in container.demux(stream) if packet.size]
        base: Any = stream.time_base
    entry = sample_entry_of(mp4)
    in_band = _parameter_sets(decoder_configuration(entry)) if made.codec == "h264" else b""
    first = min(packet.pts for packet in packets)
    tracks = [Track(0, "video", made.codec, _SCALE, entry, made.width, made.height, frame_rate=Fraction(made.fps))]
    frames = []
    for packet in packets:
        pts, dts = (round((ticks - first) * base * _SCALE) for ticks in (packet.pts, packet.dts))
        payload = (in_band if packet.is_keyframe else b"") + bytes(packet)
        frames.append(Frame(0, pts * 1_000_000 // _SCALE, pts, dts, 0, packet.is_keyframe, (payload,), len(payload)))
    if made.audio:
        track, sound = _sound()
        tracks.append(track)
        frames = interleaved(frames, sound)
    return tuple(tracks), tuple(frames)


def interleaved(pictures: Sequence[Frame], sound: Sequence[Frame]) -> list[Frame]:
    """As a camera sends them: both in decode order; a sound comes behind the pictures that are decoded before it."""
    decoded = [(picture.dts * Fraction(1, _SCALE), 0, number) for number, picture in enumerate(pictures)]
    decoded += [(one.dts * Fraction(1, _SOUND_RATE), 1, number) for number, one in enumerate(sound)]
    both = pictures, sound
    return [both[kind][number] for _, kind, number in sorted(decoded)]


def _encoded(made: MadeCamera) -> bytes:
    scene = Scene(made.name, made.width, made.height, 60.0, made.look)
    encoder, key = ("libx264", "x264-params") if made.codec == "h264" else ("libx265", "x265-params")
    gop = made.gop_s * made.fps
    parameters = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={made.bframes}:b-adapt=0"
    if made.codec == "hevc":
        parameters += ":log-level=none:open-gop=0"
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream: Any = container.add_stream(
            encoder, rate=made.fps, options={"preset": "ultrafast", "crf": "33", key: parameters}
        )
        stream.width, stream.height, stream.pix_fmt = made.width, made.height, "yuv420p"
        stream.codec_context.max_b_frames = made.bframes
        if made.codec == "hevc":
            stream.codec_context.codec_tag = "hvc1"
        for number in range(60 * made.fps):
            milliseconds = number * 1000 // made.fps
            text = f"minute  {milliseconds // 1000:02d}.{milliseconds % 1000:03d}"
            frame = scene.picture(milliseconds / 1000, text, milliseconds).to_frame()
            frame.pts, frame.time_base = number, Fraction(1, made.fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def _sound() -> tuple[Track, list[Frame]]:
    """A tone that is a second long at each full second's start, so that sync can be heard and measured."""
    target = io.BytesIO()
    count = 60 * _SOUND_RATE // _SOUND_FRAME
    with av.open(target, "w", format="mp4") as container:
        stream: Any = container.add_stream("aac", rate=_SOUND_RATE, layout="mono")
        for number in range(count):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=_SOUND_FRAME)
            first = number * _SOUND_FRAME
            values = (
                0.3 * math.sin(2 * math.pi * 440 * at / _SOUND_RATE) if at % _SOUND_RATE < _SOUND_RATE // 5 else 0.0
                for at in range(first, first + _SOUND_FRAME)
            )
            frame.planes[0].update(array.array("f", values).tobytes())
            frame.sample_rate, frame.pts, frame.time_base = _SOUND_RATE, first, Fraction(1, _SOUND_RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    mp4 = target.getvalue()
    with av.open(io.BytesIO(mp4), "r", container_options={"ignore_editlist": "1"}) as container:
        packets = [bytes(packet) for packet in container.demux(container.streams.audio[0]) if packet.size][:count]
    track = Track(1, "audio", "aac", _SOUND_RATE, sample_entry_of(mp4), sample_rate=_SOUND_RATE, channels=1)
    ticks_us = _SOUND_FRAME * 1_000_000 // _SOUND_RATE
    return track, [
        Frame(1, n * ticks_us, n * _SOUND_FRAME, n * _SOUND_FRAME, _SOUND_FRAME, True, (data,), len(data))
        for n, data in enumerate(packets)
    ]


def _write_status(settings: Settings, now_us: int) -> None:
    """As the master would write it, with everything well."""
    names = ["finisher", "reaper", "web", *(f"recorder {camera.id}" for camera in settings.cameras)]
    status = Status(
        ProgramStatus(
            settings.system.name,
            "0.1",
            "running",
            1,
            now_us - 3 * 86_400 * 1_000_000,
            now_us,
            str(settings.path),
            str(settings.system.timezone),
            len(settings.cameras),
            len(settings.cameras),
        ),
        tuple(
            ProcessStatus(name, name.split()[0], 100 + number, "running", 259_200.0, 0, 0.4, 9 * _MB)
            for number, name in enumerate(names)
        ),
        tuple(
            CameraStatus(
                camera.id,
                camera.name,
                True,
                "recording",
                "",
                "",
                now_us - 7_200 * 1_000_000,
                {
                    "fps": 10.0,
                    "kbps": 412.0,
                    "frames": 72_000.0,
                    "reconnects": 1.0,
                    "drift_ppm": 12.0,
                    "drift_over_s": 7000.0,
                },
                {"codec": "h264", "size": "640x360", "audio": "aac", "transport": "tcp", "declared_fps": "10"},
            )
            for camera in settings.cameras
        ),
        (
            DiskStatus(
                str(settings.system.data_dir),
                4000 * 1000 * _MB,
                2600 * 1000 * _MB,
                1400 * 1000 * _MB,
                tuple(camera.id for camera in settings.cameras),
            ),
        ),
    )
    settings.system.run_dir.mkdir(parents=True, exist_ok=True)
    (settings.system.run_dir / "status.json").write_bytes(status.to_json())
