"""What a killed recorder left is forced to disk at once, in threads beside the work.

Finishing forces it too, but may come to it late: other chunks and pictures go first, or nobody leaves the finisher
time. Until then a power cut or a disk that fails would take what the recorder hadn't forced yet.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from pynvr.archive.forcing import force_chunks, left_chunks
from pynvr.archive.paths import CHUNK_SUFFIX

_log = logging.getLogger(__name__)


class Forcing:
    """Never waits for a disk. Each camera's folder has a thread while there is something to force in it, so that no
    disk waits for another one.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._asked: dict[Path, deque[list[Path]]] = {}  # of each folder with a thread: day folders or one chunk

    def look_into(self, folders: Iterable[Path]) -> None:
        """Force the newest chunks in these day folders."""
        of_dst: dict[Path, list[Path]] = {}
        for folder in sorted(folders):
            of_dst.setdefault(folder.parent, []).append(folder)
        for dst, days in of_dst.items():
            self._ask(dst, days)

    def closed(self, path: Path) -> None:
        """Force the chunk, unless its recorder did before it let go of it."""
        if path.name.endswith(CHUNK_SUFFIX):
            self._ask(path.parent.parent, [path])

    def _ask(self, dst: Path, asked: list[Path]) -> None:
        with self._guard:
            waiting = self._asked.get(dst)
            if waiting is not None:
                waiting.append(asked)
                return
            self._asked[dst] = deque([asked])
            try:
                threading.Thread(target=self._run, args=(dst,), name="forcing", daemon=True).start()
            except RuntimeError as err:
                del self._asked[dst]
                _log.warning("what was left in %s is forced to disk only when it is finished: %s", dst, err)

    def _run(self, dst: Path) -> None:
        while True:
            with self._guard:
                waiting = self._asked[dst]
                if not waiting:
                    del self._asked[dst]
                    return
                asked = waiting.popleft()
            try:
                forced = force_chunks(asked if asked[0].name.endswith(CHUNK_SUFFIX) else left_chunks(asked))
            except Exception:
                # Finishing forces it as well.
                _log.exception("an error that nobody expected")
            else:
                if forced:
                    _log.debug("%d left chunks were forced to disk", forced)
