"""The time zone of the machine, by its IANA name."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

_LOCALTIME = Path("/etc/localtime")
_TIMEZONE = Path("/etc/timezone")


def machine_zone() -> ZoneInfo:
    """The zone that the machine keeps: `TZ`, else /etc/localtime, else /etc/timezone, else UTC.

    Found by name, for a zone read from a nameless file can't be handed to another process.
    """
    for name in (os.environ.get("TZ", "").removeprefix(":"), _linked_name(), _written_name()):
        try:
            if name:
                return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def _linked_name() -> str:
    target = os.path.realpath(_LOCALTIME)
    return target.partition("/zoneinfo/")[2]


def _written_name() -> str:
    try:
        return _TIMEZONE.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
