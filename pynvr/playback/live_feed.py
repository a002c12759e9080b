"""One camera's present for all who watch it: one thread reads and muxes, each viewer has a queue."""

import itertools
import logging
import threading
import time

from pynvr.archive.chunk import BlockFrame
from pynvr.archive.growth import Growth
from pynvr.base.clock import Clock
from pynvr.base.errors import ChunkError
from pynvr.playback.live_chunks import LiveChunks, Where
from pynvr.playback.live_items import Fragment, Head
from pynvr.playback.live_muxer import LiveMuxer
from pynvr.playback.live_pace import OVER_S, Pace
from pynvr.playback.live_queue import FragmentQueue

_MICROSECONDS = 1_000_000
_WAIT_S = 0.5
# A camera of a keyframe a minute and much to send: who comes then waits for the next one.
_MOST_GROUP_BYTES = 32_000_000

_log = logging.getLogger(__name__)


class LiveFeed:
    """Reads while there is somebody to read for; without, it has no thread and no open file.

    `reads`: looks at the chunk that found something, over all time; `last_s`: when the last frame came, monotonic.
    """

    def __init__(self, camera_id: str, where: Where, clock: Clock) -> None:
        self.camera_id = camera_id
        self.pace = Pace()
        self.reads = 0
        self.last_s = float("-inf")
        self._where = where
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._queues: list[FragmentQueue] = []
        self._head: Head | None = None
        self._group: list[Fragment] = []
        self._group_bytes = 0
        self._growth: Growth | None = None

    def attach(self, queue: FragmentQueue) -> None:
        """Give it the newest group of pictures, and from then on every frame."""
        with self._lock:
            queue.begin(self._head, self._group)
            self._queues.append(queue)
            if self._growth is None:
                # As the chunk is read anew, what is remembered is from before.
                self._growth = Growth()
                name = f"live {self.camera_id}"
                threading.Thread(target=self._run, args=(self._growth,), name=name, daemon=True).start()

    def detach(self, queue: FragmentQueue) -> None:
        """From when this returns on, the queue isn't touched. Idempotent."""
        with self._lock:
            if queue in self._queues:
                self._queues.remove(queue)
            if not self._queues and self._growth is not None:
                self._growth.interrupt()

    def restart(self, queue: FragmentQueue) -> None:
        """Let an attached one begin again at the newest keyframe."""
        with self._lock:
            if queue in self._queues:
                queue.begin(self._head, self._group)

    @property
    def is_watched(self) -> bool:
        with self._lock:
            return bool(self._queues)

    def _run(self, growth: Growth) -> None:
        try:
            while not self._is_over(growth):
                self._follow(growth)
        finally:
            growth.close()

    def _follow(self, growth: Growth) -> None:
        """Until nobody watches; what nobody foresaw ends in a new beginning."""
        chunks = LiveChunks(self.camera_id, self._where, self._clock, growth)
        muxer = LiveMuxer(self._numbers)
        try:
            while self.is_watched:
                if not self._step(chunks, muxer):
                    growth.wait(_WAIT_S)
        except Exception:
            _log.exception("live view of camera %s broke off", self.camera_id)
            growth.wait(_WAIT_S)
        finally:
            chunks.close()

    def _is_over(self, growth: Growth) -> bool:
        """Whether nobody watches any more; then whoever comes next begins anew."""
        with self._lock:
            if self._queues:
                return False
            assert self._growth is growth
            self._forget()
            return True

    def _forget(self) -> None:
        self._growth = None
        self._head = None
        self._group, self._group_bytes = [], 0
        self.last_s = float("-inf")
        self.pace.restart()

    def _step(self, chunks: LiveChunks, muxer: LiveMuxer) -> bool:
        """Read once; whether something came."""
        frames, began = chunks.read()
        described = chunks.streams if began or muxer.head is None else None
        if described is not None and muxer.describe(described):
            self._change_head(muxer.head)
        if not frames:
            return began
        self.reads += 1
        for frame in frames:
            if not self._send(chunks, muxer, frame):
                break
        return True

    def _send(self, chunks: LiveChunks, muxer: LiveMuxer, frame: BlockFrame) -> bool:
        """False if the file can't be read any more."""
        if chunks.follower is None:
            return False
        began_s = time.perf_counter()
        try:
            fragment = muxer.fragment(frame, chunks.follower.payload)
        except (ChunkError, OSError):
            return False
        if fragment is not None:
            self._hand_out(fragment)
            if not fragment.is_sound:
                self.last_s = self._clock.monotonic_s()
                # The group that a viewer begins with comes at once; its frames count for when they were.
                late_s = min(max(0, self._clock.now_us() - frame.time_us) / _MICROSECONDS, OVER_S)
                self.pace.note(self.last_s - late_s, time.perf_counter() - began_s)
        return True

    def _hand_out(self, fragment: Fragment) -> None:
        with self._lock:
            if fragment.is_key:
                self._group, self._group_bytes = [fragment], len(fragment.data)
            elif self._group:
                self._group.append(fragment)
                self._group_bytes += len(fragment.data)
                if self._group_bytes > _MOST_GROUP_BYTES:
                    self._group, self._group_bytes = [], 0
            for queue in self._queues:
                queue.put(fragment)

    def _change_head(self, head: Head | None) -> None:
        assert head is not None
        with self._lock:
            self._head = head
            self._group, self._group_bytes = [], 0
            for queue in self._queues:
                queue.set_head(head)
