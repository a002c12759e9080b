"""When a parcel lies in a scene, and where walks who brings or fetches it. Times are since somebody first watched."""

from dataclasses import dataclass

from pynvr.simulator.camera import Delivery

# Shares of the picture's width: where the parcel lies, and how far from their middle somebody holds it.
PLACE = 0.6
REACH = 0.05
_SPEED = 0.08  # a second
# So far beyond an edge nobody is seen.
_OUTSIDE = 0.2
# Who puts it down or takes it up stands still for so long before and after; for a part of that it is on its way.
_BENDS_S = 0.8
_LOWERS_S = 0.5


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody who brings or fetches the parcel.

    `at`: their middle, as a share of the picture's width; `facing`: 1 = to the right, -1 = to the left. `lifted`: how
    high they hold the parcel, from 0 = on the ground to 1; None = they don't hold it.
    """

    at: float
    facing: int
    is_walking: bool
    lifted: float | None


def lies_there(delivery: Delivery, since_s: float) -> bool:
    """Whether the parcel lies on the ground."""
    after_s = since_s - delivery.first_s
    return after_s >= 0 and after_s % delivery.every_s < delivery.stays_s


def carrier_at(delivery: Delivery, since_s: float) -> Carrier | None:
    """Whoever brings or fetches the parcel, as long as they are in the picture: both walk through it."""
    after_s = _nearest(since_s - delivery.first_s, delivery.every_s)
    brings = _carrier(after_s, facing=1, holds=after_s < 0)
    after_s = _nearest(since_s - delivery.first_s - delivery.stays_s, delivery.every_s)
    return brings or _carrier(after_s, facing=-1, holds=after_s >= 0)


def _nearest(after_s: float, every_s: float) -> float:
    """Seconds after the nearest time at which it happens, of those from 0 on; negative before it."""
    return after_s - max(0, round(after_s / every_s)) * every_s


def _carrier(after_s: float, facing: int, holds: bool) -> Carrier | None:
    walked = max(0.0, abs(after_s) - _BENDS_S) * _SPEED
    at = PLACE - facing * REACH + (facing if after_s > 0 else -facing) * walked
    if not -_OUTSIDE < at < 1 + _OUTSIDE:
        return None
    return Carrier(at, facing, walked > 0, min(1.0, abs(after_s) / _LOWERS_S) if holds else None)
