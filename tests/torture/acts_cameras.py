"""Whatever a camera does wrong."""

from collections.abc import Callable
from dataclasses import dataclass

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
from tests.torture.act import Act, Scene, Story


@dataclass(frozen=True, slots=True)
class Trouble:
    """`causes`: what the status says of it, one of them, with `words`; none = recording goes on through it.

    `again`: it is only met by a new connection, so the old one is reset. `spoils`: frames come other than they are.
    """

    name: str
    fault: Fault
    causes: tuple[str, ...] = ()
    words: str = ""
    again: bool = False
    spoils: bool = False


TROUBLES = (
    Trouble("stalls", Stall(), ("stalled",), "no video"),
    Trouble("resets the connection", Reset()),
    Trouble("closes the connection", Drop()),
    Trouble("refuses connections", Refuse(), ("unreachable",), "refused"),
    Trouble("answers 401", WrongPassword(), ("refused",), "401", again=True),
    Trouble("answers 404", NotFound(), ("refused",), "404", again=True),
    Trouble("never answers", NoAnswer(), ("stalled", "unreachable"), "", again=True),
    Trouble("sends garbage in its packets", Garbage(), spoils=True),
    Trouble("sends garbage between its packets", Garbage(framing=True), spoils=True),
    Trouble("sets its time back an hour", TimestampJump(seconds=-3600)),
    Trouble("sets its time forward two hours", TimestampJump(seconds=7200)),
    Trouble("sends times that stand still", StandingTimestamps()),
    Trouble("changes its picture's size", ResolutionChange(width=192, height=144)),
    Trouble("changes its codec and hangs up", CodecChange(codec="hevc"), spoils=True),
    Trouble("changes its codec in the middle", CodecChange(codec="hevc", reconnect=False), spoils=True),
    Trouble("loses packets", PacketLoss(share=0.05), spoils=True),
)


def _story(trouble: Trouble) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage, name = scene.stage, scene.camera()
        from_us = stage.witness(name)
        stage.server.fault(name, trouble.fault)
        if trouble.again:
            stage.server.fault(name, Reset())
        yield f"camera {name} {trouble.name}"
        if scene.calm and trouble.causes:
            print(f"    {name} is {stage.wait_cause(name, trouble.causes, trouble.words)}", flush=True)
        else:
            stage.hold(0.3, 2)
        stage.server.clear(name)
        if trouble.spoils or isinstance(trouble.fault, StandingTimestamps | TimestampJump):
            # Also the times of a stream whose clock jumped are put right only by and by.
            stage.excuse(name, from_us, trouble.name, spoils=trouble.spoils)

    return story


ACTS = tuple(Act(f"a camera {trouble.name}", "camera", _story(trouble)) for trouble in TROUBLES)
