"""Ticks of one clock in those of another, and in microseconds; rounded half up, so that all tell a time alike."""

MICROSECONDS = 1_000_000


def rescaled(value: int, to: int, base: int) -> int:
    """Ticks of a clock of `base` a second in ticks of one of `to` a second."""
    return (2 * value * to + base) // (2 * base)


def to_us(ticks: int, timescale: int) -> int:
    """Ticks in microseconds."""
    return rescaled(ticks, MICROSECONDS, timescale)


def to_ticks(time_us: int, timescale: int) -> int:
    """Microseconds in ticks."""
    return rescaled(time_us, timescale, MICROSECONDS)
