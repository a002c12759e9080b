"""A camera that is being recorded as fast as a test wants: chunks appended to by hand, and viewers of them."""

import threading
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.paths import chunk_path
from pynvr.archive.writer import ChunkWriter
from pynvr.model.stamp import stamp_of
from pynvr.playback.live_feed import LiveFeed
from pynvr.playback.live_items import Fragment, Head
from pynvr.playback.live_queue import FragmentQueue
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US
from tests.waiting import wait_until

UTC = ZoneInfo("UTC")


class ClipClock:
    """The wall clock stands at the clips' time, the monotonic one runs."""

    def now_us(self) -> int:
        return ANCHOR_US + 1_000_000

    def monotonic_s(self) -> float:
        return time.monotonic()


class Viewer:
    """Takes what comes, when it is asked for."""

    def __init__(self, feed: LiveFeed, sound: bool = False) -> None:
        self.came = threading.Event()
        self.feed = feed
        self.queue = FragmentQueue(self.came.set, sound)
        self.heads: list[Head] = []
        self.fragments: list[Fragment] = []
        feed.attach(self.queue)

    def take(self, count: int) -> list[Fragment]:
        """The next fragments, as soon as there are as many."""
        before = len(self.fragments)
        wait_until(lambda: self._taken() >= before + count, 20, lambda: f"{count} fragments, got {len(self.fragments)}")
        return self.fragments[before : before + count]

    def _taken(self) -> int:
        while (item := self.queue.take()) is not None:
            if isinstance(item, Head):
                self.heads.append(item)
            else:
                self.fragments.append(item)
        return len(self.fragments)

    def leave(self) -> None:
        self.feed.detach(self.queue)


class Recorded:
    """The camera `gate` in a folder; `begin` makes its next chunk."""

    def __init__(self, folder: Path) -> None:
        self.dst = folder
        self.writers: list[ChunkWriter] = []

    def begin(self, clip, tracks=None, at_us: int = ANCHOR_US, anchor_pts: int = ANCHOR_PTS) -> ChunkWriter:
        stamp = stamp_of(at_us + len(self.writers) * 1_000_000, UTC, seconds=True)
        path = chunk_path(self.dst, "gate", stamp)
        self.writers.append(ChunkWriter.create(path, tracks or clip.tracks, anchor_pts, at_us, 4096))
        return self.writers[-1]

    def feed(self) -> LiveFeed:
        return LiveFeed("gate", lambda: {"main": (self.dst, UTC)}, ClipClock())


def live_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name in ("live gate", "pictures gate")]


def samples(fragments: list[Fragment]) -> list[bytes]:
    return [fragment.data[fragment.sample_at :] for fragment in fragments]


def payloads(frames) -> list[bytes]:
    return [b"".join(frame.payload) for frame in frames]
