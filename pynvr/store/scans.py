"""Which day folders the catalog knows in their present state."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.disks import Disks
from pynvr.store.tables import DISKS, SCANS


class FolderState(NamedTuple):
    """What changes when a name in a folder comes or goes."""

    mtime_ns: int
    entries: int


class Scans:
    """Table `scans`."""

    def __init__(self, database: Database, disks: Disks) -> None:
        self._database = database
        self._disks = disks

    def known(self, dst: Path) -> dict[str, FolderState]:
        """The state in which each day folder of `dst` was read last."""
        query = (
            select(SCANS.c.day, SCANS.c.mtime_ns, SCANS.c.entries)
            .join_from(SCANS, DISKS)
            .where(DISKS.c.dst == str(dst))
        )
        with self._database.reading() as connection:
            return {day: FolderState(mtime_ns, entries) for day, mtime_ns, entries in connection.execute(query)}

    def remember(self, dst: Path, day: str, state: FolderState) -> None:
        with self._database.writing() as connection:
            values = {"disk_id": self._disks.id_of(connection, str(dst)), "day": day, **state._asdict()}
            statement = insert(SCANS).values(values)
            connection.execute(statement.on_conflict_do_update(index_elements=["disk_id", "day"], set_=state._asdict()))

    def forget(self, dst: Path, day: str | None = None) -> None:
        """Of one day, or of all: they are read again next time."""
        with self._database.writing() as connection:
            disk_id = self._disks.find_id(connection, str(dst))
            statement = delete(SCANS).where(SCANS.c.disk_id == disk_id)
            connection.execute(statement if day is None else statement.where(SCANS.c.day == day))
