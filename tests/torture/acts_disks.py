"""The disk of one camera is full, read-only, or gone."""

from pynvr.model.cause import Cause
from tests.torture import words
from tests.torture.act import Act, Scene, Story
from tests.torture.disk import LoopDisk
from tests.torture.proof import US
from tests.torture.stage import Stage
from tests.torture.starved import is_starved

# What wasn't forced to the disk yet when that failed.
_DURABILITY_US = 3 * US
# A machine with far too much to do forces what is recorded so many times later.
_STARVED = 3


def _disk(stage: Stage) -> tuple[LoopDisk, str, int]:
    """The disk, its camera, and when the last frame that is on it was sent."""
    assert stage.disk is not None
    return stage.disk, stage.on_disk, stage.witness(stage.on_disk)


def _stand(scene: Scene, name: str, cause: Cause, text: str) -> None:
    scene.stand(1, 4, lambda: words.of_status(scene.stage, name, (cause,), text))


def _goes_on(scene: Scene, name: str, from_us: int, cause: Cause, text: str) -> None:
    scene.stage.wait_recording(name)
    scene.is_told(lambda: words.of_coverage(scene.stage, name, from_us, (cause,), text))


def fill(scene: Scene) -> Story:
    stage = scene.stage
    disk, name, from_us = _disk(stage)
    ballast = disk.fill()
    yield f"the disk of {name} is filled to the last byte"
    _stand(scene, name, Cause.DISK_FULL, "no space left")
    ballast.unlink()
    _goes_on(scene, name, from_us, Cause.DISK_FULL, "no space left")
    stage.excuse(name, from_us, "disk full")


def fail(scene: Scene) -> Story:
    stage = scene.stage
    disk, name, from_us = _disk(stage)
    disk.fail()
    yield f"the disk of {name} fails and is read-only"
    _stand(scene, name, Cause.DISK_MISSING, "read-only")
    disk.put_right()
    _goes_on(scene, name, from_us, Cause.DISK_MISSING, "read-only")
    stage.excuse(name, from_us - _DURABILITY_US * (_STARVED if is_starved() else 1), "disk failed")


def pull_out(scene: Scene) -> Story:
    stage = scene.stage
    disk, name, from_us = _disk(stage)
    disk.pull_out()
    yield f"the disk of {name} is pulled out"
    _stand(scene, name, Cause.DISK_MISSING, str(disk.folder))
    written = [str(path) for path in disk.folder.rglob("*") if path.is_file()]
    if written and not disk.is_in():
        stage.complain(f"written to where no disk is: {written}")
    disk.mount()
    _goes_on(scene, name, from_us, Cause.DISK_MISSING, str(disk.folder))
    stage.excuse(name, from_us, "disk missing")


ACTS = (
    Act("a disk is full", "disk", fill),
    Act("a disk fails and is read-only", "disk", fail),
    Act("a disk is pulled out", "disk", pull_out),
)
