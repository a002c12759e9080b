"""Of one camera: is each frame that was sent in exactly one segment, or is there a reason for which it may be lost?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pynvr.simulator.sent import SentUnit

US = 1_000_000
# In what is said of a segment, which nothing changes any more.
LASTING = "can be decoded"
# Frames beside those that a fault spoils may look other than they were sent, as far as the next keyframe and border.
BESIDE_US = 15 * US


@dataclass(frozen=True, slots=True)
class Excuse:
    """Frames sent from … to (the machine's clock) may be missing; `spoils`: or be other than they were sent;
    `misdates`: or be dated otherwise."""

    from_us: int
    to_us: int
    why: str
    spoils: bool = False
    misdates: bool = False

    def holds(self, at_us: int, beside_us: int = 0) -> bool:
        return self.from_us - beside_us <= at_us <= self.to_us + beside_us


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment and the digests of its frames. `decoded`: of how many a decoder gives pictures; -1 = not tried."""

    path: Path
    digests: tuple[str, ...]
    decoded: int = -1


@dataclass(slots=True)
class Tail:
    """The end of a connection: what was sent after the last frame that was recorded, from its first to its last frame.

    What lies before is no loss: a camera that stalled sent nothing then.
    """

    frames: int
    began_us: int
    ended_us: int

    @property
    def seconds(self) -> float:
        return (self.ended_us - self.began_us) / US


@dataclass(slots=True)
class Account:
    """`wrong`: what is not as it was promised, in words."""

    sent: int = 0
    recorded: int = 0
    excused: Counter[str] = field(default_factory=Counter)
    tails: list[Tail] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def account_for(
    sessions: Sequence[Sequence[SentUnit]],
    pieces: Iterable[Piece],
    excuses: Sequence[Excuse],
    witnessed: Iterable[str],
    *,
    ended_us: int = 0,
) -> Account:
    """`sessions`: the video of each connection, in order. `witnessed`: digests that were in a chunk before a fault.

    What follows the last recorded frame of a connection was on its way when that was broken off: a tail, unless a
    witness says that it had come. `ended_us`: when the last connection was given up; 0 = it goes on.
    """
    sent = [(unit, number) for number, units in enumerate(sessions) for unit in units]
    places: dict[str, list[int]] = {}
    for index, (unit, _) in enumerate(sent):
        places.setdefault(unit.core_sha256, []).append(index)
    account = Account(sent=len(sent))
    where: dict[int, Path] = {}
    for piece in pieces:
        _read(piece, sent, places, excuses, where, account)
    account.recorded = len(where)
    for digest in set(witnessed) - {sent[index][0].core_sha256 for index in where}:
        index = places.get(digest, [-1])[0]
        if index >= 0 and not _excused(sent[index][0].wall_us, excuses):
            account.wrong.append(f"frame {index} of {len(sent)} was in a chunk and is in no segment")
    _find_missing(sent, where, excuses, account, ended_us)
    return account


def _read(
    piece: Piece,
    sent: list[tuple[SentUnit, int]],
    places: dict[str, list[int]],
    excuses: Sequence[Excuse],
    where: dict[int, Path],
    account: Account,
) -> None:
    known = _placed(piece.digests, places)
    spoiled = bool(known) and any(
        excuse.spoils and excuse.holds(sent[index][0].wall_us, BESIDE_US)
        for index in (known[0], known[-1])
        for excuse in excuses
    )
    if not piece.digests:
        account.wrong.append(f"{piece.path.name} holds no frame")
    # A segment of nothing but spoiled frames can't be placed.
    is_near_fault = spoiled or (not known and any(excuse.spoils for excuse in excuses))
    if len(known) < len(piece.digests) and not is_near_fault:
        account.wrong.append(f"{piece.path.name}: {len(piece.digests) - len(known)} frames that were never sent")
    if any(later <= earlier for earlier, later in pairwise(known)):
        account.wrong.append(f"{piece.path.name}: its frames are in another order than they were sent")
    if piece.decoded >= 0 and piece.decoded < len(piece.digests) and not spoiled:
        account.wrong.append(f"{piece.path.name}: {piece.decoded} of {len(piece.digests)} frames {LASTING}")
    for index in known:
        if index in where:
            account.wrong.append(f"frame {index} is in {where[index].name} and in {piece.path.name}")
            return
        where[index] = piece.path


def _placed(digests: Sequence[str], places: dict[str, list[int]]) -> list[int]:
    """Where those that are known were sent. Two frames in which nothing moved may be the same bytes: they are where
    their neighbours are."""
    found = [places[digest] for digest in digests if digest in places]
    sure = [(number, each[0] - number) for number, each in enumerate(found) if len(each) == 1]
    known = []
    for number, each in enumerate(found):
        shift = min(sure, key=lambda one: abs(one[0] - number))[1] if len(each) > 1 and sure else each[0] - number
        known.append(min(each, key=lambda index: abs(index - number - shift)))
    return known


def _find_missing(
    sent: list[tuple[SentUnit, int]],
    where: dict[int, Path],
    excuses: Sequence[Excuse],
    account: Account,
    ended_us: int,
) -> None:
    last_of: dict[int, int] = {}
    for index in where:
        number = sent[index][1]
        last_of[number] = max(last_of.get(number, -1), index)
    current = sent[-1][1] if sent else -1
    begun: set[int] = set()
    holes: list[int] = []
    tails: dict[int, list[SentUnit]] = {}
    for index, (unit, number) in enumerate(sent):
        if unit.is_key:
            begun.add(number)
        if index in where or number not in begun:  # nobody can show what comes before the first keyframe
            continue
        reasons = [excuse.why for excuse in excuses if excuse.holds(unit.wall_us)]
        if reasons:
            account.excused[reasons[0]] += 1
        elif index < last_of.get(number, -1):
            holes.append(index)
        elif number != current or ended_us:
            tails.setdefault(number, []).append(unit)
    for units in tails.values():
        account.tails.append(Tail(len(units), units[0].wall_us, units[-1].wall_us))
    if holes:
        first, last = holes[0], holes[-1]
        around = [where[index].name for index in (first - 1, last + 1) if index in where]
        account.wrong.append(
            f"{len(holes)} frames are missing, the first is {first} of {len(sent)}, sent at "
            f"{sent[first][0].wall_us / US:.2f}; beside {' and '.join(around)}"
        )


def _excused(at_us: int, excuses: Sequence[Excuse]) -> bool:
    return any(excuse.holds(at_us) for excuse in excuses)
