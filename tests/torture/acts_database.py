"""The database is locked, garbage, or gone; and another instance comes."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress

from tests.torture import words
from tests.torture.act import Act, Scene, Story
from tests.torture.stage import LONG_S, Stage, now_us
from tests.waiting import wait_until

_PARTS = ("", "-wal", "-shm")


def _overwrite(stage: Stage) -> None:
    for part in _PARTS:
        path = stage.program.data_dir / f"pynvr.sqlite{part}"
        with suppress(FileNotFoundError), path.open("r+b") as file:
            file.write(os.urandom(max(path.stat().st_size, 4096)))


def _delete(stage: Stage) -> None:
    for part in _PARTS:
        (stage.program.data_dir / f"pynvr.sqlite{part}").unlink(missing_ok=True)


def lock(scene: Scene) -> Story:
    stage = scene.stage
    path = stage.program.data_dir / "pynvr.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as locker:
        with suppress(sqlite3.Error):  # another act may have made garbage of it
            locker.execute("begin exclusive")
        yield "the database is locked"
        scene.stand(1, 8, lambda: _said_of_lock(stage))
        with suppress(sqlite3.Error):
            locker.execute("rollback")


def _said_of_lock(stage: Stage) -> str:
    """The finisher, whose rows wait for it."""

    def said() -> str:
        processes = stage.program.status().get("processes", [])
        details = [one["detail"] for one in processes if one["name"] == "finisher"]
        return next((detail for detail in details if "locked" in detail), "")

    return wait_until(said, LONG_S, lambda: f"the finisher's word; the status is {stage.program.status()}")


def damage(how: Callable[[Stage], None], what: str, said: str, running: bool) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        if not running:
            stage.stop()
        how(stage)
        stage.posted.clear()  # incidents are in the database alone
        from_us = now_us()
        yield f"the database is {what} {'while PyNVR runs' if running else 'while PyNVR is stopped'}"
        if not running:
            stage.start()
        scene.stand(0.5, 3, lambda: words.of_tail(stage, said, from_us))

    return story


def second_instance(scene: Scene) -> Story:
    stage = scene.stage
    yield "a second instance is started on the same folders"
    said = stage.program.command("foreground", timeout_s=LONG_S)
    text = said.stdout + said.stderr
    if said.returncode != 4 or "already runs" not in text:
        stage.complain(f"a second instance ended with {said.returncode}: {text[-300:]!r}")
    scene.is_told(lambda: text.strip().splitlines()[-1])


_GARBAGE, _GONE = (_overwrite, "overwritten with garbage", "was damaged"), (_delete, "deleted", "pynvr.sqlite was m")
ACTS = (
    Act("the database is locked", "database", lock),
    Act("the database is garbage, running", "database", damage(*_GARBAGE, running=True)),
    Act("the database is deleted, running", "database", damage(*_GONE, running=True)),
    Act("the database is garbage, stopped", "all", damage(*_GARBAGE, running=False), alone=True),
    Act("the database is deleted, stopped", "all", damage(*_GONE, running=False), alone=True),
    Act("a second instance", "instance", second_instance),
)
