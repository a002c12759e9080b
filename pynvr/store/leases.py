"""Ranges that somebody is reading: the reaper takes others first, as long as there are any."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.tables import LEASES

# A lease that says it holds for longer was taken before the clock was set back, and holds nothing.
_LONGEST_US = 3_600_000_000

_L = LEASES.c


@dataclass(frozen=True, slots=True)
class Lease:
    """A range of a camera that is being read."""

    id: int
    camera_id: str
    start_us: int
    end_us: int
    until_us: int


class Leases:
    """Table `leases`. None outlives a power cut: nobody who read goes on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, camera_id: str, start_us: int, end_us: int, *, until_us: int, now_us: int) -> Lease:
        """Lease a range. What ran out before `now_us` is removed on the way. Raises StoreError."""
        values = {"camera_id": camera_id, "start_us": start_us, "end_us": end_us, "until_us": until_us}
        with self._database.writing(durable=False) as connection:
            connection.execute(delete(LEASES).where(_is_over(now_us)))
            row_id = connection.execute(insert(LEASES).values(**values).returning(_L.id)).scalar_one()
        return Lease(row_id, camera_id, start_us, end_us, until_us)

    def renew(self, lease: Lease, *, start_us: int, until_us: int) -> bool:
        """Let it hold longer, for what begins at `start_us` or later; False if there is no such lease any more."""
        statement = update(LEASES).where(_is(lease), _L.end_us > start_us)
        with self._database.writing(durable=False) as connection:
            return connection.execute(statement.values(start_us=start_us, until_us=until_us)).rowcount > 0

    def release(self, lease: Lease) -> None:
        """End it; nothing happens if it is over already."""
        with self._database.writing(durable=False) as connection:
            connection.execute(delete(LEASES).where(_is(lease)))

    def held(self, now_us: int) -> list[Lease]:
        """Those that hold now, by camera and start."""
        query = select(LEASES).where(~_is_over(now_us)).order_by(_L.camera_id, _L.start_us, _L.id)
        with self._database.reading() as connection:
            return [Lease(**row._mapping) for row in connection.execute(query)]


def _is_over(now_us: int) -> ColumnElement[bool]:
    return (_L.until_us <= now_us) | (_L.until_us > now_us + _LONGEST_US)


def _is(lease: Lease) -> ColumnElement[bool]:
    # The id of a lease that ran out may be another's by now.
    return (_L.id == lease.id) & (_L.camera_id == lease.camera_id) & (_L.end_us == lease.end_us)
