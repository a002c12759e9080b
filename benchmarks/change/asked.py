"""`python -m benchmarks change`: the cases held back, each asked once with nothing of it in the system's cache."""

from benchmarks.change import held
from benchmarks.change.method import pynvr
from benchmarks.change.recorded import recorded
from benchmarks.change.report import rows as rows_of
from benchmarks.change.score import judge
from benchmarks.table import Row


def rows() -> list[Row]:
    return rows_of([judge(recorded(case), pynvr, cold=True) for case in held.cases()])
