"""`python -m pynvr.supervisor --config FILE`: the process that `pynvr start` and `pynvr foreground` become.

A program of its own, so that the master doesn't carry the command line's libraries, and multiprocessing doesn't load
the command's script into each child (it leaves a package's `__main__` alone).
"""

import argparse
import os
import sys
import traceback
from pathlib import Path

from pynvr.base.errors import PyNVRError
from pynvr.base.redaction import redact
from pynvr.supervisor.program import run

UNEXPECTED_EXIT_CODE = 70  # EX_SOFTWARE of sysexits(3)


def main() -> int:
    parser = argparse.ArgumentParser(prog="pynvr.supervisor", description="Run PyNVR; use `pynvr start` instead.")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--ready-fd", type=int, help="where to write `ready`, or why not")
    arguments = parser.parse_args()
    starter = Starter(arguments.ready_fd)
    try:
        run(arguments.config, to_stderr=arguments.ready_fd is None, on_ready=starter.ready)
    except PyNVRError as err:
        starter.failed(redact(str(err)))
        return err.exit_code
    except Exception:
        starter.failed(redact(traceback.format_exc()))
        return UNEXPECTED_EXIT_CODE
    return 0


class Starter:
    """Whoever waits at the other end of a pipe for the outcome of the start; without one, stderr hears of failures."""

    def __init__(self, fd: int | None) -> None:
        self._fd = fd

    def ready(self) -> None:
        self._say("ready\n")

    def failed(self, reason: str) -> None:
        for line in reason.splitlines():
            print(f"pynvr: {line}", file=sys.stderr)  # noqa: T201
        self._say(reason + "\n")

    def _say(self, text: str) -> None:
        if self._fd is None:
            return
        try:
            os.write(self._fd, text.encode())
            os.close(self._fd)
        except OSError:
            pass  # nobody waits any more
        self._fd = None


if __name__ == "__main__":
    sys.exit(main())
