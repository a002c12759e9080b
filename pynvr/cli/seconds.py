"""Durations as options take them."""

import math
from typing import Any

import click


class Seconds(click.FloatRange):
    """Seconds within bounds; `nan`, which lies within any, isn't."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__(least, most)

    # Any: what click hands over, text or a default
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"{value!r} is no number of seconds.", param, ctx)
        return seconds
