"""Recordings made of clips, as recorder and finisher leave them: segments, day index, catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pynvr.archive.index import append_record
from pynvr.archive.paths import chunk_path, index_path
from pynvr.archive.writer import ChunkWriter
from pynvr.catalog.entry import entry_of
from pynvr.config.load import load
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.outcome import Finished
from pynvr.model.frame import Frame
from pynvr.model.stamp import stamp_of
from pynvr.playback.footage import Footage
from pynvr.playback.range_planner import plan_range
from pynvr.playback.range_source import RangeSource
from pynvr.store.store import Store
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US, Clip

CONFIG = """{"system": {"data_dir": "%s", "timezone": "UTC"},
             "cameras": [{"id": "gate", "url": "rtsp://192.0.2.1/"}, {"id": "yard", "url": "rtsp://192.0.2.2/"}]}"""


@dataclass
class Recording:
    """A data directory with recordings of its own choosing. `paths`: the segments' files by start."""

    folder: Path
    paths: dict[int, Path] = field(default_factory=dict)
    settings: Any = None

    def __post_init__(self) -> None:
        config = self.folder / "nvr.json"
        config.write_text(CONFIG % self.folder)
        config.chmod(0o600)
        self.settings = load(config)
        for camera in self.settings.cameras:
            camera.dst.mkdir(parents=True)
        self.store = Store.open(self.settings.system.database)
        self.footage = Footage(self.store, lambda: self.settings)
        self.clock = Now(ANCHOR_US + 3_600_000_000)

    def add(
        self,
        clip: Clip,
        at_us: int | None = None,
        frames: list[Frame] | None = None,
        reserve_bytes: int = 16_384,
        indexed: bool = True,
        camera_id: str = "gate",
        finish: bool = True,
    ) -> Path:
        """A segment of the clip's frames (all, or these), of which the clip's first is shown at `at_us`."""
        shift_us = (ANCHOR_US if at_us is None else at_us) - ANCHOR_US
        chosen = [frame._replace(time_us=frame.time_us + shift_us) for frame in (frames or clip.frames)]
        start_us = next(frame for frame in chosen if frame.track == 0).time_us
        dst = self.settings.camera(camera_id).dst
        stamp = stamp_of(start_us, self.settings.system.timezone, seconds=True)
        while chunk_path(dst, camera_id, stamp).with_suffix(".mp4").exists():
            stamp = stamp_of(start_us + 1_000_000 * len(self.paths), self.settings.system.timezone, seconds=True)
        writer = ChunkWriter.create(
            chunk_path(dst, camera_id, stamp), clip.tracks, ANCHOR_PTS, ANCHOR_US + shift_us, reserve_bytes
        )
        for frame in chosen:
            writer.append(frame)
        writer.close()
        if not finish:
            return writer.path
        outcome = finish_chunk(writer.path)
        assert isinstance(outcome, Finished), outcome
        record = replace(outcome.record, stamp=outcome.name.stamp)
        if indexed:
            append_record(index_path(dst, camera_id, stamp[:8]), record)
        self.store.segments.add(entry_of(dst, camera_id, record))
        self.paths[record.start_us] = outcome.path
        return outcome.path

    def source(self, from_us: int, to_us: int, gaps: Any = "close", camera_id: str = "gate") -> RangeSource:
        return RangeSource(plan_range(self.footage, camera_id, from_us, to_us, gaps), self.footage, "range.mp4")

    def write(self, from_us: int, to_us: int, gaps: Any = "close") -> Path:
        """The range as a file."""
        source = self.source(from_us, to_us, gaps)
        path = self.folder / f"range-{from_us}-{to_us}-{gaps}.mp4"
        path.write_bytes(b"".join(source.read(0, source.length)))
        assert path.stat().st_size == source.length
        return path


@contextmanager
def kept(folder: Path) -> Iterator[Recording]:
    """Nothing is recorded yet; closed when the `with` ends."""
    made = Recording(folder)
    try:
        yield made
    finally:
        made.footage.close()
        made.store.close()


@contextmanager
def recorded(folder: Path, clip: Clip, every: int) -> Iterator[Recording]:
    """The clip, cut at each `every`-th keyframe, while the `with` lasts."""
    with kept(folder) as made:
        for part in in_segments(clip, every):
            made.add(clip, ANCHOR_US, part)
        made.settings.system.run_dir.mkdir(parents=True)
        yield made


class Now:
    """A clock that stands still."""

    def __init__(self, at_us: int) -> None:
        self.at_us = at_us

    def now_us(self) -> int:
        return self.at_us

    def monotonic_s(self) -> float:
        return 1000.0


def in_segments(clip: Clip, every: int) -> list[list[Frame]]:
    """The clip's frames cut as a recorder does: at each `every`-th keyframe."""
    parts: list[list[Frame]] = []
    keys = 0
    for frame in clip.frames:
        if frame.track == 0 and frame.is_key:
            if keys % every == 0:
                parts.append([])
            keys += 1
        parts[-1].append(frame)
    return parts
