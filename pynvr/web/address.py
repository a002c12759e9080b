"""Where people find the site."""

import socket

from pynvr.model.settings import Server

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, not listened on


def site_address(server: Server) -> str:
    """As `http://localhost:8080`: the name by which this machine is reached most likely."""
    host = socket.gethostname() if server.host in _EVERYWHERE else server.host
    host = f"[{host}]" if ":" in host else host
    scheme, usual = ("http", 80) if server.tls is None else ("https", 443)
    return f"{scheme}://{host}" if server.port == usual else f"{scheme}://{host}:{server.port}"
