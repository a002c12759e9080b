"""Forcing what was recorded to disk, in a thread of its own: a slow disk must not keep the camera waiting."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause

_log = logging.getLogger(__name__)

# The thread needs little; the default of 8 MB is only reserved, but counts against limits.
_STACK_BYTES = 256 * 1024
# From one sync's beginning to the next one's: what came in just behind a beginning is on disk when the next one is
# done, and that shall be within the promised time.
_SHARE = 0.8
# Of a disk that takes longer than that, so much of the time is left to others.
_LEAST_REST = 0.1
# What was left goes first, but a file that the disk never comes to an end with holds up nothing for longer.
_LEFT_WITHIN_S = 5.0


class Syncable(Protocol):
    """What of a `ChunkWriter` concerns the disk."""

    bytes_written: int

    def sync(self) -> None: ...

    def close(self) -> None: ...


def rest_after(took_s: float, every_s: float) -> float:
    """Seconds from the end of a sync to the beginning of the next, if all is to be on disk within `every_s`."""
    return max(every_s * _SHARE - took_s, every_s * _LEAST_REST)


class Syncer:
    """Syncs the growing chunk so often that it is on disk within `every_s` seconds (0 = when `keyframe` is called), and
    each chunk before it is let go. An error shows in `failure`: a sync that failed is a failed write.

    `check_disk` is called as often as that; it raises DiskError when the disk is not the right one any more, for what
    is written to one that was unmounted meanwhile succeeds. `force_left` forces what the camera's last recorder left,
    in steps and in another thread, for they may take long: nothing is synced before the first one, unless that takes
    longer than some seconds, for what was left was recorded before what comes now.
    """

    def __init__(
        self,
        every_s: float,
        check_disk: Callable[[], None] = lambda: None,
        force_left: Callable[[], Iterable[object]] = tuple,
    ) -> None:
        self._every_s = every_s
        self._check_disk = check_disk
        self._force_left = force_left
        self._wake = threading.Event()
        self._guard = threading.Lock()
        self._current: Syncable | None = None
        self._done: list[Syncable] = []
        self._synced_bytes = 0
        self.failure: DiskError | None = None
        self._stopping = False
        self._is_first_forced = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        previous = threading.stack_size(_STACK_BYTES)
        try:
            self._begin(self._run, "sync")
            try:
                self._begin(self._run_left, "left")
            except RuntimeError as err:
                _log.warning("what was left is forced to disk only when it is finished: %s", err)
                self._is_first_forced.set()
        finally:
            threading.stack_size(previous)

    def follow(self, writer: Syncable | None) -> None:
        """From now on this chunk grows; the one before it is synced, closed, and so handed on."""
        with self._guard:
            if self._current is not None:
                self._done.append(self._current)
            self._current = writer
            self._synced_bytes = 0
        self._wake.set()

    def keyframe(self) -> None:
        """A keyframe was appended."""
        if not self._every_s:
            self._wake.set()

    def raise_failure(self) -> None:
        """Raise the DiskError of a sync that failed since the last call, if one did."""
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    def stop(self, timeout_s: float) -> None:
        """Sync and close what is open; gives up after `timeout_s`, for a chunk without its last sync is whole too."""
        self.follow(None)
        self._stopping = True
        self._is_first_forced.set()
        self._wake.set()
        until_s = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))

    def _begin(self, run: Callable[[], None], name: str) -> None:
        """Raises RuntimeError if the machine can start no thread."""
        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _run_left(self) -> None:
        try:
            for _ in self._force_left():
                self._is_first_forced.set()
        except Exception:
            _log.exception("an error that nobody expected")
        finally:
            self._is_first_forced.set()

    def _run(self) -> None:
        due_s = time.monotonic() + self._every_s * _SHARE
        if not self._is_first_forced.wait(_LEFT_WITHIN_S):
            _log.warning("what was left can't be forced to disk within %g s: what comes now is", _LEFT_WITHIN_S)
        while True:
            self._wake.wait(max(due_s - time.monotonic(), 0.0) if self._every_s else None)
            self._wake.clear()
            stopping = self._stopping
            due_s = self._turn()
            if stopping:
                return

    def _turn(self) -> float:
        """Sync what there is; when the next time is, on the monotonic clock."""
        began_s = time.monotonic()
        self._sync_once()
        ended_s = time.monotonic()
        return ended_s + rest_after(ended_s - began_s, self._every_s)

    def _sync_once(self) -> None:
        with self._guard:
            current, done = self._current, self._done
            self._done = []
        for writer in done:
            self._attempt(writer.sync)
            self._attempt(writer.close)
        if current is not None and current.bytes_written != self._synced_bytes:
            written = current.bytes_written
            if self._attempt(current.sync) and self._attempt(self._check_disk):
                self._synced_bytes = written

    def _attempt(self, effect: Callable[[], None]) -> bool:
        try:
            effect()
        except DiskError as err:
            self.failure = DiskError(str(err), err.cause)  # a copy, without the traceback
            return False
        except Exception as err:
            # If this thread ended, nothing would be synced and no chunk let go any more, and nobody would notice.
            _log.exception("an error that nobody expected")
            self.failure = DiskError(f"the recording can't be forced to disk: {err}", Cause.FAULT)
            return False
        return True
