"""The audit log: who did what, from where; rows are only added, and old ones deleted."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sqlalchemy import ColumnElement, delete, func, literal_column, or_, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.base.redaction import redact
from pynvr.model.audit import LONGEST_NAME, LONGEST_SUBJECT, LONGEST_TEXT, Entry, Level, Source
from pynvr.store.database import Database
from pynvr.store.paging import Conditions, of_cameras
from pynvr.store.tables import AUDIT

# About a gigabyte. Whoever floods the log must not fill the disk.
MOST_ENTRIES = 2_000_000
_LONGEST_DETAIL = 20_000
# Longer than any password, so that none is cut off from what shows that it is one.
_MARGIN = 1_000
_LONGEST_WORD = 64
_UNUSUAL = re.compile(r"[^a-z0-9._-]")
_CAMERA_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DELETED_AT_ONCE = 5_000

_A = AUDIT.c
# As it stands in the index of just those, or SQLite doesn't see that this one will do.
_NOTABLE = _A.level != literal_column("'info'")


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry as the database has it; `id` grows with each."""

    id: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries somebody wants to see; None and empty = any. `words`: part of any of an entry's texts."""

    since_us: int = 0
    until_us: int = 1 << 62
    sources: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    actor: str = ""
    camera_ids: Sequence[str] | None = None
    words: str = ""


class Audit:
    """Table `audit`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *entries: Entry) -> None:
        """File entries; within `store.transaction()` together with the change that they tell. Raises StoreError.

        Texts that are too long are cut, and passwords in addresses are masked, so that no entry is refused.
        """
        if entries:
            with self._database.writing() as connection:
                connection.execute(insert(AUDIT), [_row(entry) for entry in entries])

    def page(self, wanted: Wanted, limit: int, before: tuple[int, int] | None = None) -> list[Filed]:
        """The newest first; `before`: only those older than this instant and id, where the last page ended."""
        conditions = _conditions(wanted)
        until_us = wanted.until_us
        if before is not None:
            at_us, entry_id = before
            until_us = min(until_us, at_us + 1)
            conditions.append(or_(_A.at_us < at_us, _A.id < entry_id))
        conditions.append(_A.at_us < until_us)  # a second bound would be none for the index
        query = select(AUDIT).where(*conditions).order_by(_A.at_us.desc(), _A.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_filed(row) for row in connection.execute(query)]

    def actors(self) -> list[str]:
        """The names of all that did something."""
        found: list[str] = []
        with self._database.reading() as connection:
            # Each is the first behind the last in the index: no look at all that they did.
            while True:
                query = select(func.min(_A.actor)).where(_A.actor > (found[-1] if found else ""), _A.actor != "")
                name = connection.execute(query).scalar_one()
                if name is None:
                    return found
                found.append(name)

    def prune(self, before_us: int, most: int = MOST_ENTRIES) -> int:
        """Delete what is older, and the oldest of more than `most`; returns how many rows."""
        deleted = self._delete(_A.at_us < before_us, _A.at_us)
        with self._database.reading() as connection:
            newest = connection.execute(select(func.max(_A.id))).scalar_one() or 0
        return deleted + self._delete(_A.id <= newest - most, _A.id)

    def _delete(self, condition: ColumnElement[bool], order: ColumnElement[int]) -> int:
        """How many; few in each transaction, so that nobody waits long for the database."""
        old = select(_A.id).where(condition).order_by(order).limit(_DELETED_AT_ONCE)
        deleted = 0
        while True:
            with self._database.writing() as connection:
                many = connection.execute(delete(AUDIT).where(_A.id.in_(old))).rowcount
            deleted += many
            if many < _DELETED_AT_ONCE:
                return deleted


def _conditions(wanted: Wanted) -> Conditions:
    conditions: Conditions = [_A.at_us >= wanted.since_us, *of_cameras(_A.camera_id, wanted.camera_ids)]
    if wanted.sources:
        conditions.append(_A.source.in_(wanted.sources))
    if wanted.levels:
        conditions.append(_A.level.in_(wanted.levels))
        if Level.INFO.value not in wanted.levels:
            conditions.append(_NOTABLE)
    if wanted.actor:
        conditions += [_A.actor == wanted.actor, _A.actor != ""]
    if wanted.words:
        parts = (_A.text, _A.action, _A.subject, _A.actor, _A.address, _A.camera_id)
        conditions.append(or_(*(part.contains(wanted.words, autoescape=True) for part in parts)))
    return conditions


def _row(entry: Entry) -> dict[str, object]:
    """In the form that the table takes, whatever it is: an entry that is refused would hold up all behind it."""
    detail = json.dumps(_masked(dict(entry.detail)), ensure_ascii=False)
    return {
        "at_us": max(1, entry.at_us),
        "level": entry.level.value,
        "source": entry.source.value,
        "actor": _whole(entry.actor[:LONGEST_NAME]),
        "address": _whole(entry.address[:LONGEST_NAME]),
        "action": _UNUSUAL.sub("-", entry.action.lower())[:_LONGEST_WORD] or "-",
        "camera_id": entry.camera_id if _CAMERA_ID.fullmatch(entry.camera_id) else "",
        "subject": _shown(entry.subject, LONGEST_SUBJECT),
        "text": _shown(entry.text, LONGEST_TEXT),
        "detail": detail if len(detail) <= _LONGEST_DETAIL else "{}",
    }


def _shown(text: str, longest: int) -> str:
    """Cut before it is masked too: looking for addresses in a long text takes the square of its length."""
    return _whole(redact(text[: min(longest, LONGEST_TEXT) + _MARGIN])[:longest])


def _whole(text: str) -> str:
    """Without half characters (surrogates alone): a command's arguments hold some where a terminal isn't UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _masked(value: object) -> object:
    """What JSON can hold, with the passwords of all addresses in it masked."""
    if isinstance(value, Mapping):
        return {_whole(str(key)): _masked(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(one) for one in value]
    is_plain = value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value))
    return value if is_plain else _shown(str(value), _LONGEST_DETAIL)


def _filed(row: Any) -> Filed:  # Any: a row of several types
    values = dict(row._mapping)
    entry_id = values.pop("id")
    values["level"], values["source"] = Level(values["level"]), Source(values["source"])
    values["detail"] = json.loads(values["detail"])
    return Filed(entry_id, Entry(**values))
