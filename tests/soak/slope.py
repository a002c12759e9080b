"""Does a figure grow? A line through its samples, and how sure its slope is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean


@dataclass(frozen=True)
class Slope:
    """Of a figure against hours. `error`: one standard error of `per_hour`."""

    mean: float
    per_hour: float
    error: float

    def grows(self, share: float, of: float | None = None) -> bool:
        """More in an hour than this share of its mean (or `of` that), and by more than chance (2 standard errors)."""
        return self.per_hour - 2 * self.error > 0 and self.per_hour > share * (self.mean if of is None else of)


def fit(hours: Sequence[float], values: Sequence[float]) -> Slope:
    """The least squares' line.

    Samples shortly after each other resemble each other, so they are worth fewer: the error is widened by
    sqrt((1 + r) / (1 - r)), r the correlation of a residual with the one before it.
    """
    mean_h, mean = fmean(hours), fmean(values)
    spread = sum((hour - mean_h) ** 2 for hour in hours)
    if len(hours) < 3 or not spread:
        return Slope(mean, 0.0, float("inf"))
    per_hour = sum((hour - mean_h) * (value - mean) for hour, value in zip(hours, values, strict=True)) / spread
    rests = [value - mean - per_hour * (hour - mean_h) for hour, value in zip(hours, values, strict=True)]
    squares = sum(rest * rest for rest in rests)
    error = sqrt(squares / (len(rests) - 2) / spread)
    if not squares:
        return Slope(mean, per_hour, 0.0)
    likeness = sum(one * other for one, other in pairwise(rests)) / squares
    likeness = min(max(likeness, 0.0), 0.99)
    return Slope(mean, per_hour, error * sqrt((1 + likeness) / (1 - likeness)))
