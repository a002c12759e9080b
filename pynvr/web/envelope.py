"""The frame around every JSON answer of version 1."""

from collections.abc import Mapping
from typing import Any

from pynvr import __version__
from pynvr.model.stamp import local
from pynvr.web.routing import Schema
from pynvr.web.site import Site


def envelope(site: Site, payload: Mapping[str, Any]) -> dict[str, object]:  # Any: whatever JSON can say
    """The payload with the server's local time, name and version."""
    system = site.settings().system
    return {
        "date": f"{local(site.clock.now_us(), system.timezone):%Y-%m-%dT%H:%M:%S}",
        "system": {"name": system.name, "version": __version__},
        "payload": payload,
    }


def enveloped(payload: Schema) -> Schema:
    """The schema of an answer whose payload has the given one."""
    return {
        "type": "object",
        "required": ["date", "system", "payload"],
        "properties": {
            "date": {"type": "string", "description": "The server's local time, YYYY-MM-DDTHH:MM:SS."},
            "system": {
                "type": "object",
                "required": ["name", "version"],
                "properties": {"name": {"type": "string"}, "version": {"type": "string"}},
            },
            "payload": payload,
        },
    }
