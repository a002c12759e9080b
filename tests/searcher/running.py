"""The searcher in a process of its own."""

import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.waiting import PATIENCE_S


class RunningSearcher:
    """Searches for a configuration's data directory while the `with` lasts."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.searcher.serve", str(self._config)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], PATIENCE_S)
        if not readable or self._process.stdout.readline() != "ready\n":
            self._process.kill()
            raise AssertionError("the searcher didn't start; its words are above")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> int:
        """How it ended."""
        assert self._process is not None
        self._process.kill()
        return self._process.wait()

    def wait(self) -> int:
        """Until it ends by itself."""
        assert self._process is not None
        return self._process.wait(PATIENCE_S)

    def stop(self) -> int:
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(PATIENCE_S)
