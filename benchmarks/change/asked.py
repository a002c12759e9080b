"""`python -m benchmarks change`: the cases held back, each asked once with nothing of it in the system's cache."""

from benchmarks.change import held, tuning
from benchmarks.change.method import pynvr
from benchmarks.change.plain import last_difference
from benchmarks.change.recorded import recorded
from benchmarks.change.report import DAY_MINUTES, in_a_row
from benchmarks.change.report import rows as rows_of
from benchmarks.change.score import judge
from benchmarks.table import Row


def day() -> list[Row]:
    """How long a camera-day takes, one for tuning: whether it is found there is asked of the cases held back."""
    verdicts = [judge(recorded(case), pynvr, cold=True) for case in tuning.cases() if case.minutes == DAY_MINUTES]
    return [row for row in rows_of(verdicts) if row.what.startswith("one camera-day")]


def rows() -> list[Row]:
    cases = held.cases()
    judge(recorded(cases[0]), pynvr)  # so that no case is charged with loading numpy
    found = [judge(recorded(case), pynvr, cold=True) for case in cases]
    peer = [judge(recorded(case), last_difference) for case in cases]
    return [*rows_of(found), in_a_row("for comparison: plain difference of the minutes' signatures", peer)]
