"""The sockets to listen on, for a host and port as nvr.json has them."""

import errno
import os
import socket

from pynvr.base.errors import PyNVRError
from pynvr.model.settings import Server

BACKLOG = 512
_EVERYWHERE_IPV6 = "::"
# A machine without IPv6, or with it switched off: `localhost` is 127.0.0.1 alone then.
_NOT_HERE = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


class ListenError(PyNVRError):
    """The address can't be listened on now."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets for every address of the host; raises ListenError, with nothing left open.

    A name with several addresses (`localhost`) is listened to on those that this machine has; `::` takes IPv4 too.
    """
    opened: list[socket.socket] = []
    try:
        for family, address in _addresses(host, port):
            try:
                opened.append(_listening(family, address))
            except OSError as err:
                if err.errno not in _NOT_HERE:
                    raise ListenError(_words(err, address[0], port)) from err
        if not opened:
            raise ListenError(f"can't listen on {host}:{port}: it is no address of this machine (system.server.host)")
    except BaseException:
        for one in opened:
            one.close()
        raise
    return opened


def why_not(server: Server) -> str:
    """Why the site couldn't be served now, empty if it could; nothing stays open. Somebody who asks is told at once."""
    try:
        if server.tls is not None:
            from pynvr.web.tls import tls_context

            tls_context(server.tls)
        for one in listen(server.host, server.port):
            one.close()
    except PyNVRError as err:
        return str(err)
    return ""


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    if host.lower() == "localhost":
        # Whatever /etc/hosts says (RFC 6761 §6.3): browsers try ::1 first, and another program might sit there.
        return [(socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET6, ("::1", port))]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        raise ListenError(f"can't listen on {host}:{port}: {reason} (system.server.host)") from err
    inet = (socket.AF_INET, socket.AF_INET6)
    # A dict, for hosts files name an address twice.
    return list(dict.fromkeys((family, (str(at[0]), port)) for family, _, _, _, at in found if family in inet))


def _listening(family: socket.AddressFamily, address: tuple[str, int]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it: head and body of a small answer go out without waiting for each other.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != _EVERYWHERE_IPV6)
        made.bind(address)
        made.listen(BACKLOG)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def _words(err: OSError, address: str, port: int) -> str:
    shown = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    match err.errno:
        case errno.EADDRINUSE:
            reason = f"another program uses port {port}; end it, or set another system.server.port"
        case errno.EACCES:
            reason = f"only root may use port {port}; take one from 1024 on (system.server.port)"
        case _:
            reason = os.strerror(err.errno) if err.errno else str(err)
    return f"can't listen on {shown}: {reason}"
