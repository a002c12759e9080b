"""What the web process is told. Known to the supervisor, so this module loads nothing of the web."""

from dataclasses import dataclass, field

from pynvr.model.settings import Settings


@dataclass(frozen=True, slots=True)
class WebOrder:
    """`settings`: those in force, with the cameras' URLs, which the site edits and its log conceals."""

    settings: Settings = field(repr=False)
