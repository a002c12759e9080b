"""Which of a camera's streams is followed live: the wanted one while it brings frames, else another that does."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.chunk import BlockFrame, Streams
from pynvr.archive.follower import ChunkFollower
from pynvr.archive.growth import Growth
from pynvr.base.clock import Clock
from pynvr.playback.live_chunks import LiveChunks, chunks_of
from pynvr.playback.live_items import Stream

# The streams that a camera has now, the wanted one first: the folder of its days and the zone of their names.
Places = Callable[[], Mapping[Stream, tuple[Path, ZoneInfo]]]

_LOOK_EVERY_S = 0.5
# A stream that brought frames and brings no more for so long is silent.
SILENT_S = 3.0
# So long a stream that is only just being opened is waited for, though another has pictures.
PATIENCE_S = 2.0
# From then on it is looked whether another one grows.
_QUIET_S = 0.75


class LiveStreams:
    """For one thread. `stream`: the one that is read now, None if there is none; `is_wanted`: whether it is the wanted
    one; `turns`: how often another was taken.

    `want` is called now and then while the sub-stream is of use. `patience_s`: for a wanted sub-stream to bring its
    first frame.
    """

    def __init__(
        self,
        camera_id: str,
        places: Places,
        clock: Clock,
        growth: Growth,
        *,
        want: Callable[[], None] = lambda: None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.stream: Stream | None = None
        self.is_wanted = True
        self.turns = 0
        self._camera_id = camera_id
        self._places = places
        self._clock = clock
        self._growth = growth
        self._want = want
        self._patience_s = patience_s
        self._chunks: LiveChunks | None = None
        self._pulses: dict[Stream, _Pulse] = {}
        self._has_brought = False
        self._heard_s = clock.monotonic_s()
        self._looked_s = float("-inf")

    @property
    def follower(self) -> ChunkFollower | None:
        """Of the chunk that is read now, None while none grows."""
        return None if self._chunks is None else self._chunks.follower

    @property
    def described(self) -> Streams | None:
        """What that chunk says of its tracks."""
        return None if self._chunks is None else self._chunks.streams

    def read(self) -> tuple[list[BlockFrame], bool]:
        """As `LiveChunks.read`, of the stream that is the best now."""
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = now_s
            self._choose(now_s)
        if self._chunks is None:
            return [], False
        frames, began = self._chunks.read()
        if frames:
            self._heard_s, self._has_brought = now_s, True
        return frames, began

    def close(self) -> None:
        if self._chunks is not None:
            self._chunks.close()

    def _choose(self, now_s: float) -> None:
        places = self._places()
        streams = list(places)
        silent_s = now_s - self._heard_s
        if "sub" in places and (streams[0] == "sub" or self.stream == "sub" or silent_s > _QUIET_S):
            self._want()
        if self.stream is None or self.stream not in places:
            self._take(streams[0] if streams else None, streams, now_s)
            return
        here = streams.index(self.stream)
        self.is_wanted = here == 0
        for better in streams[:here]:
            if self._pulse(better).is_felt():
                self._take(better, streams, now_s)
                return
        if silent_s > _QUIET_S or not self._has_brought:
            felt = [worse for worse in streams[here + 1 :] if self._is_there(worse)]
            if felt and silent_s >= self._limit_s():
                self._take(felt[0], streams, now_s)

    def _limit_s(self) -> float:
        """How long silence is borne; only a sub-stream is opened because somebody comes to look."""
        if self._has_brought:
            return SILENT_S
        return self._patience_s if self.stream == "sub" else 0.0

    def _is_there(self, stream: Stream) -> bool:
        """In the beginning any chunk will do; there is nothing to lose."""
        pulse = self._pulse(stream)
        return pulse.is_felt() or (not self._has_brought and pulse.has_chunk)

    def _take(self, stream: Stream | None, streams: list[Stream], now_s: float) -> None:
        self.close()
        self.is_wanted = streams[:1] == [stream]
        self.stream, self._chunks = stream, None
        self._pulses.clear()
        self._heard_s = now_s
        if stream is not None:
            self.turns += 1
            self._chunks = LiveChunks(self._camera_id, lambda: self._places().get(stream), self._clock, self._growth)

    def _pulse(self, stream: Stream) -> "_Pulse":
        if stream not in self._pulses:
            self._pulses[stream] = _Pulse(lambda: self._newest(stream))
        return self._pulses[stream]

    def _newest(self, stream: Stream) -> Path | None:
        place = self._places().get(stream)
        found = [] if place is None else chunks_of(self._camera_id, *place, self._clock.now_us())
        return found[-1] if found else None


class _Pulse:
    """Whether the newest chunk of a stream grows, asked now and then; a file's times may be another machine's."""

    def __init__(self, newest: Callable[[], Path | None]) -> None:
        self.has_chunk = False
        self._newest = newest
        self._is_known = False
        self._last: tuple[Path, int] | None = None

    def is_felt(self) -> bool:
        """Whether it grew since it was asked before."""
        found, was_known, last = self._look(), self._is_known, self._last
        self._is_known, self._last = True, found
        self.has_chunk = found is not None
        return was_known and found is not None and found != last

    def _look(self) -> tuple[Path, int] | None:
        path = self._newest()
        try:
            return None if path is None else (path, os.stat(path).st_size)
        except OSError:
            return None  # finished just now
