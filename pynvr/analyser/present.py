"""What is seen just now, for those who watch live; whether anybody does is nothing to the analyser."""

import logging
from pathlib import Path

from pynvr.archive.looks import Look, LooksWriter

_log = logging.getLogger(__name__)


class Present:
    """Notes every look; a disk that takes none costs live view its marks, and nothing else."""

    def __init__(self, run_dir: Path) -> None:
        self._writer = LooksWriter(run_dir)
        self._failure = ""

    def note(self, look: Look) -> None:
        try:
            self._writer.append(look)
        except OSError as err:
            self._settle(err.strerror or str(err))
        else:
            self._settle("")

    def close(self) -> None:
        self._writer.close()

    def _settle(self, failure: str) -> None:
        if failure and failure != self._failure:
            _log.warning("live view isn't told what is detected: %s", failure)
        self._failure = failure
