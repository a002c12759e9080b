"""Incidents: moments for which a clip is wanted, and how far each is."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from pynvr.model.cause import Cause
from pynvr.model.incident import Incident, IncidentStatus, MissingSpan
from pynvr.store.database import Database
from pynvr.store.paging import Conditions, of_cameras, page_of
from pynvr.store.tables import INCIDENTS

_I = INCIDENTS.c
_ON_ITS_WAY = ("extracted", "uploading", "waiting")


@dataclass(frozen=True, slots=True)
class IncidentShield:
    """A span of a camera that an open incident needs: the reaper leaves it."""

    camera_id: str
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents are meant; None = any. Times by the incident's moment, end exclusive."""

    camera_ids: Sequence[str] | None = None
    statuses: Sequence[IncidentStatus] | None = None
    from_us: int | None = None
    to_us: int | None = None

    def conditions(self) -> Conditions:
        found = of_cameras(_I.camera_id, self.camera_ids)
        if self.statuses is not None:
            found.append(_I.status.in_([status.value for status in self.statuses]))
        if self.from_us is not None:
            found.append(_I.incident_us >= self.from_us)
        if self.to_us is not None:
            found.append(_I.incident_us < self.to_us)
        return found


class Incidents:
    """Table `incidents`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, incident: Incident) -> Incident:
        """Store a new one and return it with its id; if there is one of its `key` already, that one.

        Raises StoreError.
        """
        with self._database.writing() as connection:
            statement = insert(INCIDENTS).values(**_values(incident), revision=1).on_conflict_do_nothing(["key"])
            connection.execute(statement)
            row = connection.execute(select(INCIDENTS).where(_I.key == incident.key)).one()
        return _incident(row)

    def write(self, after: Incident) -> Incident | None:
        """Keep the incident as it is now; None, and nothing written, if it was deleted or changed since it was read."""
        statement = update(INCIDENTS).where(_I.id == after.id, _I.revision == after.revision)
        with self._database.writing() as connection:
            written = connection.execute(statement.values(**_values(after), revision=after.revision + 1)).rowcount > 0
        return replace(after, revision=after.revision + 1) if written else None

    def remove(self, incident_id: int) -> bool:
        """Forget it; False if there is none of this id. Its clip's file is the caller's."""
        with self._database.writing() as connection:
            return connection.execute(delete(INCIDENTS).where(_I.id == incident_id)).rowcount > 0

    def get(self, incident_id: int) -> Incident | None:
        with self._database.reading() as connection:
            row = connection.execute(select(INCIDENTS).where(_I.id == incident_id)).first()
        return None if row is None else _incident(row)

    def of_key(self, key: str) -> Incident | None:
        with self._database.reading() as connection:
            row = connection.execute(select(INCIDENTS).where(_I.key == key)).first()
        return None if row is None else _incident(row)

    def page(self, wanted: IncidentFilter, *, limit: int, offset: int = 0) -> tuple[list[Incident], int]:
        """Newest moment first, and how many there are in all."""
        order = _I.incident_us.desc(), _I.id.desc()
        return page_of(
            self._database, INCIDENTS, wanted.conditions(), order, limit=limit, offset=offset, as_value=_incident
        )

    def between(self, camera_ids: Sequence[str], from_us: int, to_us: int, limit: int = 1000) -> list[Incident]:
        """Those of these cameras whose moment lies in `[from_us, to_us)`, by moment; for the time axis."""
        conditions = IncidentFilter(camera_ids, None, from_us, to_us).conditions()
        query = select(INCIDENTS).where(*conditions).order_by(_I.incident_us, _I.id).limit(limit)
        with self._database.reading() as connection:
            return [_incident(row) for row in connection.execute(query)]

    def to_cut(self, due_by_us: int) -> list[Incident]:
        """Those whose clip is still to be cut and may be tried by then, by the end of what they want."""
        query = select(INCIDENTS).where(_I.status == "pending", _is_due(due_by_us))
        with self._database.reading() as connection:
            return [_incident(row) for row in connection.execute(query.order_by(_I.incident_us + _I.post_us, _I.id))]

    def first_to_deliver(self) -> list[Incident]:
        """Of those whose clip is still to be delivered the oldest of each camera, oldest first.

        The ones that have to wait (`next_try_us`) are among them, for a later one mustn't overtake.
        """
        firsts = select(func.min(_I.id)).where(_awaits_delivery()).group_by(_I.camera_id)
        with self._database.reading() as connection:
            query = select(INCIDENTS).where(_I.id.in_(firsts)).order_by(_I.id)
            return [_incident(row) for row in connection.execute(query)]

    def to_deliver_count(self) -> int:
        """How many clips are still to be delivered."""
        query = select(func.count()).select_from(INCIDENTS).where(_awaits_delivery())
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def open_count(self) -> int:
        """How many still have something to be done for them."""
        query = select(func.count()).select_from(INCIDENTS).where(_is_open())
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def shields(self) -> list[IncidentShield]:
        """The spans that open incidents need, by camera and start."""
        query = select(_I.camera_id, _I.incident_us, _I.pre_us, _I.post_us).where(_is_open())
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_I.camera_id, _I.incident_us - _I.pre_us, _I.id))
            return [
                IncidentShield(row.camera_id, row.incident_us - row.pre_us, row.incident_us + row.post_us)
                for row in rows
            ]

    def ended_before(self, ended_us: int, limit: int) -> list[Incident]:
        """Those for which nothing is to be done since before `ended_us`, longest first."""
        ended = func.max(
            func.coalesce(_I.uploaded_us, 0),
            func.coalesce(_I.failed_us, 0),
            func.coalesce(_I.extracted_us, 0),
            _I.created_us,
        )
        # The last condition follows from the one before; but for it there is an index.
        conditions = ~_is_open(), ended < ended_us, _I.created_us < ended_us
        query = select(INCIDENTS).where(*conditions).order_by(ended, _I.id).limit(limit)
        with self._database.reading() as connection:
            return [_incident(row) for row in connection.execute(query)]

    def delivered_with_clip(self, uploaded_before_us: int, limit: int) -> list[Incident]:
        """Those that were delivered before that instant and whose clip is still there."""
        # Nothing follows upon `uploaded`, so its instant says the state; for it there is an index.
        query = select(INCIDENTS).where(_I.clip_bytes.is_not(None), _I.uploaded_us < uploaded_before_us)
        with self._database.reading() as connection:
            return [_incident(row) for row in connection.execute(query.order_by(_I.uploaded_us).limit(limit))]

    def with_clip(self) -> list[Incident]:
        """All that say that their clip is on disk."""
        with self._database.reading() as connection:
            rows = connection.execute(select(INCIDENTS).where(_I.clip_bytes.is_not(None)).order_by(_I.id))
            return [_incident(row) for row in rows]

    def keys(self) -> set[str]:
        """Of all there are."""
        with self._database.reading() as connection:
            return set(connection.execute(select(_I.key)).scalars())


def _is_due(by_us: int) -> ColumnElement[bool]:
    return or_(_I.next_try_us.is_(None), _I.next_try_us <= by_us)


def _awaits_delivery() -> ColumnElement[bool]:
    return and_(_I.deliver == 1, _I.status.in_(_ON_ITS_WAY))


def _is_open() -> ColumnElement[bool]:
    return or_(_I.status == "pending", _awaits_delivery())


def _values(incident: Incident) -> dict[str, Any]:  # Any: columns of several types
    values = asdict(incident)
    del values["id"], values["revision"]
    missing = [[span.start_us, span.end_us, span.cause.value, span.detail] for span in incident.missing]
    return values | {
        "status": incident.status.value,
        "exact": int(incident.exact),
        "deliver": int(incident.deliver),
        "missing": json.dumps(missing, ensure_ascii=False, separators=(",", ":")),
    }


def _incident(row: Row[Any]) -> Incident:
    values = dict(row._mapping)
    spans = json.loads(values["missing"])
    return Incident(
        **values
        | {
            "status": IncidentStatus(values["status"]),
            "exact": bool(values["exact"]),
            "deliver": bool(values["deliver"]),
            "missing": tuple(MissingSpan(start, end, Cause(cause), detail) for start, end, cause, detail in spans),
        }
    )
