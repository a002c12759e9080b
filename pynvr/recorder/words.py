"""The beats of a recorder: its state in the form that the master and the pages read."""

from pynvr.base.heart import Beat
from pynvr.base.redaction import redact
from pynvr.model.cause import Cause
from pynvr.model.frame import VIDEO_TRACK
from pynvr.model.settings import Camera
from pynvr.recorder.session import Session
from pynvr.recorder.tally import Tally

# Added to the longest time that the recorder knows it may be silent.
MARGIN_S = 10.0
# The resolver can't be told to hurry: three servers that don't answer, asked twice for 5 s, for the stream and for why
# it can't be opened.
_RESOLVER_S = 60.0
# Without a keyframe for so long, the camera isn't just starting.
_PATIENT_S = 30.0


def connecting(camera: Camera, cause: str, detail: str) -> Beat:
    """While libav opens the stream, in which the time allowed runs twice: for the connection and for its first packet.

    `cause`, `detail`: why nothing is recorded, from the failure before, if there was one.
    """
    within_s = 2 * camera.initial_timeout_s + _RESOLVER_S + MARGIN_S
    return Beat("connecting", within_s, cause or Cause.STARTING, redact(detail))


def waiting(cause: str, detail: str, figures: dict[str, float]) -> Beat:
    return Beat("waiting", MARGIN_S, cause, redact(detail), figures)


def idle(cause: str, detail: str) -> Beat:
    return Beat("idle", MARGIN_S, cause, detail)


def running(session: Session, camera: Camera, tally: Tally, now_s: float) -> Beat:
    """While packets come."""
    begun = session.recorded_since_s is not None
    within_s = max(camera.frame_timeout_s, 0 if begun else camera.initial_timeout_s) + MARGIN_S
    figures = tally.figures(now_s) | session.feed.figures()
    clock = session.clocks[VIDEO_TRACK]
    figures |= {"drift_ppm": round(clock.drift_ppm(), 1), "drift_over_s": round(clock.drift_over_s())}
    facts = session.facts()
    if session.cutter.is_recording:
        return Beat("recording", within_s, "", "", figures, facts)
    window = session.cutter.window
    if window is not None and not window.is_on:
        return Beat("idle", within_s, window.cause, "", figures, facts)
    if session.disk_failure is not None:
        return Beat("waiting", within_s, session.disk_failure.cause, str(session.disk_failure), figures, facts)
    waited_s = session.waited_s()
    if waited_s < _PATIENT_S:
        return Beat("connecting", within_s, Cause.STARTING, "waiting for the first keyframe", figures, facts)
    detail = f"connected, but no usable keyframe for {waited_s:.0f} s"
    return Beat("connecting", within_s, Cause.UNUSABLE, detail, figures, facts)
