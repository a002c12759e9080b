"""Whether a recorder that says it records gets anything recorded: do its keyframes rise?"""

from dataclasses import dataclass, replace

from pynvr.base.heart import Beat

RECORDING = "recording"
SHORTEST_S = 60.0
INTERVALS = 3
# Keyframes may be minutes apart; until two have come nobody knows.
UNKNOWN_INTERVAL_S = 200.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the keyframes stood, and the usual time between them (None: not known yet). Seconds are monotonic."""

    keyframes: float = -1
    risen_s: float = 0.0
    interval_s: float | None = None


def followed(progress: Progress, beat: Beat, now_s: float) -> Progress:
    """The progress after a beat; a recorder that doesn't claim to record starts afresh, its interval is kept."""
    if beat.state != RECORDING:
        return Progress(interval_s=progress.interval_s)
    keyframes = beat.figures.get("keyframes", 0)
    if progress.keyframes < 0 or keyframes < progress.keyframes:
        return replace(progress, keyframes=keyframes, risen_s=now_s)
    rise = keyframes - progress.keyframes
    if rise == 0:
        return progress
    interval_s = (now_s - progress.risen_s) / rise
    usual_s = interval_s if progress.interval_s is None else 0.8 * progress.interval_s + 0.2 * interval_s
    return Progress(keyframes, now_s, usual_s)


def is_stuck(progress: Progress, now_s: float) -> bool:
    """Whether no keyframe has come for much longer than usual."""
    if progress.keyframes < 0:
        return False
    usual_s = UNKNOWN_INTERVAL_S if progress.interval_s is None else progress.interval_s
    return now_s - progress.risen_s > max(INTERVALS * usual_s, SHORTEST_S)
