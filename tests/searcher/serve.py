"""`python -m tests.searcher.serve CONFIG`: the searcher, without a supervisor; says `ready` when it listens.

Beside the real searches it knows some that play a part.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pynvr.base.errors import MissingLibraryError
from pynvr.base.heart import Heart
from pynvr.config.load import load
from pynvr.searcher.jobs import JOBS, Steps
from pynvr.searcher.process import run
from pynvr.searcher.tools import Tools


def count(_tools: Tools, order: Mapping[str, Any]) -> Steps:
    """Counts in steps, slowly, and writes into a file how far it is."""
    try:
        for number in range(order["to"]):
            Path(order["file"]).write_text(str(number + 1))
            time.sleep(0.01)
            yield number / order["to"]
    finally:
        Path(order["file"]).with_suffix(".over").touch()
    return order["to"]


def die(_tools: Tools, _order: Mapping[str, Any]) -> Steps:
    """As a decoder may."""
    yield 0.5
    os.kill(os.getpid(), signal.SIGSEGV)
    return None


def lack(_tools: Tools, _order: Mapping[str, Any]) -> Steps:
    yield 0.0
    raise MissingLibraryError("pip install it")


def fail(_tools: Tools, _order: Mapping[str, Any]) -> Steps:
    yield 0.0
    raise RuntimeError("nobody expected this")


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    settings = load(Path(sys.argv[1]))
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    threading.Thread(target=_listen, args=(ours,), daemon=True).start()
    heart = Heart(theirs)
    heart.listen_to_signals()
    run(heart, settings, {**JOBS, "count": count, "die": die, "lack": lack, "fail": fail})


def _listen(channel: socket.socket) -> None:
    """What the master would hear."""
    if channel.recv(65_536):
        print("ready", flush=True)
    while channel.recv(65_536):
        pass


if __name__ == "__main__":
    main()
