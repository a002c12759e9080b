"""A method's answers beside what is true."""

import os
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.change.case import Case, Truth
from benchmarks.change.drawing import way_of
from benchmarks.change.recorded import Recording

# An answer that misses a change by less shows it still, to whoever looks; it isn't right, but isn't false either.
_NEAR_US = 60_000_000
_ROUNDING_US = 1000
# As `things` draws them.
_WIDTH_OF_HEIGHT = {"person": 0.6, "car": 2.5}


@dataclass(frozen=True)
class Answer:
    """One moment a method gives."""

    at_us: int
    kind: str = ""
    confidence: float = 1.0


Method = Callable[[Recording], Sequence[Answer]]


@dataclass(frozen=True)
class Hit:
    """A change and the answer that is nearest to it.

    `error_us`: how far the answer lies outside of the time in which the change could be seen coming about.
    `to_keyframe`: no keyframe lies between the answer and that time. `to_frame`: no frame does.
    """

    truth: Truth
    answer: Answer
    error_us: int
    to_keyframe: bool
    to_frame: bool


@dataclass(frozen=True)
class Verdict:
    """`false`: answers near no change, or the second near one. `seconds`, `cpu_s`: it took; `memory_mb`: at most,
    beyond what there was before."""

    case: Case
    start_us: int
    hits: tuple[Hit, ...]
    missed: tuple[Truth, ...]
    false: tuple[Answer, ...]
    seconds: float
    cpu_s: float
    memory_mb: float
    problem: str = ""

    @property
    def right(self) -> int:
        return sum(hit.to_keyframe for hit in self.hits)

    @property
    def answers(self) -> int:
        return len(self.hits) + len(self.false)

    @property
    def is_right(self) -> bool:
        """Every change to the keyframe, and nothing else."""
        return self.right == len(self.case.truths) and not self.false


def judged(recording: Recording, answers: Sequence[Answer]) -> tuple[list[Hit], list[Truth], list[Answer]]:
    """Hits, missed changes and false answers."""
    pairs = sorted(
        (
            (_outside_us(recording, truth, answer.at_us), number, which)
            for number, truth in enumerate(recording.case.truths)
            for which, answer in enumerate(answers)
        ),
    )
    taken: dict[int, tuple[int, int]] = {}
    used: set[int] = set()
    for error_us, number, which in pairs:
        if error_us <= _NEAR_US and number not in taken and which not in used:
            taken[number] = which, error_us
            used.add(which)
    truths = recording.case.truths
    hits = [
        _hit(recording, truths[number], answers[which], error_us) for number, (which, error_us) in sorted(taken.items())
    ]
    missed = [truth for number, truth in enumerate(truths) if number not in taken]
    return hits, missed, [answer for which, answer in enumerate(answers) if which not in used]


def judge(recording: Recording, method: Method, cold: bool = False) -> Verdict:
    """Ask the method and judge it. `cold`: nothing of the recording is in the system's cache when it begins."""
    if cold:
        forget(recording.config.parent)
    before_mb = _begin_peak()
    started, cpu = time.perf_counter(), time.process_time()
    problem = ""
    answers: Sequence[Answer] = ()
    try:
        answers = method(recording)
    except Exception as err:  # one that fails is judged as one that doesn't answer, and named
        problem = f"{type(err).__name__}: {err}"
    seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    hits, missed, false = judged(recording, answers)
    memory_mb = max(0.0, _memory_mb("VmHWM") - before_mb)
    return Verdict(
        recording.case,
        recording.start_us,
        tuple(hits),
        tuple(missed),
        tuple(false),
        seconds,
        cpu_s,
        memory_mb,
        problem,
    )


def forget(folder: Path) -> None:
    """Let the system forget what it holds of these files."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file():
            fd = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(fd)


def by_difficulty(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.case.difficulty, []).append(verdict)
    return groups


def _hit(recording: Recording, truth: Truth, answer: Answer, error_us: int) -> Hit:
    return Hit(
        truth,
        answer,
        error_us,
        _within(recording.keyframes_us, recording, truth, answer.at_us),
        _within(recording.frames_us, recording, truth, answer.at_us),
    )


def _outside_us(recording: Recording, truth: Truth, at_us: int) -> int:
    first, last = recording.at_us(truth.earliest_s), recording.at_us(truth.latest_s)
    return max(first - at_us, at_us - last, 0)


def _within(times_us: Sequence[int], recording: Recording, truth: Truth, at_us: int) -> bool:
    """From the last of these times before the change to the first behind it at which one can see the place."""
    first, last = recording.at_us(truth.earliest_s), recording.at_us(truth.latest_s)
    lower = times_us[max(0, bisect_right(times_us, first) - 1)]
    behind = times_us[bisect_left(times_us, last) :]
    upper = next((one for one in behind if not _is_hidden(recording, one)), recording.end_us)
    return lower - _ROUNDING_US <= at_us <= upper + _ROUNDING_US


def _is_hidden(recording: Recording, at_us: int) -> bool:
    """Passers cover more than a third of the box. (Of real footage it isn't known who passes.)"""
    case, at_s = recording.case, (at_us - recording.start_us) / 1e6
    x, y, width, height = case.box
    covered = 0.0
    for passer in case.script.passers:
        if not passer.from_s <= at_s < passer.to_s:
            continue
        shape = _WIDTH_OF_HEIGHT[passer.kind] * passer.height * case.size[1] / case.size[0]
        left = way_of(passer, at_s)[0] * (1 + shape) - shape
        across = max(0.0, min(x + width, left + shape) - max(x, left))
        down = max(0.0, min(y + height, passer.y) - max(y, passer.y - passer.height))
        covered += across * down
    return covered > width * height / 3


def _begin_peak() -> float:
    """Memory in use now; from here on the kernel's peak counts anew."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass
    return _memory_mb("VmRSS")


def _memory_mb(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0
