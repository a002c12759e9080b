"""What happened while the disk was written to: what each camera sent, what was acknowledged, by the machine's clock."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from pynvr.simulator.sent import SentUnit


@dataclass(frozen=True)
class Deed:
    """Something that was asked for over HTTP and acknowledged.

    `kind`: `keep`, `unkeep`, `tag`, `incident`, `describe`; `about`: the id it got, or what was written.
    """

    kind: str
    about: int | str
    asked_us: int
    done_us: int


@dataclass(frozen=True)
class Story:
    """`sent`: pictures by camera, from the first one that a recorder got; `sifted`: cameras of mode `motion`."""

    sent: Mapping[str, list[SentUnit]]
    sifted: frozenset[str]
    deeds: list[Deed]
    durability_s: float
    began_us: int
    ended_us: int
    files: list[str] = field(default_factory=list)


def now_us() -> int:
    return time.time_ns() // 1000
