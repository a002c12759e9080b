"""Whatever a camera does wrong."""

from collections.abc import Callable

from pynvr.model.cause import Cause
from pynvr.simulator.faults import Reset, StandingTimestamps, TimestampJump
from tests.torture import words
from tests.torture.act import Act, Scene, Story
from tests.troubles import LOSES_PACKETS, TROUBLES, Trouble

# A camera may be met while it is being connected to.
_BESIDE = {Cause.STALLED: (Cause.STALLED, Cause.UNREACHABLE), Cause.UNREACHABLE: (Cause.UNREACHABLE, Cause.STALLED)}


def _story(trouble: Trouble) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        yield from _tell(scene, trouble, scene.camera())

    return story


def over_udp(scene: Scene) -> Story:
    """Packets that are lost for good."""
    name = scene.stage.on_udp
    if name not in scene.free:
        yield "nothing, for no camera sends by UDP here"
        return
    scene.free.remove(name)
    yield from _tell(scene, LOSES_PACKETS, name)


def _tell(scene: Scene, trouble: Trouble, name: str) -> Story:
    stage = scene.stage
    from_us = stage.witness(name)
    stage.server.fault(name, trouble.fault)
    if trouble.at_connecting:
        stage.server.fault(name, Reset())
    yield f"camera {name} {trouble.name}{' (UDP)' if name == stage.on_udp else ''}"
    causes = _BESIDE.get(trouble.cause, (trouble.cause,)) if trouble.cause is not None else ()
    if not causes or trouble.passes:
        scene.stand(0.3, 2)
    else:
        scene.stand(0.3, 2, lambda: words.of_status(stage, name, causes, trouble.words))
    stage.server.clear(name)
    if causes:
        # Also what was over before the status could show it. While the cause stays, its sentence is written once a
        # minute, and the first one is the reset's.
        text = "" if trouble.at_connecting and trouble.cause is Cause.STALLED else trouble.words
        query = {"source": "camera", "camera_ids": name, "level": "warning"}
        scene.is_told(lambda: words.of_log(stage, from_us, text, **query))
        if not trouble.passes:  # else there may be no gap at all
            scene.is_told(lambda: words.of_coverage(stage, name, from_us, causes, text))
    if trouble.spoils or not causes:
        # What a client makes of garbage may go on for a while; of its own accord it ends with the connection. Also the
        # times of a stream whose clock jumped are put right only by and by.
        stage.wait_going_on(name)
        misdates = isinstance(trouble.fault, TimestampJump | StandingTimestamps)
        stage.excuse(name, from_us, trouble.name, spoils=trouble.spoils, misdates=misdates)


ACTS = (
    *(Act(f"a camera {trouble.name}", "camera", _story(trouble)) for trouble in TROUBLES),
    Act("a camera loses packets over UDP", "udp", over_udp),
)
