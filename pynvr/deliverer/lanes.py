"""Whose turn it is at a target (one scheme, host and port), and when it is tried again. Pure; times are monotonic.

The oldest first. What fails because of the target holds up all that goes there; what fails because of the address (its
path, its login) holds up what goes to this address; what the receiver will never take holds up nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pynvr.model.incident import Incident, IncidentStatus
from pynvr.model.settings import Delivery


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident whose clip is to go to an address."""

    incident: Incident
    delivery: Delivery

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody wants it tried now, after it had failed (`Incident.retried`)."""
        return self.incident.status == IncidentStatus.EXTRACTED and self.incident.attempts > 0


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is tried before `again_s`. `delivery`: at whose turn it failed; `oldest_us`: since when that waits."""

    delivery: Delivery
    failures: int
    again_s: float
    reason: str
    oldest_us: int


@dataclass(frozen=True, slots=True)
class Lane:
    """How it goes with one target: as a whole, and with those of its addresses that take nothing."""

    down: Pause | None = None
    wrong: Mapping[Delivery, Pause] = field(default_factory=dict)

    @property
    def failures(self) -> int:
        return 0 if self.down is None else self.down.failures

    def failures_at(self, delivery: Delivery) -> int:
        return self.wrong[delivery].failures if delivery in self.wrong else 0

    def turn_of(self, waiting: Iterable[Waiting], now_s: float) -> Waiting | None:
        """The oldest that may be tried now; nobody overtakes but where an address takes nothing."""
        for one in sorted(waiting, key=lambda one: one.incident.id):
            wrong = self.wrong.get(one.delivery)
            if wrong is not None and now_s < wrong.again_s and not one.is_asked_for:
                continue
            is_down = self.down is not None and now_s < self.down.again_s
            # A new address at the same host may be the cure.
            is_same = self.down is not None and self.down.delivery == one.delivery
            return None if is_down and is_same and not one.is_asked_for else one
        return None

    def after_failure(self, one: Waiting, reason: str, again_s: float) -> "Lane":
        """It isn't there, or has a bad day."""
        return replace(self, down=_pause(one, self.failures, reason, again_s))

    def after_wrong_address(self, one: Waiting, reason: str, again_s: float) -> "Lane":
        """It is there, but not for this address."""
        pause = _pause(one, self.failures_at(one.delivery), reason, again_s)
        return Lane(wrong={**self.wrong, one.delivery: pause})

    def after_answer(self, one: Waiting) -> "Lane":
        """It took it, or will never take it: it is there, and the address is right."""
        return Lane(wrong={delivery: pause for delivery, pause in self.wrong.items() if delivery != one.delivery})

    def only_with(self, deliveries: Iterable[Delivery]) -> "Lane":
        """Without addresses to which nothing goes any more."""
        known = set(deliveries)
        gone = [delivery for delivery in self.wrong if delivery not in known]
        wrong = {delivery: pause for delivery, pause in self.wrong.items() if delivery in known} if gone else self.wrong
        return replace(self, wrong=wrong) if gone else self

    def reasons(self, waiting_since_us: int) -> list[str]:
        """Why clips that have waited since before that instant still do."""
        pauses = ([] if self.down is None else [self.down]) + list(self.wrong.values())
        return sorted({pause.reason for pause in pauses if pause.oldest_us < waiting_since_us})


def _pause(one: Waiting, failures: int, reason: str, again_s: float) -> Pause:
    since_us = one.incident.extracted_us or one.incident.created_us
    return Pause(one.delivery, failures + 1, again_s, reason, since_us)
