"""What a camera does wrong, and what PyNVR is to say of it: one list for all tests that cause it."""

from dataclasses import dataclass

from pynvr.model.cause import Cause
from pynvr.simulator.faults import (
    CodecChange,
    Drop,
    Fault,
    Garbage,
    NoAnswer,
    NotFound,
    PacketLoss,
    Refuse,
    Reset,
    ResolutionChange,
    Stall,
    StandingTimestamps,
    TimestampJump,
    WrongPassword,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`cause` and `words`: of what is said; no cause = recording goes on through it.

    `passes`: it is over at once, so that the status may miss it; the log tells. `at_connecting`: met by who connects.
    `exact`: no frame is lost by it. `spoils`: frames come other than they are.
    """

    name: str
    fault: Fault
    cause: Cause | None = None
    words: str = ""
    passes: bool = False
    at_connecting: bool = False
    exact: bool = False
    spoils: bool = False


STALLS = Trouble("stalls", Stall(), Cause.STALLED, "no video for")
RESETS = Trouble("resets the connection", Reset(), Cause.STALLED, passes=True)
CLOSES = Trouble("closes the connection", Drop(), Cause.STALLED, "ended the stream", passes=True)
REFUSES = Trouble("refuses connections", Refuse(), Cause.UNREACHABLE, "connection refused")
WRONG_PASSWORD = Trouble("answers 401", WrongPassword(), Cause.REFUSED, "401: wrong user", at_connecting=True)
NOT_FOUND = Trouble("answers 404", NotFound(), Cause.REFUSED, "404", at_connecting=True)
NEVER_ANSWERS = Trouble("never answers", NoAnswer(), Cause.STALLED, "connected, but no video for", at_connecting=True)
GARBAGE = Trouble("sends garbage in its packets", Garbage(), spoils=True)
GARBAGE_BETWEEN = Trouble("sends garbage between its packets", Garbage(framing=True), spoils=True)
SET_BACK = Trouble("sets its time back an hour", TimestampJump(seconds=-3600), exact=True)
SET_FORWARD = Trouble("sets its time forward two hours", TimestampJump(seconds=7200), exact=True)
STANDING = Trouble("sends times that stand still", StandingTimestamps(), exact=True)
RESIZES = Trouble("changes its picture's size", ResolutionChange(width=192, height=144), exact=True)
# The first packets of the new codec come under the name of the old one, and are taken for what they are not.
CHANGES_CODEC = Trouble("changes its codec and hangs up", CodecChange(codec="hevc"), spoils=True)
CHANGES_CODEC_AT_ONCE = Trouble(
    "changes its codec in the middle", CodecChange(codec="hevc", reconnect=False), spoils=True
)
LOSES_PACKETS = Trouble("loses packets", PacketLoss(share=0.05), spoils=True)

TROUBLES = (
    STALLS,
    RESETS,
    CLOSES,
    REFUSES,
    WRONG_PASSWORD,
    NOT_FOUND,
    NEVER_ANSWERS,
    GARBAGE,
    GARBAGE_BETWEEN,
    SET_BACK,
    SET_FORWARD,
    STANDING,
    RESIZES,
    CHANGES_CODEC,
    CHANGES_CODEC_AT_ONCE,
    LOSES_PACKETS,
)
