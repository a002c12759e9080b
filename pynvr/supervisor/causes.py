"""Why each camera is or isn't recorded: beats and deaths → transitions for the journal."""

from pynvr.base.heart import Beat
from pynvr.model.cause import DELAYED, NOT_STOPPED, PAUSED, Cause, Transition
from pynvr.supervisor.clock_steps import Skipped

# A sentence that changes while the cause stays is written this often at most; the status has it at once.
_SAME_CAUSE_US = 60_000_000


class CauseBook:
    """What holds for each camera now, and the transitions that aren't in the journal yet, in order."""

    def __init__(self) -> None:
        self.holding: dict[str, Transition] = {}
        self.pending: list[Transition] = []
        self._written: dict[str, Transition] = {}
        self._pauses_us: dict[str, tuple[int, int]] = {}  # the last one of each camera

    def note(self, camera_id: str, cause: Cause, detail: str, at_us: int, since_us: int | None = None) -> bool:
        """From `since_us` (else `at_us`) on this holds; true if the cause is another than before."""
        detail = "" if cause is Cause.RECORDED else detail
        old = self.holding.get(camera_id)
        changed = old is None or old.cause is not cause
        if old is not None and not changed:
            if old.detail == detail:
                return False
            self.holding[camera_id] = Transition(camera_id, old.since_us, cause, detail)
            if at_us - self._written[camera_id].since_us >= _SAME_CAUSE_US:
                self._write(Transition(camera_id, at_us, cause, detail))
            return False
        if since_us is None or not (old is None or old.since_us < since_us) or since_us > at_us:
            since_us = at_us
        self.holding[camera_id] = Transition(camera_id, since_us, cause, detail)
        self._write(self.holding[camera_id])
        return changed

    def note_gap(self, camera_id: str, from_us: int, to_us: int) -> None:
        """PyNVR wasn't running in that time; what holds from its end on is noted next."""
        if from_us < to_us:
            self._write(Transition(camera_id, from_us, Cause.NOT_RUNNING, NOT_STOPPED))

    def note_skipped(self, skipped: Skipped) -> None:
        """The wall clock skipped this time: what was being recorded isn't missing, for there was nothing to record."""
        for holding in list(self.holding.values()):
            if holding.cause is Cause.RECORDED:
                self._write(Transition(holding.camera_id, skipped.from_us, skipped.cause, skipped.detail))
                self._write(Transition(holding.camera_id, skipped.to_us, Cause.RECORDED))

    def note_pause(self, camera_id: str, from_us: int, to_us: int, is_delay: bool = False) -> None:
        """The camera sent nothing in that time, and is recorded as before; the same may be told again and again.

        `is_delay`: it sent all along, and what it sends is dated so much later from then on.
        """
        holding = self.holding.get(camera_id)
        if holding is None or holding.cause is not Cause.RECORDED or self._pauses_us.get(camera_id) == (from_us, to_us):
            return
        self._pauses_us[camera_id] = (from_us, to_us)
        seconds = f"{(to_us - from_us) / 1e6:.1f} s"
        later = f"the video comes later than before and is dated anew, {seconds} behind: none of it is missing"
        detail = later if is_delay else f"no video came for {seconds}"
        self._write(Transition(camera_id, from_us, Cause.STALLED, detail))
        self._write(Transition(camera_id, to_us, Cause.RECORDED))

    def forget(self, camera_id: str) -> None:
        """The camera isn't configured any more."""
        self._pauses_us.pop(camera_id, None)
        self.holding.pop(camera_id, None)
        self._written.pop(camera_id, None)

    def _write(self, transition: Transition) -> None:
        self._written[transition.camera_id] = transition
        self.pending.append(transition)


def cause_in(beat: Beat) -> Cause:
    """What a recorder's beat says."""
    if not beat.cause:
        return Cause.RECORDED if beat.state == "recording" else Cause.STARTING
    try:
        return Cause(beat.cause)
    except ValueError:
        return Cause.FAULT


def last_frame_us(beat: Beat | None) -> int | None:
    """When the last frame came that the beat knows of: from then on nothing was recorded."""
    at_us = beat.figures.get("last_frame_us", 0) if beat is not None else 0
    return int(at_us) or None


def pause_us(beat: Beat) -> tuple[int, int] | None:
    """From when to when the camera last sent nothing while one segment ended and the next began."""
    return _hole_us(beat, PAUSED)


def delay_us(beat: Beat) -> tuple[int, int] | None:
    """From when to when nothing is dated because the camera's video comes later than before."""
    return _hole_us(beat, DELAYED)


def _hole_us(beat: Beat, names: tuple[str, str]) -> tuple[int, int] | None:
    from_us, to_us = (int(beat.figures.get(name, 0)) for name in names)
    return (from_us, to_us) if 0 < from_us < to_us else None
