"""The place of a `Syncer` where nothing is forced to disk: a chunk is let go of when another one is followed."""

from pynvr.base.errors import DiskError
from pynvr.recorder.syncing import Syncable


class LettingGo:
    """For the chunks of a sub-stream; has the methods of `Syncer`."""

    failure: DiskError | None = None

    def __init__(self) -> None:
        self._current: Syncable | None = None

    def start(self) -> None:
        """There is nothing to start."""

    def follow(self, writer: Syncable | None) -> None:
        current, self._current = self._current, writer
        if current is not None:
            current.close()

    def keyframe(self) -> None:
        """Nothing is forced to disk at keyframes either."""

    def raise_failure(self) -> None:
        """Nothing can fail here."""

    def stop(self, timeout_s: float) -> None:
        del timeout_s
        self.follow(None)
