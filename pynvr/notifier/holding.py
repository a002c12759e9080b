"""For how long trouble lasts, and what else is. Pure.

Trouble that comes back soon is the same trouble. A process that keeps dying is started again and again, and each time
nothing is known of it for a moment, or it is even well; who waits for a trouble to last would never hear of that one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pynvr.notifier.conditions import Condition, Standing

# An end that lasts for so long is one; those that come together are told together.
WELL_AFTER_S = 3.0
# Of what died: a good minute, as for its next start.
_GOOD_RUN_S = 60.0
# What nothing is known of for so long begins anew; between two lives of a process it is less.
_FORGOTTEN_AFTER_S = 120.0


@dataclass(frozen=True, slots=True)
class _Trouble:
    since_s: float
    died: bool


@dataclass(frozen=True, slots=True)
class _Held:
    """`trouble`: the one that holds, or may come back."""

    standing: Standing
    since_s: float
    trouble: _Trouble | None


class Holding:
    """Since when each subject stands as it does, on the monotonic clock: the wall clock may be set."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    def follow(self, conditions: Mapping[str, Condition], now_s: float) -> dict[str, float]:
        """For how long each has stood so; of trouble: since when it holds or comes back."""
        before, self._held = self._held, {}
        for subject, condition in conditions.items():
            known = before.get(subject)
            self._held[subject] = _after(known, condition.standing, condition.died, now_s)
        for subject, known in before.items():
            # A part of the program that isn't spoken of is well, but may just be between two deaths.
            if subject not in conditions and subject.startswith("system "):
                held = _after(known, Standing.WELL, False, now_s)
                if held.trouble is not None:
                    self._held[subject] = held
        return {
            subject: now_s - (held.trouble.since_s if held.trouble and _is_troubled(held) else held.since_s)
            for subject, held in self._held.items()
            if subject in conditions
        }


def _after(known: _Held | None, standing: Standing, died: bool, now_s: float) -> _Held:
    trouble = None if known is None or _is_over(known, now_s) or standing is Standing.UNWANTED else known.trouble
    if standing is Standing.TROUBLED:
        began = trouble or _Trouble(now_s, died)
        trouble = _Trouble(began.since_s, began.died or died)
    is_same = known is not None and known.standing is standing
    return _Held(standing, known.since_s if known is not None and is_same else now_s, trouble)


def _is_over(known: _Held, now_s: float) -> bool:
    """Whether the trouble has been away for too long to be the same if it came back now."""
    if known.trouble is None or _is_troubled(known):
        return False
    well_s = _GOOD_RUN_S if known.trouble.died else WELL_AFTER_S
    return now_s - known.since_s >= (well_s if known.standing is Standing.WELL else _FORGOTTEN_AFTER_S)


def _is_troubled(held: _Held) -> bool:
    return held.standing is Standing.TROUBLED
