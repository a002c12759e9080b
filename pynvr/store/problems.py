"""Chunks that were set aside because they can't become segments."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.tables import PROBLEMS


@dataclass(frozen=True, slots=True)
class Problem:
    """A `.bad` file. `path`: absolute; `reason`: a sentence for people."""

    path: Path
    camera_id: str
    stamp: str
    reason: str
    file_bytes: int
    noticed_us: int


class Problems:
    """Table `problems`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, problem: Problem) -> None:
        """Note a file that was set aside; a second word about the same path replaces the first."""
        values = {
            "camera_id": problem.camera_id,
            "stamp": problem.stamp,
            "reason": problem.reason,
            "file_bytes": problem.file_bytes,
            "noticed_us": problem.noticed_us,
        }
        statement = insert(PROBLEMS).values(path=str(problem.path), **values)
        with self._database.writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["path"], set_=values))

    def remove(self, path: Path) -> None:
        """The file is gone or was finished after all."""
        with self._database.writing() as connection:
            connection.execute(delete(PROBLEMS).where(PROBLEMS.c.path == str(path)))

    def all(self) -> list[Problem]:
        """Every file set aside, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PROBLEMS).order_by(PROBLEMS.c.noticed_us.desc(), PROBLEMS.c.path))
            return [
                Problem(Path(row.path), row.camera_id, row.stamp, row.reason, row.file_bytes, row.noticed_us)
                for row in rows
            ]
