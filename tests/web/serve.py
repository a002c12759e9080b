"""`python -m tests.web.serve CONFIG PORT`: the web process, without a supervisor; says `ready` when it listens."""

import logging
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path

from pynvr.base.heart import Beat, Heart
from pynvr.config.load import load
from pynvr.web.order import WebOrder
from pynvr.web.start import run


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    settings = load(Path(sys.argv[1]))
    server = replace(settings.system.server, host="127.0.0.1", port=int(sys.argv[2]))
    order = WebOrder(replace(settings, system=replace(settings.system, server=server)))
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    threading.Thread(target=_listen, args=(ours,), daemon=True).start()
    heart = Heart(theirs)
    heart.listen_to_signals()
    run(heart, order)


def _listen(channel: socket.socket) -> None:
    """What the master would hear."""
    ready = False
    while data := channel.recv(65_536):
        if not ready and Beat.from_bytes(data).state == "serving":
            ready = True
            print("ready", flush=True)


if __name__ == "__main__":
    main()
