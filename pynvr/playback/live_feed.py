"""One camera's present for all who watch it: one thread reads and muxes, each viewer has a queue."""

import itertools
import logging
import threading
import time
from collections.abc import Callable

from pynvr.archive.chunk import BlockFrame
from pynvr.archive.follower import ChunkFollower
from pynvr.archive.growth import Growth
from pynvr.base.clock import Clock
from pynvr.base.errors import ChunkError
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.live_items import Fragment, Head
from pynvr.playback.live_muxer import LiveMuxer
from pynvr.playback.live_pace import OVER_S, Pace
from pynvr.playback.live_queue import FragmentQueue
from pynvr.playback.live_streams import PATIENCE_S, LiveStreams, Places

_WAIT_S = 0.5
# The folder of a sub-stream that is being opened isn't there yet, and can't say when it is.
_LOOK_EVERY_S = 0.1
# A camera of a keyframe a minute and much to send: who comes then waits for the next one.
_MOST_GROUP_BYTES = 32_000_000

_log = logging.getLogger(__name__)


class LiveFeed:
    """Reads while there is somebody to read for; without, it has no thread and no open file.

    `reads`: looks at the chunk that found something, over all time; `last_s`: when the last frame came, monotonic.
    `want` is called now and then while the sub-stream should be there.
    """

    def __init__(self, camera_id: str, places: Places, clock: Clock, want: Callable[[], None] = lambda: None) -> None:
        self.camera_id = camera_id
        self.pace = Pace()
        self.reads = 0
        self.last_s = float("-inf")
        self._places = places
        self._want = want
        # One that wasn't heard the last time isn't waited for.
        self._patience_s = PATIENCE_S
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._muxer = LiveMuxer(self._numbers)
        self._turns = 0
        self._queues: list[FragmentQueue] = []
        self._head: Head | None = None
        self._group: list[Fragment] = []
        self._group_bytes = 0
        self._growth: Growth | None = None

    def attach(self, queue: FragmentQueue) -> None:
        """Give it the newest group of pictures, and from then on every frame. Raises RuntimeError, and leaves all as it
        was, if the machine can start no thread."""
        with self._lock:
            if self._growth is None:
                self._growth = self._started()
            queue.begin(self._head, self._group)
            self._queues.append(queue)

    def _started(self) -> Growth:
        """Of a thread that reads, once the caller lets go of the lock."""
        growth = Growth()
        name = f"live {self.camera_id}"
        try:
            threading.Thread(target=self._run, args=(growth,), name=name, daemon=True).start()
        except RuntimeError:
            growth.close()
            raise
        return growth

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
        streams = LiveStreams(
            self.camera_id, self._places, self._clock, growth, want=self._want, patience_s=self._patience_s
        )
        self._turns, self._muxer = 0, LiveMuxer(self._numbers)
        try:
            while self.is_watched:
                if not self._step(streams):
                    is_opening = streams.stream == "sub" and streams.follower is None
                    growth.wait(_LOOK_EVERY_S if is_opening else _WAIT_S)
        except Exception:
            _log.exception("live view of camera %s broke off", self.camera_id)
            growth.wait(_WAIT_S)
        finally:
            streams.close()

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

    def _step(self, streams: LiveStreams) -> bool:
        """Read once; whether something came."""
        frames, began = streams.read()
        if streams.turns != self._turns and streams.stream is not None:
            # Another stream is another time line, and it may be of another form.
            self._turns = streams.turns
            self._muxer = LiveMuxer(self._numbers, streams.stream, not streams.is_wanted)
            self._patience_s = PATIENCE_S if streams.is_wanted else 0.0
        muxer = self._muxer
        described = streams.described if began or muxer.head is None else None
        if described is not None and muxer.describe(described):
            self._change_head(muxer.head)
        if not frames:
            return began
        self.reads += 1
        muxer.foresee(frames)
        for frame in frames:
            if not self._send(streams.follower, frame):
                break
        return True

    def _send(self, follower: ChunkFollower | None, frame: BlockFrame) -> bool:
        """False if the file can't be read any more."""
        if follower is None:
            return False
        began_s = time.perf_counter()
        try:
            fragment = self._muxer.fragment(frame, follower.payload)
        except (ChunkError, OSError):
            return False
        if fragment is not None:
            self._hand_out(fragment)
            if not fragment.is_sound:
                self.last_s = self._clock.monotonic_s()
                # The group that a viewer begins with comes at once; its frames count for when they were.
                late_s = min(max(0, self._clock.now_us() - frame.time_us) / MICROSECONDS, OVER_S)
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
