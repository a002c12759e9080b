"""The audit log's entries: who did what, from where, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_TEXT = 2_000
LONGEST_SUBJECT = 500
LONGEST_NAME = 200


class Level(StrEnum):
    """How much it matters."""

    INFO = "info"
    WARNING = "warning"  # somebody should know: a refused login, a delivery that doesn't succeed, a process that died
    ERROR = "error"  # something is lost or doesn't work


class Source(StrEnum):
    """Which part of PyNVR tells it."""

    WEB = "web"
    COMMAND = "command"  # a command of `pynvr` on the machine itself
    MASTER = "master"
    CAMERA = "camera"  # a camera's state; these aren't stored as entries
    DELIVERER = "deliverer"
    REAPER = "reaper"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, and who did it.

    `actor`: name of a user or token, empty = PyNVR itself; `address`: where the request came from, empty = none.
    `action`: a word for programs, `<what>.<what happened to it>` (`incident.delivered`). `camera_id`: empty = none or
    several; `subject`: what else it was done to. `text`: a sentence for people. `detail`: figures, as JSON has them.
    Neither of them may hold a password, a token or an address with either.
    """

    at_us: int
    level: Level
    source: Source
    action: str
    text: str
    actor: str = ""
    address: str = ""
    camera_id: str = ""
    subject: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
