"""The web process: `run` is all that the supervisor knows of it.

It listens before it is loaded: that takes a CPU a second, and on a machine that has too much to do minutes. Who
comes meanwhile waits for an answer, and isn't refused.
"""

import socket

from pynvr.base.heart import Heart
from pynvr.web.listening import ListenError, listen
from pynvr.web.order import WebOrder


def run(heart: Heart, order: WebOrder) -> None:
    """Serve the site until `heart.stopping`."""
    sockets = _listening(order)
    from pynvr.web.process import serve

    serve(heart, order, sockets)


def _listening(order: WebOrder) -> list[socket.socket]:
    server = order.settings.system.server
    try:
        return listen(server.host, server.port)
    except ListenError:
        return []  # it is tried again, and told, as soon as there is somebody to tell it
