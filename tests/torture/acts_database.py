"""The database is locked, garbage, or gone; and another instance comes."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress

from tests.torture.act import Act, Scene, Story
from tests.torture.stage import LONG_S, Stage

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
        stage.hold(1, 8)
        with suppress(sqlite3.Error):
            locker.execute("rollback")


def damage(how: Callable[[Stage], None], words: str, running: bool) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        if not running:
            stage.stop()
        how(stage)
        stage.posted.clear()  # incidents are in the database alone
        yield f"the database is {words} {'while PyNVR runs' if running else 'while PyNVR is stopped'}"
        if not running:
            stage.start()
        else:
            stage.hold(0.5, 3)

    return story


def second_instance(scene: Scene) -> Story:
    stage = scene.stage
    yield "a second instance is started on the same folders"
    said = stage.program.command("foreground", timeout_s=LONG_S)
    words = said.stdout + said.stderr
    if said.returncode != 4 or not words.strip():
        stage.complain(f"a second instance ended with {said.returncode}: {words[-300:]!r}")
    elif scene.calm:
        print(f"    it says: {words.strip().splitlines()[-1]}", flush=True)


ACTS = (
    Act("the database is locked", "database", lock),
    Act("the database is garbage, running", "database", damage(_overwrite, "overwritten with garbage", True)),
    Act("the database is deleted, running", "database", damage(_delete, "deleted", True)),
    Act("the database is garbage, stopped", "all", damage(_overwrite, "overwritten with garbage", False), alone=True),
    Act("the database is deleted, stopped", "all", damage(_delete, "deleted", False), alone=True),
    Act("a second instance", "instance", second_instance),
)
