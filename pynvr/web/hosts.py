"""Which names PyNVR answers to: against DNS rebinding, where a foreign name is made to point at this machine."""

from ipaddress import ip_address

from pynvr.web.peer import Environ, Networks, comes_from_proxy, own_origin

_LOCAL_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


def listens_here_only(listening_host: str) -> bool:
    """Whether nothing but this machine reaches the server."""
    return listening_host.lower() in _LOCAL_NAMES or _is_loopback(listening_host)


def is_host_right(environ: Environ, listening_host: str, trusted: Networks) -> bool:
    """Whether the called name may be ours.

    A server that only this machine reaches has local names alone, unless a trusted proxy stands in front: then the
    proxy's name is right. Elsewhere we can't know under which names people reach us, so any well-formed one is
    right: a foreign name brings no cookie and no token, and nothing is open without one.
    """
    if not environ.get("HTTP_HOST"):
        return True  # HTTP/1.0; browsers always send it
    name = _name(own_origin(environ, trusted))
    if not name:
        return False
    if not listens_here_only(listening_host) or comes_from_proxy(environ, trusted):
        return True
    return name in _LOCAL_NAMES or name.endswith(".localhost") or _is_loopback(name)


def _name(origin: str) -> str:
    host = origin.partition("://")[2]
    return host[1 : host.index("]")] if host.startswith("[") else host.partition(":")[0]


def _is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
