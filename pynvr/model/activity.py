"""Activity without decoding: how much larger a second's inter frames are than the camera's usual ones.

An encoder spends bytes on what changes. The usual is kept as a logarithm, for bit rates differ by factors, and follows
slowly, so that dusk or another bit rate becomes usual within an hour while a visitor stays unusual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log2
from statistics import median

from pynvr.model.ticks import MICROSECONDS

# Activity is full at three doublings above what is usual.
_FULL_DOUBLINGS = 3.0
# What a quiet scene's noise makes of the size, at least.
_LEAST_NOISE = 0.1
# From the median absolute deviation to a bound that quiet seconds rarely pass (1.48 for sigma, twice).
_NOISE_FACTOR = 3.0
# Shares of the distance to a new minute that the usual goes: quickly down to quiet, slowly up.
_DOWN, _UP = 1 / 4, 1 / 20
_A_MINUTE_S = 60
# Of a segment, told; a damaged file may say that it lasts for years.
_LONGEST_S = 2 * 86_400


@dataclass(frozen=True, slots=True)
class Usual:
    """A camera's usual inter frame. `level`: log2 of its bytes; `noise`: in doublings; `seconds`: seen so far."""

    level: float
    noise: float
    seconds: int


def loads(times_us: Sequence[int], sizes: Sequence[int], keyframes: Sequence[int], length_us: int) -> list[float]:
    """Mean bytes of the inter frames of each second, of two days at most; 0 for a second that has none.

    `times_us`: of each frame, relative to the segment's start; `keyframes`: their indices; `length_us`: of the segment.
    """
    seconds = min(max(1, ceil(length_us / MICROSECONDS)), _LONGEST_S)
    totals, counts = [0] * seconds, [0] * seconds
    keys = set(keyframes)
    for number, (time_us, size) in enumerate(zip(times_us, sizes, strict=True)):
        if number not in keys:
            second = min(max(time_us // MICROSECONDS, 0), seconds - 1)
            totals[second] += size
            counts[second] += 1
    return [total / count if count else 0.0 for total, count in zip(totals, counts, strict=True)]


def activity(second_loads: Sequence[float], usual: Usual | None) -> bytes:
    """One byte a second, 0 (usual or less) to 255 (eight times the usual or more); empty if no frame tells.

    Without a usual the segment is held against itself.
    """
    usual = usual or learned(None, second_loads)
    if usual is None:
        return b""
    quiet = usual.level + usual.noise
    return bytes(_scaled((log2(load) - quiet) / _FULL_DOUBLINGS) if load else 0 for load in second_loads)


def learned(usual: Usual | None, second_loads: Sequence[float]) -> Usual | None:
    """The usual after these seconds too; unchanged by a segment without inter frames."""
    levels = [log2(load) for load in second_loads if load]
    if not levels:
        return usual
    level = median(levels)
    noise = max(_LEAST_NOISE, _NOISE_FACTOR * median(abs(value - level) for value in levels))
    if usual is None:
        return Usual(level, noise, len(levels))
    seconds = usual.seconds + len(levels)
    minutes = len(levels) / _A_MINUTE_S
    # In the first minutes each one counts alike.
    alike = len(levels) / seconds
    rate = max(alike, _share(_DOWN if level < usual.level else _UP, minutes))
    noise_rate = max(alike, _share(_UP, minutes))
    return Usual(usual.level + rate * (level - usual.level), usual.noise + noise_rate * (noise - usual.noise), seconds)


def _share(of_a_minute: float, minutes: float) -> float:
    return float(1 - (1 - of_a_minute) ** minutes)


def _scaled(share: float) -> int:
    return round(255 * min(max(share, 0.0), 1.0))
