"""Messages that are still to be sent, what each target was told already, and how it goes with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.tables import ALERTS, NOTICE_STATES, NOTICE_TARGETS, NOTICES

_N = NOTICES.c
_S = NOTICE_STATES.c
_T = NOTICE_TARGETS.c


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A message on its way. `key`: by which a receiver knows a repeat; `message`: JSON."""

    target: str
    key: str
    made_us: int
    message: str


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """How it goes with a target. `failure` without secrets; `waiting`: how many messages are on their way."""

    target: str
    alert_id: int = 0
    sent: int = 0
    given_up: int = 0
    sent_us: int | None = None
    failed_us: int | None = None
    failure: str = ""
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a target was told last of a subject, and when."""

    troubled: bool
    told_us: int


class Notices:
    """Tables `notices`, `notice_targets` and `notice_states`; the notifier alone writes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, notices: Iterable[WaitingNotice]) -> None:
        """Keep them until they are sent; one whose key its target has already changes nothing."""
        rows = [{"target": n.target, "key": n.key, "made_us": n.made_us, "message": n.message} for n in notices]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(NOTICES).on_conflict_do_nothing(), rows)

    def remove(self, target: str, keys: Sequence[str]) -> None:
        """They are sent, or given up."""
        with self._database.writing() as connection:
            connection.execute(delete(NOTICES).where(_N.target == target, _N.key.in_(keys)))

    def waiting(self, target: str) -> list[WaitingNotice]:
        """All that are still to be sent to the target, oldest first."""
        query = select(_N.target, _N.key, _N.made_us, _N.message).where(_N.target == target).order_by(_N.id)
        with self._database.reading() as connection:
            return [WaitingNotice(**row._mapping) for row in connection.execute(query)]

    def targets(self) -> dict[str, TargetRecord]:
        """Every target that was ever known, by name."""
        counted = select(_N.target, func.count().label("many")).group_by(_N.target)
        with self._database.reading() as connection:
            waiting = {row.target: row.many for row in connection.execute(counted)}
            rows = connection.execute(select(NOTICE_TARGETS))
            return {row.target: TargetRecord(**row._mapping, waiting=waiting.get(row.target, 0)) for row in rows}

    def write_target(self, record: TargetRecord) -> None:
        """Keep how it goes with a target; `waiting` is counted, not kept."""
        values = {
            "alert_id": record.alert_id,
            "sent": record.sent,
            "given_up": record.given_up,
            "sent_us": record.sent_us,
            "failed_us": record.failed_us,
            "failure": record.failure,
        }
        statement = insert(NOTICE_TARGETS).values(target=record.target, **values)
        with self._database.writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["target"], set_=values))

    def told(self, target: str) -> dict[str, Told]:
        """What the target was told last, by subject."""
        with self._database.reading() as connection:
            rows = connection.execute(select(NOTICE_STATES).where(_S.target == target))
            return {row.subject: Told(bool(row.troubled), row.told_us) for row in rows}

    def write_told(self, target: str, told: Mapping[str, Told | None]) -> None:
        """Keep what the target was told of these subjects; None: forget the subject."""
        rows = [
            {"target": target, "subject": subject, "troubled": int(one.troubled), "told_us": one.told_us}
            for subject, one in told.items()
            if one is not None
        ]
        gone = [subject for subject, one in told.items() if one is None]
        row = insert(NOTICE_STATES)
        upsert = row.on_conflict_do_update(
            index_elements=["target", "subject"],
            set_={"troubled": row.excluded.troubled, "told_us": row.excluded.told_us},
        )
        with self._database.writing() as connection:
            if rows:
                connection.execute(upsert, rows)
            if gone:
                connection.execute(delete(NOTICE_STATES).where(_S.target == target, _S.subject.in_(gone)))

    def forget_others(self, targets: Sequence[str]) -> None:
        """Forget all about targets that aren't among these."""
        with self._database.writing() as connection:
            for table, column in ((NOTICES, _N.target), (NOTICE_TARGETS, _T.target), (NOTICE_STATES, _S.target)):
                connection.execute(delete(table).where(column.not_in(targets)))

    def newest_alert(self) -> int:
        """The id of the newest alert that there ever was, as far as it is still there; 0 if there is none."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.max(ALERTS.c.id))).scalar_one() or 0)
