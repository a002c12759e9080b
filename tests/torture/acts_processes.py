"""Processes are killed, and stopped as if they hung."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

from tests.torture.act import Act, Scene, Story
from tests.torture.stage import now_us

HELPERS = ("finisher", "web", "reaper", "analyser", "notifier")


def kill_recorder(scene: Scene) -> Story:
    stage, name = scene.stage, scene.camera()
    stage.wait_recording(name)
    before = stage.kill(f"recorder {name}")
    yield f"kill -KILL recorder {name} ({before})"
    stage.wait_replaced(f"recorder {name}", before)


def kill_many_recorders(scene: Scene) -> Story:
    stage = scene.stage
    victims = [scene.camera() for _ in range(scene.dice.randint(1, len(scene.free)))]
    before = {name: stage.kill(f"recorder {name}") for name in victims}
    yield f"kill -KILL {len(victims)} recorders"
    for name, pid in before.items():
        stage.wait_replaced(f"recorder {name}", pid)


def kill_helper(kind: str) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        before = scene.stage.kill(kind)
        yield f"kill -KILL {kind} ({before})"
        if before:
            scene.stage.wait_replaced(kind, before)

    return story


def kill_forkserver(scene: Scene) -> Story:
    pid = scene.stage.kill("forkserver")
    yield f"kill -KILL forkserver ({pid})"


def kill_deliverer(scene: Scene) -> Story:
    """There while a camera has a post_url."""
    yield from kill_helper("deliverer")(scene)


def kill_master(scene: Scene) -> Story:
    stage = scene.stage
    assert stage.program.process is not None
    for name in stage.names:
        stage.witness(name)
    stage.program.process.kill()
    stage.kills.add("master")
    stage.wait_ended()
    yield "kill -KILL master: all others end; start"
    stage.start()


def kill_master_and_start(scene: Scene) -> Story:
    """The new master meets what the old one left."""
    stage = scene.stage
    assert stage.program.process is not None
    for name in stage.names:
        stage.witness(name)
    stage.program.process.kill()
    stage.kills.add("master")
    stage.program.process.wait()
    yield "kill -KILL master and start at once, while its children still end"
    stage.start()


def kill_all(scene: Scene) -> Story:
    scene.stage.kill_all()
    yield "kill -KILL all processes; start"
    scene.stage.start()


def kill_all_again_and_again(scene: Scene) -> Story:
    """Before it records, while it begins to, and soon after; each start meets what the last one left."""
    stage = scene.stage
    times = scene.dice.randint(3, 5)
    stage.kill_children()
    for _ in range(times):
        for _ in range(scene.dice.randint(1, 3)):
            stage.hold(1, 5)
            stage.kill_children()
        stage.hold(0, 3)
        stage.kill_all()
        stage.program.start()
        if scene.dice.random() < 0.5:
            stage.wait_recording()
    yield f"kill -KILL all processes below the master several times, then all, {times} times; start"
    stage.wait_recording()


def kill_while_stopping(scene: Scene) -> Story:
    stage = scene.stage
    assert stage.program.process is not None
    for name in stage.names:
        stage.witness(name)
    stage.program.process.send_signal(signal.SIGTERM)
    stage.hold(0, 1.5)
    for name, pid in stage.pids().items():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            stage.kills.add(name)
    stage.wait_ended()
    yield "kill -KILL all processes while they stop; start"
    stage.start()


def kill_while_starting(scene: Scene) -> Story:
    stage = scene.stage
    stage.stop()
    stage.program.start()
    stage.hold(0.2, 3)
    stage.kill_all()
    yield "kill -KILL all processes while they start; start"
    stage.start()


def stop_and_start(scene: Scene) -> Story:
    scene.stage.stop()
    yield "stop and start"
    scene.stage.start()


def pause_one(scene: Scene) -> Story:
    """For less than it promised to be heard in: nothing comes of it."""
    stage = scene.stage
    kinds = [name for name in stage.pids() if name.split()[0] in (*HELPERS, "master", "recorder", "deliverer")]
    name = scene.dice.choice(sorted(kinds))
    from_us = now_us()
    pid = stage.kill(name, signal.SIGSTOP)
    yield f"kill -STOP {name} ({pid})"
    stage.hold(0.5, 3)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
    if name == "master":
        return
    # Unless it was killed meanwhile, by another act, with what had come to it.
    if name.startswith("recorder ") and not scene.calm:
        stage.excuse(name.split()[1], from_us, "stopped, then killed")


def hang(kind: str) -> Callable[[Scene], Story]:
    """It says nothing any more: the master finds out and replaces it."""

    def story(scene: Scene) -> Story:
        stage = scene.stage
        camera = scene.camera() if kind == "recorder" else ""
        name = f"recorder {camera}" if camera else kind
        from_us = stage.witness(camera) if camera else 0
        pid = stage.kill(name, signal.SIGSTOP)
        yield f"kill -STOP {name} ({pid}), for good"
        if pid:
            stage.wait_replaced(name, pid)
        if camera:
            stage.excuse(camera, from_us, "it had come to a recorder that hung")

    return story


def pause_all(scene: Scene) -> Story:
    """As when the machine sleeps."""
    stage = scene.stage
    everything = stage.pids()
    from_us = now_us()
    for pid in everything.values():
        os.kill(pid, signal.SIGSTOP)
    yield f"kill -STOP all {len(everything)} processes"
    stage.hold(1, 6)
    for pid in everything.values():
        os.kill(pid, signal.SIGCONT)
    for name in stage.names:
        stage.excuse(name, from_us, "everything stood still")


ACTS = (
    Act("a recorder is killed", "camera", kill_recorder),
    Act("several recorders are killed", "recorders", kill_many_recorders),
    *(Act(f"the {kind} is killed", kind, kill_helper(kind)) for kind in HELPERS),
    Act("the deliverer is killed", "deliverer", kill_deliverer),
    Act("the forkserver is killed", "forkserver", kill_forkserver),
    Act("the master is killed", "all", kill_master, alone=True),
    Act("the master is killed and started at once", "all", kill_master_and_start, alone=True),
    Act("everything is killed", "all", kill_all, alone=True),
    Act("everything is killed again and again", "all", kill_all_again_and_again, alone=True),
    Act("everything is killed while it stops", "all", kill_while_stopping, alone=True),
    Act("everything is killed while it starts", "all", kill_while_starting, alone=True),
    Act("PyNVR is stopped and started", "all", stop_and_start, alone=True),
    Act("a process stands still for a moment", "pause", pause_one),
    *(Act(f"a {kind} hangs", kind, hang(kind), rare=True) for kind in ("recorder", "finisher", "web", "analyser")),
    Act("everything stands still for a moment", "all", pause_all, alone=True),
)
