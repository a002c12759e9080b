"""What PyNVR says, held against what was sent: dates, coverage, and words that people understand."""

from __future__ import annotations

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pynvr.archive.paths import parse_name
from pynvr.model.cause import Cause
from pynvr.simulator.sent import SentUnit
from pynvr.store.accounting import coverage_of
from pynvr.store.store import Store
from tests.torture.proof import US, Piece

if TYPE_CHECKING:
    from tests.torture.stage import Eye, Stage

# When something was sent: first and last frame of a run.
Span = tuple[int, int]
# The time of a connection's first frames is put right within seconds where a busy machine had them late.
BESIDE_US = 4 * US
# A recording that is long enough has its dates right at its end; so near to it they are.
_EXACT_US = US
# Two frames and a bit.
_FALSE_US = 3 * US // 10
# Until the new time of a clock that was set is noticed, and a keyframe comes.
_NOTICED_US = 9 * US
# What needs no more words than its name.
_SAY_ALL = {Cause.STARTING, Cause.RECORDED, Cause.SCHEDULE, Cause.UNKNOWN, Cause.DELETED}
_NOT_PLAIN = re.compile(
    r"Traceback|Errno|Error\(|Exception|<class|0x[0-9a-f]{4}|NoneType|\bNone\b|\.py\b|://[^/\s]*:[^/\s@]*@"
)


def is_plain(text: str) -> bool:
    """Whether somebody who isn't a programmer understands it."""
    return not _NOT_PLAIN.search(text)


def unplain(status: dict[str, Any]) -> set[str]:
    """Words of the status that only a programmer understands, or that are missing."""
    wrong = set()
    for camera in status.get("cameras", []):
        if camera["cause"] and not camera["detail"] and camera["cause"] not in ("starting", "schedule"):
            wrong.add(f"the status says {camera['cause']!r} of {camera['id']} and no more")
    said = [
        *(camera["detail"] for camera in status.get("cameras", [])),
        *(process["detail"] for process in status.get("processes", [])),
        *(problem["detail"] for problem in status.get("problems", [])),
    ]
    return wrong | {f"not for people: {words!r}" for words in said if not is_plain(words)}


def rows(stage: Stage) -> dict[tuple[str, str], int]:
    """Camera and stamp of each segment that the database knows, and when it begins; none while it can't be read."""
    try:
        with closing(sqlite3.connect(f"file:{stage.program.data_dir}/pynvr.sqlite?mode=ro", uri=True)) as connection:
            found = connection.execute("select camera_id, stamp, start_us from segments")
            return {(camera, stamp): start_us for camera, stamp, start_us in found}
    except sqlite3.Error:
        return {}


def has_all_rows(stage: Stage, name: str, known: Mapping[tuple[str, str], int]) -> bool:
    """Whether the finisher, who comes after everything else on a busy machine, is through with the camera.

    Until then a left chunk counts as recorded up to its last write, though its end may be torn.
    """
    shelf = stage.eyes[name].shelf
    parsed = [parse_name(path.name) for path in shelf.segments()]
    return len(shelf.chunks()) <= 1 and all((name, one[0].stamp) in known for one in parsed if one is not None)


def untruths_when_stopped(stage: Stage) -> set[str]:
    """Of what the database says then."""
    wrong = set()
    known = rows(stage)
    with Store.open(f"sqlite:///{stage.program.data_dir}/pynvr.sqlite") as store:
        for name, eye in stage.eyes.items():
            off_us = dated_off_us(stage, eye, known)
            wrong |= {
                f"{name}: {stamp} is dated {off / US:.2f} s off the time at which it was sent"
                for stamp, off in off_us.items()
                if abs(off) > BESIDE_US and not stage.was_overwhelmed
            }
            runs = recorded_us(eye)
            if not runs or stage.clock:
                continue
            to_us = runs[-1].span[1]
            covered = coverage_of(store, [name], runs[0].span[0], to_us, now_us=to_us)[name]
            accounts = [(one.start_us, one.end_us, one.cause.value, one.detail) for one in covered.accounts]
            wrong |= {
                f"{name}: coverage {words}" for words in _untruths(runs, accounts, eye, _EXACT_US, _beside_us(off_us))
            }
    return wrong


def dated_off_us(stage: Stage, eye: Eye, known: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """By its stamp, how much later each segment is dated than its first frame was sent, by the clock of then."""
    units = [unit for units in eye.sessions.values() for unit in units]
    at_us = {unit.core_sha256: unit.wall_us for unit in units}
    # Two frames in which nothing moved may be the same bytes.
    count = Counter(unit.core_sha256 for unit in units)
    off_us = {}
    for piece in eye.shelf.pieces():
        parsed = parse_name(piece.path.name)
        dated_us = known.get((eye.name, parsed[0].stamp)) if parsed is not None else None
        sent_us = at_us.get(piece.digests[0]) if piece.digests and count[piece.digests[0]] == 1 else None
        if parsed is None or dated_us is None or sent_us is None:
            continue
        if not any(one.holds(sent_us, 20 * US) for one in eye.excuses if one.spoils or one.misdates):
            ahead_us = stage.clock.ahead_us(sent_us, _NOTICED_US) if stage.clock else {0}
            off_us[parsed[0].stamp] = min((dated_us - sent_us - one for one in ahead_us), key=abs)
    return off_us


def _beside_us(off_us: Mapping[str, int]) -> int:
    """How far from the time of sending it may be that coverage has a border: a bit more than dates are off."""
    return max([BESIDE_US, *(off + US for off in off_us.values())])


def untruths(stage: Stage) -> set[str]:
    """Of `/api/1/coverage` since the first frame: times it calls recorded that aren't, and the other way round."""
    known = rows(stage)
    recorded = {name: recorded_us(eye) for name, eye in stage.eyes.items() if has_all_rows(stage, name, known)}
    begun = [runs[0].span[0] for runs in recorded.values() if runs]
    if not begun:
        return set()
    ids = ",".join(recorded)
    status, answer = stage.ask(
        "GET", f"/api/1/coverage?camera_ids={ids}&from={min(begun) / US:.3f}&to={time.time():.0f}"
    )
    if status != 200:
        return {f"coverage answers {status}: {str(answer)[:200]}"}
    payload = answer["payload"]
    wrong = set()
    for name, runs in recorded.items():
        accounts = [
            (round(a * US), round(b * US), cause, detail)
            for a, b, cause, detail in payload["cameras"][name]["accounts"]
        ]
        eye = stage.eyes[name]
        beside_us = _beside_us(dated_off_us(stage, eye, known))
        # What has just come may not be known yet.
        wrong |= {f"{name}: coverage {words}" for words in _untruths(runs, accounts, eye, BESIDE_US, beside_us)}
        wrong |= {f"{name}: not for people: {one[3]!r}" for one in accounts if not is_plain(one[3])}
    return wrong


def sent_span(eye: Eye, piece: Piece | None) -> Span | None:
    """Of a segment's frames; None if they aren't known."""
    units = [unit for units in eye.sessions.values() for unit in units]
    at_us = {unit.core_sha256: unit.wall_us for unit in units}
    # Two frames in which nothing moved may be the same bytes.
    count = Counter(unit.core_sha256 for unit in units)
    known = [at_us[digest] for digest in (piece.digests if piece is not None else ()) if count[digest] == 1]
    return (min(known), max(known)) if known else None


@dataclass(frozen=True, slots=True)
class Run:
    """Frames of one connection, without one missing between. `pauses`: in which the camera sent none."""

    span: Span
    pauses: tuple[Span, ...] = ()


def recorded_us(eye: Eye) -> list[Run]:
    """What is in segments and chunks, in order."""
    there = {digest for piece in eye.shelf.pieces(with_chunks=True) for digest in piece.digests}
    runs: list[Run] = []
    for units in eye.sessions.values():
        before: SentUnit | None = None
        for unit in sorted(units, key=lambda unit: unit.number):
            if unit.core_sha256 not in there:
                before = None
                continue
            if before is None:
                runs.append(Run((unit.wall_us, unit.wall_us)))
            else:
                last = runs[-1]
                # A camera that is too busy leaves pictures out, and may send the next one in time or late.
                pause = max(unit.wall_us - before.wall_us, unit.captured_us - before.captured_us) > _FALSE_US
                pauses = (*last.pauses, (before.wall_us - US, unit.wall_us + US)) if pause else last.pauses
                runs[-1] = Run((last.span[0], unit.wall_us), pauses)
            before = unit
    return sorted(runs, key=lambda run: run.span)


def _untruths(
    runs: list[Run],
    accounts: list[tuple[int, int, str, str]],
    eye: Eye,
    newest_within_us: int,
    beside_us: int = BESIDE_US,
) -> set[str]:
    """`newest_within_us`: how near to its end the last recording is known; `beside_us`: how late one may be dated."""
    wrong = set()
    off = [(one.from_us - 20 * US, one.to_us + 20 * US) for one in eye.excuses if one.spoils or one.misdates]
    for (_, before, *_), (after, *_) in pairwise(accounts):
        if abs(after - before) > 1000:
            wrong.add(f"leaves {(after - before) / US:.3f} s unaccounted for")
    for run in runs:
        start, end = run.span
        inside = (start + beside_us, end - (newest_within_us if run is runs[-1] else _EXACT_US))
        other = [a for a in accounts if a[2] != Cause.RECORDED and _common_us(a, inside) > _FALSE_US]
        # Between two segments such a pause may be told.
        other = [a for a in other if not (a[2] == Cause.STALLED and any(_common_us(a, one) > 0 for one in run.pauses))]
        if other and not _any_overlap(off, start, end):
            wrong.add(f"says {other[0][2]!r} of {_shown(*inside, other[0])}, which is recorded")
    for (begun, end), (start, _) in pairwise(run.span for run in runs):
        # A short recording may be dated late as a whole.
        gap = (end + (_EXACT_US if end - begun > 2 * beside_us else beside_us), start - _EXACT_US)
        if _any_overlap(off, end, start):
            continue
        told = [a for a in accounts if a[2] == Cause.RECORDED and _common_us(a, gap) > _FALSE_US]
        if told:
            wrong.add(f"says recorded of {_shown(*gap, told[0])}, which isn't")
        within = [a for a in accounts if a[2] != Cause.RECORDED and _common_us(a, gap) > 0]
        if any(a[2] == Cause.UNKNOWN for a in within):
            wrong.add(f"has no cause for {end / US:.1f} … {start / US:.1f}")
        wrong |= {f"says {a[2]!r} and no more" for a in within if not a[3] and a[2] not in _SAY_ALL}
    return wrong


def _common_us(account: tuple[int, int, str, str], span: Span) -> int:
    return min(account[1], span[1]) - max(account[0], span[0])


def _shown(start: int, end: int, account: tuple[int, int, str, str]) -> str:
    """What both have in common."""
    both = (max(start, account[0]), min(end, account[1]))
    return " … ".join(f"{datetime.fromtimestamp(at / US, UTC):%H:%M:%S.%f}"[:-4] for at in both)


def _any_overlap(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and b > start for a, b in spans)
