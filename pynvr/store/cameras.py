"""When the cameras of nvr.json were added and last changed; the file itself doesn't tell."""

from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.tables import CAMERAS

_C = CAMERAS.c


class CameraNote(NamedTuple):
    """A camera's row. `document_hash`: SHA-256 in hex of what the file said of it, passwords masked."""

    id: str
    document_hash: str
    created_us: int
    updated_us: int


class Cameras:
    """Table `cameras`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, CameraNote]:
        """By id."""
        with self._database.reading() as connection:
            return {row.id: CameraNote(*row) for row in connection.execute(select(CAMERAS))}

    def put(self, *notes: CameraNote) -> None:
        """Note them, in place of what was noted of the same cameras."""
        with self._database.writing() as connection:
            for note in notes:
                statement = insert(CAMERAS).values(**note._asdict())
                connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=note._asdict()))

    def forget(self, camera_id: str) -> None:
        """It was removed; another one of the same id is a new one."""
        with self._database.writing() as connection:
            connection.execute(delete(CAMERAS).where(_C.id == camera_id))
