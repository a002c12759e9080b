"""How long to wait before a target is tried again. Pure."""

FIRST_S = 5.0
LONGEST_S = 300.0
# Share by which a delay varies by chance, so that targets behind one connection don't come back in step.
JITTER = 0.2


def delay_s(failures: int, chance: float, asked_s: float | None = None) -> float:
    """After so many failures in a row; `chance` from 0 to 1; `asked_s`: what the receiver asked for, at least."""
    usual_s = min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 30))
    return max(usual_s * (1 + JITTER * (2 * chance - 1)), asked_s or 0.0)
