"""The folders that hold recordings, and the disk (marker) each was last seen on."""

from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.tables import DISKS


class Disks:
    """Table `disks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self) -> dict[Path, str]:
        """The marker of each folder that has one."""
        with self._database.reading() as connection:
            rows = connection.execute(select(DISKS.c.dst, DISKS.c.marker).where(DISKS.c.marker.is_not(None)))
            return {Path(dst): marker for dst, marker in rows}

    def folders(self) -> list[Path]:
        """Every folder that ever held recordings, with or without a marker."""
        with self._database.reading() as connection:
            return [Path(dst) for dst in connection.execute(select(DISKS.c.dst).order_by(DISKS.c.dst)).scalars()]

    def remember(self, dst: Path, marker: str) -> None:
        """From now on the folder is expected to carry this marker."""
        statement = insert(DISKS).values(dst=str(dst), marker=marker)
        with self._database.writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["dst"], set_={"marker": marker}))

    def id_of(self, connection: Connection, dst: str) -> int:
        """The row of the folder, made if it is new; inside the caller's transaction."""
        found = self.find_id(connection, dst)
        if found is not None:
            return found
        return int(connection.execute(insert(DISKS).values(dst=dst).returning(DISKS.c.id)).scalar_one())

    def find_id(self, connection: Connection, dst: str) -> int | None:
        """The row of the folder, if there is one."""
        return connection.execute(select(DISKS.c.id).where(DISKS.c.dst == dst)).scalar_one_or_none()
