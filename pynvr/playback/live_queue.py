"""What one viewer of one camera has yet to be sent. Whoever can't keep up loses pictures, never the time."""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from pynvr.playback.live_items import Fragment, Head, Shot

# What may wait beside the group of pictures that a viewer begins with; about two seconds of video with sound.
MOST_FRAGMENTS = 96
MOST_BYTES = 4_000_000

Wake = Callable[[], None]


class FragmentQueue:
    """The feed's thread puts in, the viewer's thread takes out; `wake` says that there is something.

    On overflow all that waits is dropped, and it goes on at the next keyframe. `dropped`: frames of video lost so;
    `frames`: those handed on.
    """

    def __init__(self, wake: Wake, sound: bool) -> None:
        self.sound = sound
        self.dropped = 0
        self.frames = 0
        self._wake = wake
        self._lock = threading.Lock()
        self._head: Head | None = None
        self._waiting: deque[Head | Fragment] = deque()
        self._bytes = 0
        self._allowed = MOST_FRAGMENTS, MOST_BYTES
        self._needs_key = True
        self._fell_behind = False

    def begin(self, head: Head | None, group: Sequence[Fragment]) -> None:
        """The present: what waits is dropped for the newest group of pictures (empty: the next keyframe begins one)."""
        with self._lock:
            self._clear()
            if head is not None:
                self._waiting.append(head)
            for fragment in group:
                self._put(fragment)
            # However long the group is, it may wait.
            self._allowed = MOST_FRAGMENTS + len(self._waiting), MOST_BYTES + self._bytes
        self._wake()

    def set_head(self, head: Head) -> None:
        with self._lock:
            self._clear()
            self._waiting.append(head)
        self._wake()

    def put(self, fragment: Fragment) -> None:
        with self._lock:
            self._put(fragment)
            most, most_bytes = self._allowed
            if len(self._waiting) > most or self._bytes > most_bytes:
                self._overflow()
        self._wake()

    def take(self) -> Head | Fragment | None:
        """The next; None if nothing waits."""
        with self._lock:
            if not self._waiting:
                self._allowed = MOST_FRAGMENTS, MOST_BYTES
                return None
            item = self._waiting.popleft()
            if isinstance(item, Fragment):
                self._bytes -= len(item.data)
                self.frames += not item.is_sound
            return item

    def _put(self, fragment: Fragment) -> None:
        if fragment.is_sound and not self.sound:
            return
        if self._needs_key and not fragment.is_key:
            self.dropped += self._fell_behind and not fragment.is_sound
            return
        self._needs_key = self._fell_behind = False
        self._waiting.append(fragment)
        self._bytes += len(fragment.data)

    def _overflow(self) -> None:
        heads = [item for item in self._waiting if isinstance(item, Head)]
        self.dropped += sum(isinstance(item, Fragment) and not item.is_sound for item in self._waiting)
        newest = self._waiting[-1]
        self._clear()
        self._fell_behind = True
        self._waiting.extend(heads[-1:])
        if isinstance(newest, Fragment) and newest.is_key:
            self.dropped -= 1
            self._put(newest)

    def _clear(self) -> None:
        self._waiting.clear()
        self._bytes = 0
        self._needs_key = True


class ShotQueue:
    """The same for pictures: the newest one, for who is late wants no other. `sound` and heads mean nothing here."""

    def __init__(self, wake: Wake) -> None:
        self.dropped = 0
        self.frames = 0
        self._wake = wake
        self._lock = threading.Lock()
        self._newest: Shot | None = None

    def put(self, shot: Shot) -> None:
        with self._lock:
            self.dropped += self._newest is not None
            self._newest = shot
        self._wake()

    def take(self) -> Shot | None:
        with self._lock:
            shot, self._newest = self._newest, None
            self.frames += shot is not None
            return shot
