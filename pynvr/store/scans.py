"""Which day folders the catalog knows in their present state."""

from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.disks import Disks
from pynvr.store.tables import DISKS, SCANS


class Scans:
    """Table `scans`: the modification time (nanoseconds) that a day folder had when it was read last."""

    def __init__(self, database: Database, disks: Disks) -> None:
        self._database = database
        self._disks = disks

    def known(self, dst: Path) -> dict[str, int]:
        """Of each day folder of `dst`."""
        query = select(SCANS.c.day, SCANS.c.mtime_ns).join_from(SCANS, DISKS).where(DISKS.c.dst == str(dst))
        with self._database.reading() as connection:
            return {row.day: row.mtime_ns for row in connection.execute(query)}

    def remember(self, dst: Path, day: str, mtime_ns: int) -> None:
        with self._database.writing() as connection:
            disk_id = self._disks.id_of(connection, str(dst))
            statement = insert(SCANS).values(disk_id=disk_id, day=day, mtime_ns=mtime_ns)
            upsert = statement.on_conflict_do_update(index_elements=["disk_id", "day"], set_={"mtime_ns": mtime_ns})
            connection.execute(upsert)

    def forget(self, dst: Path, day: str | None = None) -> None:
        """Of one day, or of all: they are read again next time."""
        with self._database.writing() as connection:
            statement = delete(SCANS).where(SCANS.c.disk_id == self._disks.find_id(connection, str(dst)))
            connection.execute(statement if day is None else statement.where(SCANS.c.day == day))
