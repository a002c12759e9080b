"""What PyNVR says, held against what was sent: coverage second by second, and words that people understand."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pynvr.archive.paths import parse_name
from pynvr.store.accounting import coverage_of
from pynvr.store.store import Store
from tests.torture.proof import US

if TYPE_CHECKING:
    from tests.torture.stage import Eye, Stage

# The time of a connection's first frames is put right within seconds where a busy machine had them late.
BESIDE_US = 4 * US
# Nearer than that one frame follows the other.
NEXT_US = 3 * US // 2
_NOT_PLAIN = re.compile(
    r"Traceback|Errno|Error\(|Exception|<class|0x[0-9a-f]{4}|NoneType|\bNone\b|\.py\b|://[^/\s]*:[^/\s@]*@"
)


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
    return wrong | {f"not for people: {words!r}" for words in said if _NOT_PLAIN.search(words)}


def rows(stage: Stage) -> set[tuple[str, str]]:
    """Camera and stamp of each segment that the database knows; none while it can't be read."""
    try:
        with closing(sqlite3.connect(f"file:{stage.program.data_dir}/pynvr.sqlite?mode=ro", uri=True)) as connection:
            return {(camera, stamp) for camera, stamp in connection.execute("select camera_id, stamp from segments")}
    except sqlite3.Error:
        return set()


def has_all_rows(stage: Stage, name: str, known: set[tuple[str, str]]) -> bool:
    """Whether the finisher, who comes after everything else on a busy machine, is through with the camera."""
    parsed = [parse_name(path.name) for path in stage.eyes[name].shelf.segments()]
    return all((name, one[0].stamp) in known for one in parsed if one is not None)


def untruths_when_stopped(stage: Stage) -> set[str]:
    """Of what the database says then."""
    recorded = {name: spans for name, eye in stage.eyes.items() if (spans := recorded_us(eye))}
    wrong = set()
    with Store.open(f"sqlite:///{stage.program.data_dir}/pynvr.sqlite") as store:
        for name, spans in recorded.items():
            to_us = spans[-1][1]
            covered = coverage_of(store, [name], spans[0][0], to_us, now_us=to_us)[name]
            accounts = [(one.start_us, one.end_us, one.cause.value, one.detail) for one in covered.accounts]
            wrong |= {f"{name}: coverage {words}" for words in _untruths(spans, accounts, stage.eyes[name])}
    return wrong


def untruths(stage: Stage) -> set[str]:
    """Of `/api/1/coverage` since the first frame: times it calls recorded that aren't, and the other way round."""
    known = rows(stage)
    recorded = {name: recorded_us(eye) for name, eye in stage.eyes.items() if has_all_rows(stage, name, known)}
    begun = [spans[0][0] for spans in recorded.values() if spans]
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
    for name, spans in recorded.items():
        accounts = [
            (round(a * US), round(b * US), cause, detail)
            for a, b, cause, detail in payload["cameras"][name]["accounts"]
        ]
        wrong |= {f"{name}: coverage {words}" for words in _untruths(spans, accounts, stage.eyes[name])}
        wrong |= {f"{name}: not for people: {one[3]!r}" for one in accounts if _NOT_PLAIN.search(one[3])}
    return wrong


def recorded_us(eye: Eye) -> list[tuple[int, int]]:
    """When the frames of segments and chunks were sent: first and last of those without a gap between, in order."""
    at_us = {unit.core_sha256: unit.wall_us for units in eye.sessions.values() for unit in units}
    spans = []
    for piece in eye.shelf.pieces(with_chunks=True):
        known = [at_us[digest] for digest in piece.digests if digest in at_us]
        if known:
            spans.append((known[0], known[-1]))
    joined: list[tuple[int, int]] = []
    for start_us, end_us in sorted(spans):
        if joined and start_us - joined[-1][1] < NEXT_US:
            joined[-1] = (joined[-1][0], max(end_us, joined[-1][1]))
        else:
            joined.append((start_us, end_us))
    return joined


def _untruths(spans: list[tuple[int, int]], accounts: list[tuple[int, int, str, str]], eye: Eye) -> set[str]:
    wrong = set()
    off = [(excuse.from_us - 20 * US, excuse.to_us + 20 * US) for excuse in eye.excuses if excuse.spoils]
    for (_, before, *_), (after, *_) in pairwise(accounts):
        if abs(after - before) > 1000:
            wrong.add(f"leaves {(after - before) / US:.3f} s unaccounted for")
    for start, end in spans:
        inside = (start + BESIDE_US, end - BESIDE_US)
        other = [a for a in accounts if a[2] != "recorded" and min(a[1], inside[1]) - max(a[0], inside[0]) > NEXT_US]
        if other and not _any_overlap(off, start, end):
            wrong.add(f"says {other[0][2]!r} of {_shown(*inside, other[0])}, which is recorded")
    for (_, end), (start, _) in pairwise(spans):
        gap = (end + BESIDE_US, start - BESIDE_US)
        told = [a for a in accounts if a[2] == "recorded" and min(a[1], gap[1]) - max(a[0], gap[0]) > US // 2]
        if told and not _any_overlap(off, end, start):
            wrong.add(f"says recorded of {_shown(*gap, told[0])}, which isn't")
        unknown = [a for a in accounts if a[2] == "unknown" and a[0] < gap[1] and a[1] > gap[0]]
        if unknown and not _any_overlap(off, end, start):
            wrong.add(f"has no cause for {end / US:.1f} … {start / US:.1f}")
    return wrong


def _shown(start: int, end: int, account: tuple[int, int, str, str]) -> str:
    """What both have in common."""
    both = (max(start, account[0]), min(end, account[1]))
    return " … ".join(f"{datetime.fromtimestamp(at / US, UTC):%H:%M:%S.%f}"[:-4] for at in both)


def _any_overlap(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and b > start for a, b in spans)
