"""What a killed recorder left is forced to disk at once, in a thread of its own.

Finishing forces it too, but may come to it late: other chunks and pictures go first, or nobody leaves the finisher
time. Until then a power cut or a disk that fails would take what the recorder hadn't forced yet.
"""

import logging
import queue
import threading
from collections.abc import Iterable
from pathlib import Path

from pynvr.archive.forcing import force_chunks, left_chunks
from pynvr.archive.paths import CHUNK_SUFFIX

_log = logging.getLogger(__name__)


class Forcing:
    """Never waits for a disk, nor does `close`."""

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[list[Path] | Path | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="forcing", daemon=True)
        self._thread.start()

    def look_into(self, folders: Iterable[Path]) -> None:
        """Force the newest chunks in these day folders."""
        self._asked.put(sorted(folders))

    def closed(self, path: Path) -> None:
        """Force the chunk, unless its recorder did before it let go of it."""
        if path.name.endswith(CHUNK_SUFFIX):
            self._asked.put(path)

    def close(self) -> None:
        """What was asked before is still done if there is time."""
        self._asked.put(None)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            try:
                forced = force_chunks([asked] if isinstance(asked, Path) else left_chunks(asked))
            except Exception:
                # Finishing forces it as well.
                _log.exception("an error that nobody expected")
            else:
                if forced:
                    _log.debug("%d left chunks were forced to disk", forced)
