"""Who is at the other end: the client's address, and the address it called, also behind proxies that are trusted.

A proxy's words (`X-Forwarded-For`, `-Proto`, `-Host`) are taken from peers of `system.server.trusted_proxies` alone;
from anybody else they are what anybody can write. `trusted` is that setting everywhere here.
"""

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

# Any: WSGI's environ holds text and objects (PEP 3333).
Environ = Mapping[str, Any]
Networks = Iterable[IPv4Network | IPv6Network]
Address = IPv4Address | IPv6Address

# A chain of proxies is a handful; a header longer than this is nobody's chain.
_LONGEST_CHAIN = 32
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](:\d{1,5})?|(?P<v4>[0-9.]+):\d{1,5}")
_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:(?P<port>[0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def client_address(environ: Environ, trusted: Networks) -> str:
    """The address of whoever asks: the last hop that isn't a trusted proxy. Empty if there is none (a Unix socket)."""
    peer = _address(str(environ.get("REMOTE_ADDR", "")))
    if peer is None:
        return ""
    if _is_trusted(peer, trusted):
        hops = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-_LONGEST_CHAIN:]
        for hop in reversed(hops):
            address = _address(hop)
            if address is None:
                break  # whoever wrote this, what stands before it is worth nothing
            peer = address
            if not _is_trusted(address, trusted):
                break
    return str(peer)


def is_secure(environ: Environ, trusted: Networks) -> bool:
    """Whether the client's own connection is encrypted: with us, or with the trusted proxy that it called."""
    return _scheme(environ, trusted) == "https"


def own_origin(environ: Environ, trusted: Networks) -> str:
    """The origin that the client called, as browsers write it: `https://nvr.example:8443`, no default port.

    Empty if the request doesn't say, so that it equals no `Origin`.
    """
    host = str(environ.get("HTTP_HOST", ""))
    if comes_from_proxy(environ, trusted):
        host = _last(environ, "HTTP_X_FORWARDED_HOST") or host
    found = _HOST.fullmatch(host.strip())
    if found is None:
        return ""
    scheme = _scheme(environ, trusted)
    port = found["port"]
    name = found["name"].lower()
    return f"{scheme}://{name}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{name}:{port}"


def _scheme(environ: Environ, trusted: Networks) -> str:
    said = _last(environ, "HTTP_X_FORWARDED_PROTO").lower() if comes_from_proxy(environ, trusted) else ""
    if said in _DEFAULT_PORTS:
        return said
    return "https" if environ.get("wsgi.url_scheme") == "https" else "http"


def _last(environ: Environ, name: str) -> str:
    """What our peer itself said; a proxy that appends does so at the end."""
    return str(environ.get(name, "")).rpartition(",")[2].strip()


def comes_from_proxy(environ: Environ, trusted: Networks) -> bool:
    """Whether our peer is a proxy that is trusted, so that its word counts."""
    peer = _address(str(environ.get("REMOTE_ADDR", "")))
    return peer is not None and _is_trusted(peer, trusted)


def _is_trusted(address: Address, trusted: Networks) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    """Of `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; an IPv4 address in IPv6 dress is IPv4."""
    text = text.strip()
    found = _WITH_PORT.fullmatch(text)
    if found is not None:
        text = found["v6"] or found["v4"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
