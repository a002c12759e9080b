"""The disk of one camera is full, read-only, or gone."""

from tests.torture.act import Act, Scene, Story
from tests.torture.disk import LoopDisk
from tests.torture.proof import US
from tests.torture.stage import Stage

# What wasn't forced to the disk yet when that failed.
_DURABILITY_US = 3 * US


def _disk(stage: Stage) -> tuple[LoopDisk, str, int]:
    """The disk, its camera, and when the last frame that is on it was sent."""
    assert stage.disk is not None
    return stage.disk, stage.on_disk, stage.witness(stage.on_disk)


def fill(scene: Scene) -> Story:
    stage = scene.stage
    disk, name, from_us = _disk(stage)
    ballast = disk.fill()
    yield f"the disk of {name} is filled to the last byte"
    if scene.calm:
        print(f"    {name} is {stage.wait_cause(name, ('disk full',), 'no space left')}", flush=True)
    else:
        stage.hold(1, 4)
    ballast.unlink()
    stage.wait_recording(name)
    stage.excuse(name, from_us, "disk full")


def fail(scene: Scene) -> Story:
    stage = scene.stage
    disk, name, from_us = _disk(stage)
    disk.fail()
    yield f"the disk of {name} fails and is read-only"
    if scene.calm:
        print(f"    {name} is {stage.wait_cause(name, ('disk missing',), 'read-only')}", flush=True)
    else:
        stage.hold(1, 4)
    disk.put_right()
    stage.wait_recording(name)
    stage.excuse(name, from_us - _DURABILITY_US, "disk failed")


def pull_out(scene: Scene) -> Story:
    stage = scene.stage
    disk, name, from_us = _disk(stage)
    disk.pull_out()
    yield f"the disk of {name} is pulled out"
    if scene.calm:
        print(f"    {name} is {stage.wait_cause(name, ('disk missing',), str(disk.folder))}", flush=True)
    else:
        stage.hold(1, 4)
    written = [str(path) for path in disk.folder.rglob("*") if path.is_file()]
    if written and not disk.is_in():
        stage.complain(f"written to where no disk is: {written}")
    disk.mount()
    stage.wait_recording(name)
    stage.excuse(name, from_us, "disk missing")


ACTS = (
    Act("a disk is full", "disk", fill),
    Act("a disk fails and is read-only", "disk", fail),
    Act("a disk is pulled out", "disk", pull_out),
)
