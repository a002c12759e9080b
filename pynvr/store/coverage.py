"""Every instant of a period accounted for: recorded, or missing with its cause. Pure.

What is known comes in pieces that don't fit to the microsecond: segments, whose ends lie a frame apart; what was
deleted or left out; and transitions, which are told when a cause is noticed, some seconds after the last frame came.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter, itemgetter

from pynvr.model.cause import Cause, Transition
from pynvr.store.deletions import DeletedSpan
from pynvr.store.segments import Span

# Between two segments this many frames may be missing: the last frame's duration is a guess, and the clock that
# dates frames is steered where a segment ends.
TOLERATED_FRAMES = 2
LEAST_TOLERANCE_US = 100_000
_MOST_TOLERANCE_US = 3_000_000
# "Recording" told over a gap longer than this isn't a cause noticed late: video that should be there is not. Timeouts
# and the discovery of a hung recorder take less, the shortest usual segment takes longer.
LATE_NOTICE_US = 45_000_000
# The other way round, before a first segment: the recorder tells as soon as it has a keyframe.
EARLY_NOTICE_US = 10_000_000
# A camera that sends nothing for so long isn't given up, and between two segments nobody tells of it. Not longer, for
# what PyNVR itself lost there would be told so as well.
PAUSE_US = 2_000_000
# Causes of what was recorded and isn't there any more; the first one counts.
_GONE = (Cause.DELETED, Cause.NO_MOTION)
_LOST = "recording was reported, but there is no segment"
_PAUSED = "a short pause where a segment ends: usually the camera's own, and nothing is wrong unless it comes often"
# Gaps before the first and behind the last thing known have no end of their own.
_BEGINNING_US, _END_US = 0, 1 << 62
_since_us = attrgetter("since_us")


@dataclass(frozen=True, slots=True)
class Account:
    """One cause holds for the camera over `[start_us, end_us)`; `Cause.RECORDED` = there is video."""

    start_us: int
    end_us: int
    cause: Cause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A camera's period: `accounts` follow each other without holes; `sums_us` adds them up per cause."""

    accounts: tuple[Account, ...]
    sums_us: dict[Cause, int]


def account_for(
    from_us: int,
    to_us: int,
    segments: Iterable[Span],
    transitions: Sequence[Transition],
    deletions: Iterable[DeletedSpan] = (),
) -> Coverage:
    """Account for `[from_us, to_us)` of one camera.

    `segments` and `deletions`: what overlaps the period, and the next one on either side, so that a gap reaching over
    an end of the period is explained as in full; a growing chunk counts as a segment. `transitions`: in order, all
    within those gaps and the one that holds where the first of them begins.
    """
    known = known_spans(segments, deletions)
    edges = [Account(0, _BEGINNING_US, Cause.UNKNOWN), *known, Account(_END_US, _END_US, Cause.UNKNOWN)]
    accounts: list[Account] = []
    for before, after in pairwise(edges):
        if after.start_us > before.end_us and before.end_us < to_us and after.start_us > from_us:
            accounts += _explained(before.end_us, after.start_us, transitions)
        accounts.append(after)
    # A month of 64 cameras has thousands of accounts: only what reaches over an end is made anew (`replace` is slow).
    clipped = [
        account
        if from_us <= account.start_us and account.end_us <= to_us
        else Account(max(account.start_us, from_us), min(account.end_us, to_us), account.cause, account.detail)
        for account in accounts
        if account.start_us < to_us and account.end_us > from_us
    ]
    return _summed(_merged(clipped))


def known_spans(segments: Iterable[Span], deletions: Iterable[DeletedSpan]) -> list[Account]:
    """Recorded spans and those that are gone in order, without overlaps; holes within tolerance are closed.

    Recorded wins, then deleted: what was left out may have been kept after all, and deleted since.
    """
    spans = [(span.start_us, span.end_us, tolerance_us(span)) for span in sorted(segments)]
    recorded = _joined([span for span in spans if span[1] > span[0]])
    known = [Account(start_us, end_us, Cause.RECORDED) for start_us, end_us, _ in recorded]
    gone = sorted(deletions)
    for cause in _GONE:
        taken = sorted((account.start_us, account.end_us) for account in known)
        for start_us, end_us, _ in _joined([(span.start_us, span.end_us, 0) for span in gone if span.cause is cause]):
            known += _without(start_us, end_us, taken, cause)
    known.sort(key=lambda account: account.start_us)
    # Of what lay beside a deleted span the frame rate is no longer known: the widest tolerance holds there.
    for position, (before, after) in enumerate(pairwise(known)):
        is_beside = before.cause in _GONE or after.cause in _GONE
        if is_beside and after.start_us - before.end_us <= _MOST_TOLERANCE_US:
            known[position] = replace(before, end_us=after.start_us)
    return known


def tolerance_us(span: Span) -> int:
    """How far behind the span's end the next one may begin without a gap between them."""
    if span.frames <= 0:
        return LEAST_TOLERANCE_US
    frame_us = (span.end_us - span.start_us) // span.frames
    return min(max(TOLERATED_FRAMES * frame_us, LEAST_TOLERANCE_US), _MOST_TOLERANCE_US)


def _joined(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Sorted `(start, end, tolerance behind the end)` with those that touch within the tolerance made one."""
    result: list[tuple[int, int, int]] = []
    for start_us, end_us, tolerance_us in spans:
        if result and start_us - result[-1][1] <= result[-1][2]:
            first_us, last_us, behind_us = result[-1]
            result[-1] = (first_us, max(last_us, end_us), tolerance_us if end_us >= last_us else behind_us)
        else:
            result.append((start_us, end_us, tolerance_us))
    return result


def _without(start_us: int, end_us: int, taken: list[tuple[int, int]], cause: Cause) -> list[Account]:
    """What of a span that is gone isn't recorded (again), or gone for another cause; `taken`: in order, apart."""
    result = []
    # Of mode motion a month has tens of thousands of both.
    for number in range(bisect_right(taken, start_us, key=itemgetter(1)), len(taken)):
        first_us, last_us = taken[number]
        if first_us >= end_us:
            break
        if first_us > start_us:
            result.append(Account(start_us, first_us, cause))
        start_us = last_us
    if start_us < end_us:
        result.append(Account(start_us, end_us, cause))
    return result


def _explained(start_us: int, end_us: int, transitions: Sequence[Transition]) -> list[Account]:
    """The causes of a gap. What was told as recording takes the cause that was noticed next, else the one before."""
    # A camera that comes and goes each minute has as many gaps as transitions: only a gap's own are looked at.
    first = bisect_right(transitions, start_us, key=_since_us)
    end = bisect_left(transitions, end_us, first, key=_since_us)
    holding = transitions[first - 1] if first else Transition("", start_us, Cause.UNKNOWN)
    told = [holding, *transitions[first:end]]
    edges_us = [start_us, *(transition.since_us for transition in told[1:]), end_us]
    accounts = [
        Account(since_us, until_us, transition.cause, transition.detail)
        for transition, (since_us, until_us) in zip(told, pairwise(edges_us), strict=True)
        if until_us > since_us
    ]
    return _reconsidered(accounts)


def _reconsidered(accounts: list[Account]) -> list[Account]:
    if len(accounts) == 1 and accounts[0].cause == Cause.RECORDED:
        # Nothing was noticed before, meanwhile or afterwards: one segment ends with its last frame, whose duration is
        # a guess, and the other begins when the camera goes on.
        only = accounts[0]
        is_pause = only.end_us - only.start_us <= PAUSE_US
        cause, detail = (Cause.STALLED, _PAUSED) if is_pause else (Cause.FAULT, _LOST)
        return [Account(only.start_us, only.end_us, cause, detail)]
    noticed_later: list[Account | None] = []
    other: Account | None = None
    for account in reversed(accounts):
        noticed_later.append(other)
        other = account if account.cause != Cause.RECORDED else other
    result = []
    other = None
    for account, later in zip(accounts, reversed(noticed_later), strict=True):
        if account.cause != Cause.RECORDED:
            other = account
            result.append(account)
            continue
        length_us = account.end_us - account.start_us
        is_late, is_early = length_us <= LATE_NOTICE_US, length_us <= EARLY_NOTICE_US
        source = (later if is_late else None) or (other if is_early else None)
        cause, detail = (source.cause, source.detail) if source else (Cause.FAULT, _LOST)
        result.append(Account(account.start_us, account.end_us, cause, detail))
    return result


def _merged(accounts: list[Account]) -> list[Account]:
    result: list[Account] = []
    for account in accounts:
        if account.end_us <= account.start_us:
            continue
        if result and (result[-1].cause, result[-1].detail) == (account.cause, account.detail):
            result[-1] = replace(result[-1], end_us=account.end_us)
        else:
            result.append(account)
    return result


def _summed(accounts: list[Account]) -> Coverage:
    sums_us: dict[Cause, int] = {}
    for account in accounts:
        sums_us[account.cause] = sums_us.get(account.cause, 0) + account.end_us - account.start_us
    return Coverage(tuple(accounts), sums_us)
