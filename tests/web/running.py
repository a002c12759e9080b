"""The site in a process of its own, on a free port."""

import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from pynvr.config.load import load
from pynvr.store.store import Store
from tests.ports import free_port

START_WITHIN_S = 120.0


def add_users(config: Path) -> None:
    """`admin` and `viewer`; their passwords are the names with `-password` behind."""
    now_us = time.time_ns() // 1000
    with Store.open(load(config).system.database) as store:
        store.users.add("admin", "admin-password", "admin", now_us)
        store.users.add("viewer", "viewer-password", "viewer", now_us)


class RunningSite:
    """Serves the recordings of a configuration while the `with` lasts; `url` has no slash at its end. `module`: what is
    started, as `tests.web.serve`.
    """

    def __init__(self, config: Path, port: int = 0, module: str = "tests.web.serve") -> None:
        self._config = config
        self._module = module
        self._port = port or free_port()
        self._process: subprocess.Popen[str] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", self._module, str(self._config), str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], START_WITHIN_S)
        if not readable or self._process.stdout.readline() != "ready\n":
            self._process.kill()
            raise AssertionError("the site didn't start; its words are above")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _t: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
