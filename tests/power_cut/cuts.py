"""Where the power goes, and what of the writes that no flush had forced yet the disk still did."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import BinaryIO

from tests.power_cut.write_log import Entry

_SECTOR, _PAGE = 512, 4096


class Fate(StrEnum):
    """Of the writes since the last flush."""

    NONE = "none of them"
    ALL = "all of them"
    SOME = "some of them"
    TORN = "some of them, some in pieces"


@dataclass(frozen=True, slots=True)
class Cut:
    """Entries before number `at` came to the disk, those before `flushed` were forced. `seed`: of what survives."""

    flushed: int
    at: int
    fate: Fate
    seed: int


def choose(entries: Sequence[Entry], count: int, from_us: int, rng: random.Random) -> list[Cut]:
    """`count` cuts in the order of the log, spread over it, of every fate. `from_us`: none is before.

    Half of them strike when the next flush is about to be done: then most is at stake.
    """
    flushes = [number for number, entry in enumerate(entries) if entry.is_flush and entry.at_us >= from_us]
    spans = [(flush, after) for flush, after in pairwise(flushes) if after > flush + 1]
    fates = list(Fate)
    chosen = []
    for number in range(count):
        flush, after = spans[min(len(spans) - 1, int((number + rng.random()) * len(spans) / count))]
        at = after if rng.random() < 0.5 else rng.randint(flush + 1, after)
        chosen.append(Cut(flush, at, fates[number % len(fates)], rng.getrandbits(32)))
    return sorted(chosen, key=lambda cut: (cut.flushed, cut.at))


def apply_forced(entries: Sequence[Entry], image: BinaryIO) -> None:
    """Do these writes, all of which were forced."""
    for entry in entries:
        if entry.data is not None:
            image.seek(entry.offset)
            image.write(entry.data)


def apply_unforced(entries: Sequence[Entry], cut: Cut, image: BinaryIO) -> None:
    """Do what survives of the writes between the last flush and the cut."""
    rng = random.Random(cut.seed)
    for entry in entries[cut.flushed : cut.at]:
        if entry.data is None:
            continue
        for begin, end in surviving(entry, cut.fate, rng):
            image.seek(entry.offset + begin)
            image.write(entry.data[begin:end])


def surviving(entry: Entry, fate: Fate, rng: random.Random) -> list[tuple[int, int]]:
    """Which bytes of a write reach the disk: whole sectors, since no disk does less."""
    length = len(entry.data or b"")
    if fate is Fate.NONE:
        return []
    if fate is Fate.ALL:
        return [(0, length)]
    if fate is Fate.SOME or rng.random() < 0.5:
        return [(0, length)] if rng.random() < 0.5 else []
    grain = rng.choice((_SECTOR, _PAGE))
    return [(at, min(at + grain, length)) for at in range(0, length, grain) if rng.random() < 0.5]
