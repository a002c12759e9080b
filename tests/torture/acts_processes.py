"""Processes are killed, and stopped as if they hung."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from pynvr.model.cause import NOT_STOPPED, Cause
from tests.torture import words
from tests.torture.act import Act, Scene, Story
from tests.torture.clients import connected, vanish, watching
from tests.torture.stage import EXTRA, LONG_S, now_us
from tests.waiting import wait_until

HELPERS = ("finisher", "web", "reaper", "analyser", "notifier", "deliverer")
# Those that are there while somebody wants them.
WANTED = ("searcher", "capture", "live")


def kill_recorder(scene: Scene) -> Story:
    stage, name = scene.stage, scene.camera()
    stage.wait_recording(name)
    from_us = now_us()
    before = stage.kill(f"recorder {name}")
    yield f"kill -KILL recorder {name} ({before})"
    stage.wait_replaced(f"recorder {name}", before)
    _tells_of_recorder(scene, name, from_us, *words.KILLED)


def _tells_of_recorder(scene: Scene, name: str, from_us: int, *how: str) -> None:
    stage = scene.stage
    scene.is_told(lambda: words.of_process(stage, from_us, f"recorder {name}", *how))
    stage.wait_recording(name)
    told = [f"the recorder {one}" for one in how]
    scene.is_told(lambda: words.of_coverage(stage, name, from_us, (Cause.FAULT,), *told))


def kill_many_recorders(scene: Scene) -> Story:
    stage = scene.stage
    from_us = now_us()
    victims = [scene.camera() for _ in range(scene.dice.randint(1, len(scene.free)))]
    before = {name: stage.kill(f"recorder {name}") for name in victims}
    yield f"kill -KILL {len(victims)} recorders"
    for name, pid in before.items():
        stage.wait_replaced(f"recorder {name}", pid)
    for name in victims[:2]:
        _tells_of_recorder(scene, name, from_us, *words.KILLED)


def kill_helper(kind: str) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage, from_us = scene.stage, now_us()
        before = stage.kill(kind)
        yield f"kill -KILL {kind} ({before})"
        if before:
            stage.wait_replaced(kind, before)
            scene.is_told(lambda: words.of_process(stage, from_us, kind))

    return story


def _lured(scene: Scene, kind: str) -> str:
    """Makes somebody want it; its name when it is there, else empty (in a mix nobody may be there to want it)."""
    stage = scene.stage

    def ask() -> None:
        if kind == "capture":
            stage.ask("POST", "/start", {"rtsp_url": stage.server.url(EXTRA)})
        elif kind == "live":
            with suppress(OSError):
                stage.viewers.append(connected(stage, watching(stage, stage.names[0])))
        else:
            asked = f"from={time.time() - 60:.0f}&to={time.time():.0f}&count=1"
            stage.ask("GET", f"/api/1/camera/{stage.names[0]}/best-frames?{asked}")

    def name() -> str:
        return next((name for name in stage.pids() if name.split()[0] == kind), "")

    ask()
    if scene.calm:
        wait_until(name, LONG_S, lambda: f"a {kind} in {sorted(stage.pids())}")
    return name()


def _end_wishes(scene: Scene, *kinds: str) -> None:
    """Nobody wants them any more."""
    if "capture" in kinds:
        _end_captures(scene)
    while "live" in kinds and scene.stage.viewers:
        vanish(scene.stage.viewers.pop())


def kill_wanted(kind: str) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage, from_us = scene.stage, now_us()
        name = _lured(scene, kind)
        before = stage.kill(name) if name else 0
        yield f"kill -KILL {name or kind} ({before})"
        if before and scene.calm:
            stage.wait_replaced(name, before)
            scene.is_told(lambda: words.of_process(stage, from_us, name))
        _end_wishes(scene, kind)

    return story


def _end_captures(scene: Scene) -> None:
    """What was captured is there, whatever happened to the process."""
    stage = scene.stage

    def pictures() -> str:
        status, answer = stage.ask("GET", "/api/captures")
        captures = answer["captures"] if status == 200 else []
        return next((f"{len(one['pictures'])} pictures, {one['detail']}" for one in captures if one["pictures"]), "")

    scene.is_told(lambda: wait_until(pictures, LONG_S, "a picture of the capture"))
    stage.ask("POST", "/stop", {})


def kill_forkserver(scene: Scene) -> Story:
    """Its children go on; the next one gets another, and is killed to see that."""
    stage, from_us = scene.stage, now_us()
    pid = stage.kill("forkserver")
    yield f"kill -KILL forkserver ({pid})"
    if scene.calm:
        before = stage.kill("reaper")
        stage.wait_replaced("reaper", before)
        scene.is_told(lambda: words.of_process(stage, from_us, "reaper"))


def _kill_master(scene: Scene) -> int:
    stage = scene.stage
    assert stage.program.process is not None
    for name in stage.names:
        stage.witness(name)
    from_us = now_us()
    stage.program.process.kill()
    stage.kills.add("master")
    return from_us


def _tells_of_all(scene: Scene, from_us: int) -> None:
    stage = scene.stage
    scene.is_told(lambda: words.of_log(stage, from_us, "didn't stop in order", source="master"))
    name = stage.names[0]
    scene.is_told(lambda: words.of_coverage(stage, name, from_us, (Cause.NOT_RUNNING,), NOT_STOPPED))


def kill_master(scene: Scene) -> Story:
    from_us = _kill_master(scene)
    scene.stage.wait_ended()
    yield "kill -KILL master: all others end; start"
    scene.stage.start()
    _tells_of_all(scene, from_us)


def kill_master_and_start(scene: Scene) -> Story:
    """The new master meets what the old one left."""
    stage = scene.stage
    assert stage.program.process is not None
    from_us = _kill_master(scene)
    stage.program.process.wait()
    yield "kill -KILL master and start at once, while its children still end"
    stage.start()
    scene.is_told(lambda: words.of_log(stage, from_us, "didn't stop in order", source="master"))


def kill_all(scene: Scene) -> Story:
    from_us = now_us()
    scene.stage.kill_all()
    yield "kill -KILL all processes; start"
    scene.stage.start()
    _tells_of_all(scene, from_us)


def kill_all_again_and_again(scene: Scene) -> Story:
    """Before it records, while it begins to, and soon after; each start meets what the last one left."""
    stage, from_us = scene.stage, now_us()
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
    _tells_of_all(scene, from_us)


def kill_while_stopping(scene: Scene) -> Story:
    stage, from_us = scene.stage, now_us()
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
    name = stage.names[0]
    scene.is_told(lambda: words.of_coverage(stage, name, from_us, (Cause.NOT_RUNNING,)))


def kill_while_starting(scene: Scene) -> Story:
    stage, from_us = scene.stage, now_us()
    stage.stop()
    stage.program.start()
    stage.hold(0.2, 3)
    stage.kill_all()
    yield "kill -KILL all processes while they start; start"
    stage.start()
    name = stage.names[0]
    scene.is_told(lambda: words.of_coverage(stage, name, from_us, (Cause.NOT_RUNNING,)))


def stop_and_start(scene: Scene) -> Story:
    stage, from_us = scene.stage, now_us()
    stage.stop()
    yield "stop and start"
    stage.start()
    scene.is_told(lambda: words.of_log(stage, from_us, "PyNVR has stopped", source="master"))
    name = stage.names[0]
    scene.is_told(lambda: words.of_coverage(stage, name, from_us, (Cause.NOT_RUNNING,), "it was stopped"))


def pause_one(kind: str = "") -> Callable[[Scene], Story]:
    """For less than it promised to be heard in: nothing comes of it. `kind`: else any, by chance."""

    def story(scene: Scene) -> Story:
        stage = scene.stage
        kinds = (kind,) if kind else (*HELPERS, *WANTED, "master", "recorder", "live")
        name = scene.dice.choice(sorted(name for name in stage.pids() if name.split()[0] in kinds) or ["nobody"])
        from_us = now_us()
        pid = stage.kill(name, signal.SIGSTOP)
        yield f"kill -STOP {name} ({pid})"
        stage.hold(0.5, 3)
        stage.let_go_on({name: pid} if pid else {})
        if scene.calm:
            assert name == "master" or stage.program.pid_of(name) == pid, f"{name} was replaced for nothing"
        # Unless it was killed meanwhile, by another act, with what had come to it.
        elif name.startswith("recorder "):
            stage.excuse(name.split()[1], from_us, "stopped, then killed")

    return story


def hang_recorder(scene: Scene) -> Story:
    """It says nothing any more: the master finds out and replaces it."""
    stage, name, since_us = scene.stage, scene.camera(), now_us()
    from_us = stage.witness(name)
    pid = stage.kill(f"recorder {name}", signal.SIGSTOP)
    yield f"kill -STOP recorder {name} ({pid}), for good"
    stage.wait_replaced(f"recorder {name}", pid)
    _tells_of_recorder(scene, name, since_us, "hung and was killed")
    stage.excuse(name, from_us, "it had come to a recorder that hung")


def hang_helpers(scene: Scene) -> Story:
    """One of each kind at once, for to be found out takes two minutes of some."""
    stage, from_us = scene.stage, now_us()
    names = [*HELPERS, *filter(None, (_lured(scene, kind) for kind in WANTED))]
    pids = {name: stage.kill(name, signal.SIGSTOP) for name in names}
    yield f"kill -STOP {', '.join(names)}, for good"
    # Whom the site wanted nobody wants any more, for it hung too.
    unwanted = {name for name in names if name.split()[0] in ("searcher", "live")}
    for name, pid in pids.items():
        if name in unwanted:
            wait_until(lambda pid=pid: pid not in stage.alive(), LONG_S, f"the end of {name}")  # type: ignore[misc]
        elif pid:
            stage.wait_replaced(name, pid)
    for name in filter(pids.get, set(names) - unwanted):
        scene.is_told(lambda name=name: words.of_process(stage, from_us, name, "hung and was killed"))  # type: ignore[misc]
    _end_wishes(scene, *WANTED)


def hang_forkserver(scene: Scene) -> Story:
    """No child can be started by it."""
    stage, from_us = scene.stage, now_us()
    pid = stage.kill("forkserver", signal.SIGSTOP)
    before = stage.kill("reaper")
    yield f"kill -STOP forkserver ({pid}), for good, and kill -KILL reaper ({before})"
    if pid and before:
        stage.wait_replaced("reaper", before)
        scene.is_told(lambda: words.of_process(stage, from_us, "reaper"))


def pause_all(scene: Scene) -> Story:
    """As when the machine sleeps."""
    stage = scene.stage
    everything = stage.pids()
    from_us = now_us()
    for pid in everything.values():
        os.kill(pid, signal.SIGSTOP)
    stage.note("", f"all {len(everything)} processes stand still")
    yield f"kill -STOP all {len(everything)} processes"
    stage.hold(1, 6)
    stage.let_go_on(everything)
    for name in stage.names:
        stage.excuse(name, from_us, "everything stood still")
    if scene.calm:
        stage.wait_recording()
        replaced = {name for name, pid in everything.items() if stage.program.pid_of(name) not in (0, pid)}
        assert not replaced, f"{replaced} were replaced for nothing"


_SHOWN = {"capture": "capturer", "live": "taker of a sub-stream"}


ACTS = (
    Act("a recorder is killed", "camera", kill_recorder),
    Act("several recorders are killed", "recorders", kill_many_recorders),
    *(Act(f"the {kind} is killed", kind, kill_helper(kind)) for kind in HELPERS),
    *(Act(f"the {_SHOWN.get(kind, kind)} is killed", kind, kill_wanted(kind)) for kind in WANTED),
    Act("the forkserver is killed", "forkserver", kill_forkserver),
    Act("the master is killed", "all", kill_master, alone=True),
    Act("the master is killed and started at once", "all", kill_master_and_start, alone=True),
    Act("everything is killed", "all", kill_all, alone=True),
    Act("everything is killed again and again", "all", kill_all_again_and_again, alone=True),
    Act("everything is killed while it stops", "all", kill_while_stopping, alone=True),
    Act("everything is killed while it starts", "all", kill_while_starting, alone=True),
    Act("PyNVR is stopped and started", "all", stop_and_start, alone=True),
    Act("a process stands still for a moment", "pause", pause_one()),
    Act("the master stands still for a moment", "pause", pause_one("master"), rare=True),
    Act("a recorder hangs", "camera", hang_recorder, rare=True),
    Act("a process of each other kind hangs", "all", hang_helpers, alone=True, rare=True),
    Act("the forkserver hangs", "forkserver", hang_forkserver, rare=True),
    Act("everything stands still for a moment", "all", pause_all, alone=True),
)
