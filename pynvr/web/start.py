"""The web process: `run` is all that the supervisor knows of it.

It listens before it is loaded: that takes a CPU a second, and on a machine that has too much to do minutes. Who
comes meanwhile waits for an answer, and isn't refused.
"""

import socket

from pynvr.base.heart import Beat, Heart
from pynvr.web.listening import ListenError, listen
from pynvr.web.order import WebOrder

_LOADING_WITHIN_S = 600.0


def run(heart: Heart, order: WebOrder) -> None:
    """Serve the site until `heart.stopping`."""
    sockets, trouble = _listening(order)
    if trouble:
        # Whoever looks at the status isn't told that all is well meanwhile.
        heart.beat(Beat("waiting", _LOADING_WITHIN_S, detail=trouble))
    from pynvr.web.process import serve

    serve(heart, order, sockets, trouble)


def _listening(order: WebOrder) -> tuple[list[socket.socket], str]:
    """The sockets, or none and why: it is tried again as soon as it is loaded."""
    server = order.settings.system.server
    try:
        return listen(server.host, server.port), ""
    except ListenError as err:
        return [], str(err)
