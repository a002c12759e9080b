"""Restart policy: how a child ended, and after what delay another takes its place."""

from collections.abc import Mapping
from enum import StrEnum
from signal import Signals
from typing import NamedTuple

GOOD_RUN_S = 60.0
# A child is loaded and says its first word within this time, also on a machine that is busy starting a hundred. While
# nothing is recorded without it, nobody waits long; the others are of low priority, or load much.
FIRST_BEAT_WITHIN_S = 90.0
RECORDING_FIRST_BEAT_WITHIN_S = 30.0
_RECORDING = frozenset({"recorder", "preparation"})
# The machine may be slower than anybody thought, so each one that was killed in vain gets its follower more time.
_MOST_FIRST_BEAT_DOUBLINGS = 2
CANNOT_START_EXIT = 78  # EX_CONFIG of sysexits(3): trying again soon is of no use


class Ending(StrEnum):
    """How a child came to its end."""

    STOPPED = "stopped"  # it was told to
    ENDED = "ended"  # in order, but nobody asked
    DIED = "died"  # by a signal or an error
    CANNOT_START = "can't start"  # it said so itself
    HUNG = "hung"  # its beat was overdue
    NO_PROGRESS = "no progress"  # it beat, but got nothing done


class Delays(NamedTuple):
    """Seconds before the next start: the first time, and at most after doubling."""

    first_s: float
    longest_s: float


DELAYS: Mapping[Ending, Delays] = {
    Ending.STOPPED: Delays(0, 0),
    Ending.ENDED: Delays(1, 60),
    Ending.DIED: Delays(1, 60),
    Ending.CANNOT_START: Delays(60, 60),
    Ending.HUNG: Delays(1, 60),
    Ending.NO_PROGRESS: Delays(1, 60),
}


def ending_of(exit_code: int | None, asked: bool) -> Ending:
    """What the exit code means (negative: the signal; None: not known), for a child that was asked to stop or not."""
    if asked:
        return Ending.STOPPED
    if exit_code == 0:
        return Ending.ENDED
    return Ending.CANNOT_START if exit_code == CANNOT_START_EXIT else Ending.DIED


def failures_after(failures: int, ending: Ending, ran_s: float) -> int:
    """How many times in a row it has failed now; a good minute wipes the slate."""
    if ending is Ending.STOPPED:
        return 0
    return 1 if ran_s >= GOOD_RUN_S else failures + 1


def delay_s(failures: int, ending: Ending) -> float:
    """Seconds to wait before the next start, doubling with each failure in a row."""
    first_s, longest_s = DELAYS[ending]
    return min(longest_s, first_s * 2.0 ** min(failures - 1, 30)) if failures else first_s


def first_beat_within_s(kind: str, unheard: int = 0) -> float:
    """Seconds that a child of this kind has for its first beat, after `unheard` in a row were killed before theirs."""
    within_s = RECORDING_FIRST_BEAT_WITHIN_S if kind in _RECORDING else FIRST_BEAT_WITHIN_S
    return within_s * 2.0 ** min(unheard, _MOST_FIRST_BEAT_DOUBLINGS)


def in_words(ending: Ending, exit_code: int | None) -> str:
    """For people: `was killed by SIGSEGV`, `ended with exit code 1`, …"""
    match ending:
        case Ending.HUNG:
            return "hung and was killed"
        case Ending.NO_PROGRESS:
            return "got nothing recorded and was stopped"
        case Ending.CANNOT_START:
            return "can't start, its log tells why"
    if exit_code is None:
        return "died"
    if exit_code < 0:
        return f"was killed by {_signal_name(-exit_code)}"
    return f"ended with exit code {exit_code}"


def _signal_name(number: int) -> str:
    try:
        return Signals(number).name
    except ValueError:
        return f"signal {number}"
