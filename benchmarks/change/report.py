"""What came out, as tables."""

from collections.abc import Sequence
from statistics import median

from benchmarks.change.score import Verdict, by_difficulty
from benchmarks.table import Row

_LEAST_RIGHT, _MOST_FALSE = 0.95, 0.05
_DAY_S = 2.0
DAY_MINUTES = 1440


def rows(verdicts: Sequence[Verdict]) -> list[Row]:
    """The sums, then each difficulty."""
    truths = sum(len(one.case.truths) for one in verdicts)
    hits = [hit for one in verdicts for hit in one.hits]
    right = sum(hit.to_keyframe for hit in hits)
    answers, false = sum(one.answers for one in verdicts), sum(len(one.false) for one in verdicts)
    calm = [one for one in verdicts if not one.case.truths]
    whole = sum(one.is_right for one in verdicts)
    days = [one for one in verdicts if one.case.minutes == DAY_MINUTES]
    errors = sorted(hit.error_us / 1e6 for hit in hits)
    made = [
        Row("cases; changes in them", f"{len(verdicts)}; {truths}"),
        Row(
            "changes found, right to the keyframe",
            f"{right} of {truths}, {_percent(right, truths)}",
            f"≥ {_LEAST_RIGHT:.0%}",
            right >= _LEAST_RIGHT * truths,
        ),
        Row("changes found within a minute (recall)", f"{len(hits)} of {truths}, {_percent(len(hits), truths)}"),
        Row("right to the frame", f"{sum(hit.to_frame for hit in hits)} of {truths}"),
        Row("what kind of change is told rightly", f"{_kinds(verdicts)} of {len(hits)}"),
        Row(
            "false answers, of all answers",
            f"{false} of {answers}, {_percent(false, answers)}",
            f"< {_MOST_FALSE:.0%}",
            false < _MOST_FALSE * answers or not false,
        ),
        Row("cases in which nothing stays, with an answer", f"{sum(bool(one.false) for one in calm)} of {len(calm)}"),
        Row("cases that are right in everything", f"{whole} of {len(verdicts)}, {_percent(whole, len(verdicts))}"),
    ]
    if errors:
        made.append(Row("error of time: median; 95 %; most", "; ".join(f"{one:.2f} s" for one in _spread(errors))))
    for day in days:
        made.append(
            Row(
                f"one camera-day ({day.case.name}): time; CPU; memory",
                f"{day.seconds:.2f} s; {day.cpu_s:.2f} s; {day.memory_mb:.0f} MB",
                f"≤ {_DAY_S:.0f} s",
                day.seconds <= _DAY_S,
            )
        )
    hours = [one.seconds for one in verdicts if one not in days]
    if hours:
        made.append(
            Row("the others, of an hour or less: time, median; most", f"{median(hours):.2f}; {max(hours):.2f} s")
        )
    for name, group in by_difficulty(verdicts).items():
        told = sum(len(one.case.truths) for one in group)
        good, wrong = sum(one.right for one in group), sum(len(one.false) for one in group)
        made.append(Row(name, f"{good} of {told} right, {wrong} false"))
    return made


def in_a_row(what: str, verdicts: Sequence[Verdict]) -> Row:
    """The sums of another method."""
    truths, found = sum(len(one.case.truths) for one in verdicts), sum(len(one.hits) for one in verdicts)
    right, false = sum(one.right for one in verdicts), sum(len(one.false) for one in verdicts)
    answers = sum(one.answers for one in verdicts)
    return Row(
        what, f"{found} of {truths} within a minute, {right} to the keyframe, {false} of {answers} answers false"
    )


def line(verdict: Verdict) -> str:
    """One case, for whoever works on a method."""
    word = "ok   " if verdict.is_right else "WRONG"
    parts = [
        f"{hit.truth.kind} {hit.error_us / 1e6:+.1f} s{'' if hit.to_keyframe else ' NOT TO THE KEYFRAME'}"
        f"{'' if hit.answer.kind == hit.truth.kind else f' called {hit.answer.kind}'} ({hit.answer.confidence:.2f})"
        for hit in verdict.hits
    ]
    parts += [f"MISSED {one.kind} at {one.latest_s:.0f} s" for one in verdict.missed]
    parts += [
        f"FALSE {one.kind} ({one.confidence:.2f}) at {_second(verdict, one.at_us):.0f} s" for one in verdict.false
    ]
    parts += [verdict.problem] if verdict.problem else []
    return f"{word} {verdict.case.name}: {'; '.join(parts) or 'no answer'} [{verdict.seconds:.2f} s]"


def _second(verdict: Verdict, at_us: int) -> float:
    return (at_us - verdict.start_us) / 1e6


def _kinds(verdicts: Sequence[Verdict]) -> int:
    return sum(hit.answer.kind == hit.truth.kind for one in verdicts for hit in one.hits)


def _spread(ordered: Sequence[float]) -> tuple[float, float, float]:
    return median(ordered), ordered[round(0.95 * (len(ordered) - 1))], ordered[-1]


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"
