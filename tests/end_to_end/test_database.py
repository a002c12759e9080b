"""The database is locked, overwritten or gone, while PyNVR runs and while it doesn't: recording doesn't notice."""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pynvr.archive.paths import parse_name
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.losses import Recording, assert_nothing_lost, recording_of
from tests.end_to_end.program import Program
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

NAME = "gate"
PARTS = ("", "-wal", "-shm")
# Longer than anybody who opens the database waits for it.
LONG_S = 20
# How often the tests stop and start the program.
STARTS_AGAIN = 3


@dataclass
class Stage:
    """One program for all tests, which come in the order in which they stand here."""

    program: Program
    server: SimulatorServer

    @property
    def database(self) -> Path:
        return self.program.data_dir / "pynvr.sqlite"

    def stamps(self) -> set[str]:
        """Of all segments in the folders."""
        names = [parse_name(path.name) for path in self.program.segments(NAME)]
        return {name[0].stamp for name in names if name is not None}

    def rows(self) -> set[str]:
        """Of all segments in the database."""
        return {stamp for (stamp,) in self._read("select stamp from segments")}

    def causes(self) -> set[tuple[int, str]]:
        """Since when there was which cause, by the database."""
        return {(since_us, cause) for since_us, cause in self._read("select since_us, cause from transitions")}

    def _read(self, query: str) -> list[tuple[Any, ...]]:
        """Nothing while the database can't be read."""
        try:
            with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as connection:
                return connection.execute(query).fetchall()
        except sqlite3.Error:
            return []

    def finisher_says(self) -> str:
        processes = self.program.status().get("processes", [])
        return next((str(process["detail"]) for process in processes if process["name"] == "finisher"), "")

    def wait_segments(self, more: int) -> None:
        wanted = len(self.stamps()) + more
        wait_until(
            lambda: len(self.stamps()) >= wanted, 60 + 10 * more, lambda: f"segments; it said:\n{self.program.said()}"
        )

    def wait_rows(self, causes: set[tuple[int, str]] | None = None) -> None:
        """Until every segment that is there now has its row, and these causes are there again."""
        wanted = self.stamps()
        wait_until(
            lambda: self.rows() >= wanted,
            90,
            lambda: f"rows of {sorted(wanted - self.rows())}; it said:\n{self.program.said()}",
        )
        wait_until(lambda: self.causes() >= (causes or set()), 30, "the causes from the journal")

    def assert_undisturbed(self, recorder: int) -> None:
        assert self.program.camera(NAME)["state"] == "recording"
        assert self.program.pid_of(f"recorder {NAME}") == recorder != 0

    def overwrite(self) -> None:
        """As a failing disk or a stray program does: the same file, other bytes."""
        for part in PARTS:
            path = self.database.with_name(self.database.name + part)
            if path.exists():
                with path.open("r+b") as file:
                    file.write(os.urandom(max(path.stat().st_size, 4096)))

    def delete(self) -> None:
        for part in PARTS:
            self.database.with_name(self.database.name + part).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    camera = SimulatedCamera(NAME, width=320, height=240, fps=15, gop_s=1, bitrate_kbps=150, live=True)
    with SimulatorServer([camera]) as server:
        program = Program(tmp_path_factory.mktemp("database"), [{"id": NAME, "url": server.url(NAME)}])
        program.start()
        try:
            program.wait_recording(NAME)
            staged = Stage(program, server)
            staged.wait_segments(1)
            staged.wait_rows()
            yield staged
        finally:
            program.end()


def test_while_it_is_locked_minutes_are_finished_and_their_rows_come_afterwards(stage):
    recorder = stage.program.pid_of(f"recorder {NAME}")
    with closing(sqlite3.connect(stage.database, isolation_level=None)) as locker:
        locker.execute("begin exclusive")
        before, since_s = stage.rows(), time.monotonic()
        stage.wait_segments(2)
        wait_until(lambda: "database is locked" in stage.finisher_says(), 30, "word of the locked database")
        assert stage.program.command("status").returncode == 1
        wait_until(lambda: time.monotonic() - since_s > LONG_S, LONG_S + 1, "a long lock")
        assert stage.rows() == before
        assert len(stage.stamps()) >= len(before) + 2
        stage.assert_undisturbed(recorder)
        locker.execute("rollback")
    stage.wait_rows()
    wait_until(lambda: not stage.finisher_says(), 30, "the trouble to be over")
    assert stage.program.command("status").returncode == 0
    stage.assert_undisturbed(recorder)


def test_overwritten_with_garbage_while_it_is_in_use_it_is_made_again_from_the_folders(stage):
    recorder = stage.program.pid_of(f"recorder {NAME}")
    causes = stage.causes()
    assert causes
    stage.overwrite()
    stage.wait_segments(1)
    wait_until(
        lambda: list(stage.database.parent.glob("pynvr.sqlite.corrupt-*")),
        60,
        lambda: f"the garbage to be set aside; it said:\n{stage.program.said()}",
    )
    stage.wait_rows(causes)
    stage.assert_undisturbed(recorder)


def test_deleted_while_it_is_in_use_it_is_made_again_from_the_folders(stage):
    recorder = stage.program.pid_of(f"recorder {NAME}")
    causes = stage.causes()
    assert causes
    stage.delete()
    stage.wait_segments(1)
    stage.wait_rows(causes)
    stage.assert_undisturbed(recorder)


@pytest.mark.parametrize("damage", ["overwrite", "delete"])
def test_damaged_while_pynvr_was_stopped_it_is_made_again_at_the_start(stage, damage):
    assert stage.program.stop() == 0
    causes = stage.causes()
    assert causes
    getattr(stage, damage)()
    stage.program.start()
    stage.program.wait_recording(NAME)
    stage.wait_rows(causes)
    wait_until(lambda: stage.program.command("status").returncode == 0, 30, "a status without trouble")


def test_a_database_locked_at_the_start_delays_no_recording_and_is_used_later(stage):
    assert stage.program.stop() == 0
    with closing(sqlite3.connect(stage.database, isolation_level=None)) as locker:
        locker.execute("begin exclusive")
        stage.program.start()
        stage.program.wait_recording(NAME)
        stage.wait_segments(1)
        recorder = stage.program.pid_of(f"recorder {NAME}")
        wait_until(
            lambda: any("locked" in problem["detail"] for problem in stage.program.status().get("problems", [])),
            what=lambda: f"word of the locked database; there are {stage.program.status().get('problems')}",
        )
        locker.execute("rollback")
    stage.wait_rows()
    stage.assert_undisturbed(recorder)


def test_after_all_that_no_frame_is_lost_and_verify_finds_nothing_wrong(stage):
    """Runs last: stops the program."""
    assert stage.program.stop() == 0
    sessions = stage.server.sent(NAME)
    assert len(sessions) == 1 + STARTS_AGAIN, "a connection was given up"
    recording = recording_of(sessions, stage.program.segments(NAME))
    begin = 0
    for session in sessions:
        units = session.track("video")
        own = [piece for piece in recording.pieces if begin <= piece.begin < begin + len(units)]
        assert_nothing_lost(Recording(recording.sent[: begin + len(units)], own), session.ended_us)
        begin += len(units)
    completed = stage.program.command("reindex")
    assert completed.returncode == 0, completed.stdout + completed.stderr
    verified = stage.program.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
