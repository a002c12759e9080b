"""Cases as they would have been recorded: encoded, in chunks, and finished by the finisher's own code.

So index, signatures and previews are what production makes of such pictures. What was made once is found again: its
folder's name holds what the case is made of.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from benchmarks.change.case import Case
from benchmarks.change.drawing import Drawing
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
from pynvr.model.activity import Usual, activity, learned
from pynvr.model.cause import Cause, Transition
from pynvr.model.frame import Frame, Track
from pynvr.model.segment import Segment
from pynvr.model.settings import Settings
from pynvr.model.stamp import stamp_of
from pynvr.store.store import Store

CAMERA = "yard"
# 2026-03-10 08:00 in Vienna.
FIRST_US = 1_773_126_000_000_000
_MINUTE_US = 60_000_000
_SCALE = 90_000
# To be counted up when the same script is drawn or recorded otherwise than before.
_EDITION = 2
_PHASES_S = (0.0, 1.3, 2.7, 3.1)


@dataclass(frozen=True)
class Recording:
    """A data directory with one camera. `keyframes_us`, `frames_us`: of the whole recording."""

    case: Case
    config: Path
    start_us: int
    end_us: int
    keyframes_us: tuple[int, ...]
    frames_us: tuple[int, ...]

    @property
    def settings(self) -> Settings:
        return load(self.config)

    def at_us(self, second: float) -> int:
        return self.start_us + round(second * 1_000_000)


def cache_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"pynvr-change-{os.getuid()}"


def recorded(case: Case, cache: Path | None = None) -> Recording:
    """The case's recording, made now if it isn't in the cache."""
    folder = _folder(case, cache)
    config = folder / "nvr.json"
    if not config.exists():
        making = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        _make(case, making, folder)
        try:
            making.rename(folder)
        except OSError:
            shutil.rmtree(making)  # somebody else was faster
    times = json.loads((folder / "truth.json").read_text())
    frames = times["frames_us"]
    return Recording(case, config, times["start_us"], times["end_us"], tuple(times["keyframes_us"]), tuple(frames))


def is_recorded(case: Case) -> bool:
    """Whether it needn't be made any more."""
    return (_folder(case, None) / "nvr.json").exists()


def _folder(case: Case, cache: Path | None) -> Path:
    return (cache or cache_folder()) / f"{case.name.replace(' ', '-')}-{_key(case)}"


def _key(case: Case) -> str:
    return hashlib.sha256(f"{_EDITION} {_told(case)}".encode()).hexdigest()[:12]


def _told(value: object) -> str:
    """A value in words, without what is as it is by default: a further field doesn't make all recordings anew."""
    if isinstance(value, tuple):
        return f"({','.join(_told(one) for one in value)})"
    if not is_dataclass(value):
        return repr(value)
    parts = (
        (one, getattr(value, one.name))
        for one in fields(value)
        if one.default_factory is not MISSING or getattr(value, one.name) != one.default
    )
    return f"{type(value).__name__}({','.join(f'{one.name}={_told(told)}' for one, told in parts)})"


def _make(case: Case, making: Path, final: Path) -> None:
    """All paths in the configuration are of the folder's later name."""
    config = making / "nvr.json"
    _write_config(config, making)
    settings = load(config)
    camera = settings.cameras[0]
    camera.dst.mkdir(parents=True)
    rows: list[Segment] = []
    usual: Usual | None = None
    frames_us, keyframes_us = [], []
    with Store.open(settings.system.database) as store:
        store.disks.remember(final / camera.dst.relative_to(making), create_marker(camera.dst))
        for tracks, frames in _minutes(case):
            stamp = stamp_of(frames[0].time_us, settings.system.timezone)
            path = chunk_path(camera.dst, CAMERA, stamp)
            writer = ChunkWriter.create(path, tracks, frames[0].pts, frames[0].time_us, reserve_for(case.fps, 0, 60))
            for frame in frames:
                writer.append(frame)
            writer.close()
            outcome = finish_chunk(path)
            assert isinstance(outcome, Finished), outcome
            loads = loads_of(outcome.record)
            usual = learned(usual, loads) or usual
            record = replace(outcome.record, activity=activity(loads, usual))
            picture = first_picture(outcome.path, record)
            signature = write_pictures(picture, settings.system.jpg_cache_dir, CAMERA, stamp)
            record = replace(record, signature=signature)
            append_record(index_path(camera.dst, CAMERA, stamp[:8]), record)
            rows.append(replace(entry_of(camera.dst, CAMERA, record), dst=str(final / camera.dst.relative_to(making))))
            frames_us += [frame.time_us for frame in frames]
            keyframes_us += [frame.time_us for frame in frames if frame.is_key]
        store.segments.add(*rows)
        store.causes.ingest([Transition(CAMERA, FIRST_US, Cause.RECORDED, "")], "made", 1)
    _write_config(config, final)
    end_us = FIRST_US + case.minutes * _MINUTE_US
    truth = {
        "case": asdict(case),
        "start_us": FIRST_US,
        "end_us": end_us,
        "truths_us": [
            [one.kind, FIRST_US + round(one.earliest_s * 1e6), FIRST_US + round(one.latest_s * 1e6)]
            for one in case.truths
        ],
        "keyframes_us": keyframes_us,
        "frames_us": frames_us,
    }
    (making / "truth.json").write_text(json.dumps(truth))


def _write_config(config: Path, folder: Path) -> None:
    document = {
        "system": {"name": "Change", "data_dir": str(folder), "timezone": "Europe/Vienna"},
        "cameras": [{"id": CAMERA, "url": "rtsp://192.0.2.7/yard"}],
    }
    config.write_text(json.dumps(document))
    config.chmod(0o600)


def _minutes(case: Case) -> Iterator[tuple[tuple[Track, ...], list[Frame]]]:
    """Tracks and frames of each minute: cut at the first keyframe at or after the minute's beginning."""
    if case.resized is None:
        yield from _minutes_of_size(case, list(_times(case)))
        return
    at_s, size = case.resized
    times = list(_times(case))
    second = next(number for number, (time_s, is_key) in enumerate(times) if is_key and time_s >= at_s)
    yield from _minutes_of_size(case, times[:second])
    yield from _minutes_of_size(replace(case, size=size), times[second:])


def _minutes_of_size(
    case: Case, times: Sequence[tuple[float, bool]]
) -> Iterator[tuple[tuple[Track, ...], list[Frame]]]:
    encoder = _encoder(case)
    drawing = Drawing(case.script, *case.size)
    track: Track | None = None
    held: list[Frame] = []
    for packet in _packets(encoder, drawing, times):
        data = bytes(packet)
        if track is None:
            entry = sample_entry_of(_template(case.codec, data))
            rate = Fraction(case.fps).limit_denominator(100)
            track = Track(0, "video", case.codec, _SCALE, entry, *case.size, frame_rate=rate)
        payload = _sample_form(data)
        at_us = FIRST_US + packet.pts * 1_000_000 // _SCALE
        if packet.is_keyframe and held and at_us // _MINUTE_US > held[0].time_us // _MINUTE_US:
            yield (track,), held
            held = []
        held.append(Frame(0, at_us, packet.pts, packet.dts, 0, packet.is_keyframe, (payload,), len(payload)))
    assert track is not None
    yield (track,), held


def _packets(encoder: VideoCodecContext, drawing: Drawing, times: Sequence[tuple[float, bool]]) -> Iterator[Any]:
    for at_s, is_key in times:
        frame = drawing.frame(at_s)
        frame.pts, frame.time_base = round(at_s * _SCALE), Fraction(1, _SCALE)
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        yield from encoder.encode(frame)
    yield from encoder.encode(None)


def _times(case: Case) -> Iterator[tuple[float, bool]]:
    """When each frame is taken, and whether it is a keyframe."""
    phase_s = _PHASES_S[case.script.seed % len(_PHASES_S)] % case.gop_s
    starts = [phase_s + number * case.gop_s for number in range(int(case.minutes * 60 / case.gop_s))]
    for start_s, end_s in pairwise([*starts, starts[-1] + case.gop_s]):
        if any(start_s < last and end_s > first for first, last in case.gaps_s):
            continue
        busy = any(start_s < last and end_s > first for first, last in case.busy_s)
        count = max(1, round(case.gop_s * case.fps)) if busy else case.calm_frames
        for number in range(count):
            yield start_s + number * case.gop_s / count, number == 0


def _encoder(case: Case) -> VideoCodecContext:
    encoder = VideoCodecContext.create("libx264" if case.codec == "h264" else "libx265", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height = case.size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, _SCALE), Fraction(25)
    encoder.thread_count, encoder.max_b_frames = 1, case.bframes
    parameters = f"keyint=9999:min-keyint=1:scenecut=0:bframes={case.bframes}:b-adapt=0:repeat-headers=1"
    encoder.options = {"preset": "ultrafast", "crf": str(case.crf), "forced-idr": "1"}
    if case.codec == "h264":
        encoder.options |= {"x264-params": parameters + ":rc-lookahead=0"}
    else:
        encoder.options |= {"x265-params": parameters + ":log-level=none:open-gop=0:pools=1:frame-threads=1"}
    return encoder


def _template(codec: str, keyframe: bytes) -> bytes:
    """An MP4 with this one frame, for its sample entry."""
    name = "h264" if codec == "h264" else "hevc"
    buffer = io.BytesIO()
    with av.open(io.BytesIO(keyframe), format=name) as raw, av.open(buffer, "w", format="mp4") as output:
        stream = output.add_stream_from_template(raw.streams.video[0], opaque=True)
        if codec == "hevc":
            stream.codec_context.codec_tag = "hvc1"
        packet = av.Packet(keyframe)
        packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, 0, 0, True
        packet.time_base, packet.duration = Fraction(1, _SCALE), 3600
        output.mux(packet)
    return buffer.getvalue()


def _sample_form(annexb: bytes) -> bytes:
    """NAL units with 4-byte lengths in front (ISO/IEC 14496-15)."""
    parts = annexb.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
