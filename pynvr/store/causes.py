"""Why cameras were or weren't recorded, as the journal of the master told it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.model.cause import Cause, Transition
from pynvr.store.database import Database
from pynvr.store.paging import Conditions, of_cameras
from pynvr.store.tables import DELETIONS, JOURNALS, OMISSIONS, TRANSITIONS

# Of a camera: decades of a good one, months of one that comes and goes each minute; about 5 MB.
KEPT_TRANSITIONS = 50_000

_T = TRANSITIONS.c


class Causes:
    """Tables `transitions` and `journals`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def offset(self, journal: str) -> int:
        """Bytes of this journal file that were copied already; 0 for one never seen."""
        with self._database.reading() as connection:
            query = select(JOURNALS.c.offset_bytes).where(JOURNALS.c.name == journal)
            return connection.execute(query).scalar_one_or_none() or 0

    def ingest(self, transitions: Iterable[Transition], journal: str, offset: int) -> None:
        """Copy transitions and, in the same transaction, note that the journal is copied up to `offset` bytes.

        Telling the same transition again changes nothing; of two of a camera at one instant the last one counts.
        """
        latest = {(transition.camera_id, transition.since_us): transition for transition in transitions}
        values = [
            {"camera_id": t.camera_id, "since_us": t.since_us, "cause": t.cause.value, "detail": t.detail}
            for t in latest.values()
        ]
        row = insert(TRANSITIONS)
        upsert = row.on_conflict_do_update(
            index_elements=["camera_id", "since_us"],
            set_={"cause": row.excluded.cause, "detail": row.excluded.detail},
        )
        mark = insert(JOURNALS).values(name=journal, offset_bytes=offset)
        with self._database.writing() as connection:
            if values:
                connection.execute(upsert, values)
            connection.execute(mark.on_conflict_do_update(index_elements=["name"], set_={"offset_bytes": offset}))

    def forget_journal(self, journal: str) -> None:
        """The journal file is gone; its transitions stay."""
        with self._database.writing() as connection:
            connection.execute(delete(JOURNALS).where(JOURNALS.c.name == journal))

    def journals(self) -> dict[str, int]:
        """Every journal file that was ever copied from, with its offset in bytes."""
        with self._database.reading() as connection:
            rows = connection.execute(select(JOURNALS.c.name, JOURNALS.c.offset_bytes))
            return {row.name: row.offset_bytes for row in rows}

    def between(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> dict[str, list[Transition]]:
        """Per camera, in order: the transition that holds at `from_us` (it lies before) and all up to `to_us`."""
        with self._database.reading() as connection:
            found = {}
            for camera_id in camera_ids:
                first = select(func.max(_T.since_us)).where(_T.camera_id == camera_id, _T.since_us <= from_us)
                since_us = connection.execute(first).scalar_one_or_none() or 0
                query = (
                    select(TRANSITIONS)
                    .where(_T.camera_id == camera_id, _T.since_us >= since_us, _T.since_us < to_us)
                    .order_by(_T.since_us)
                )
                found[camera_id] = [
                    Transition(row.camera_id, row.since_us, cause_named(row.cause), row.detail)
                    for row in connection.execute(query)
                ]
            return found

    def changes(
        self,
        camera_ids: Sequence[str] | None,
        from_us: int,
        to_us: int,
        *,
        causes: Sequence[Cause] | None = None,
        words: str = "",
        named: Sequence[str] = (),
        before: tuple[int, str] | None = None,
        limit: int,
    ) -> list[Transition]:
        """When cameras came into another cause, newest first; None = of every camera, of every cause.

        `words`: part of the cause, the detail or the camera's id; those of the cameras `named` count as holding them.
        `before`: only what is older than this instant and camera, where the last page ended.
        """
        conditions: Conditions = [_T.since_us >= from_us, *of_cameras(_T.camera_id, camera_ids)]
        if causes is not None:
            conditions.append(_T.cause.in_([cause.value for cause in causes]))
        if words:
            parts = (_T.cause, _T.detail, _T.camera_id)
            conditions.append(or_(_T.camera_id.in_(named), *(part.contains(words, autoescape=True) for part in parts)))
        if before is not None:
            at_us, camera_id = before
            to_us = min(to_us, at_us + 1)
            conditions.append(or_(_T.since_us < at_us, _T.camera_id < camera_id))
        conditions.append(_T.since_us < to_us)  # a second bound would be none for the index
        earlier = TRANSITIONS.alias()
        last = select(earlier.c.cause).where(earlier.c.camera_id == _T.camera_id, earlier.c.since_us < _T.since_us)
        # The master writes a detail that changes while the cause stays; that is no news here.
        conditions.append(
            _T.cause.is_distinct_from(last.order_by(earlier.c.since_us.desc()).limit(1).scalar_subquery())
        )
        query = select(TRANSITIONS).where(*conditions).order_by(_T.since_us.desc(), _T.camera_id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query)
            return [Transition(row.camera_id, row.since_us, cause_named(row.cause), row.detail) for row in rows]

    def prune(self, kept: int = KEPT_TRANSITIONS) -> int:
        """Forget all but the newest transitions of each camera, and what was deleted before them; returns how many.

        By number, not by age: a clock that leaps ahead must not make anything old. What lies before is "unknown" then.
        """
        pruned = 0
        many = select(_T.camera_id).group_by(_T.camera_id).having(func.count() > kept)
        with self._database.reading() as connection:
            camera_ids = list(connection.execute(many).scalars())
        for camera_id in camera_ids:
            nth = select(_T.since_us).where(_T.camera_id == camera_id).order_by(_T.since_us.desc())
            with self._database.writing() as connection:
                first_us = connection.execute(nth.offset(kept - 1).limit(1)).scalar_one()
                old = delete(TRANSITIONS).where(_T.camera_id == camera_id, _T.since_us < first_us)
                pruned += connection.execute(old).rowcount
                for table in (DELETIONS, OMISSIONS):
                    gone = (table.c.camera_id == camera_id, table.c.end_us <= first_us)
                    connection.execute(delete(table).where(*gone))
        return pruned


def cause_named(word: str) -> Cause:
    """The cause that the table's word stands for."""
    try:
        return Cause(word)
    except ValueError:  # a word of an older or newer PyNVR
        return Cause.UNKNOWN
