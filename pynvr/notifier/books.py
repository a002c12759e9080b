"""What of the messages is in the database, and what has yet to be written there: nobody waits for it.

A database that can't be used (its disk is full) mustn't keep anybody from being told of that.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pynvr.base.errors import StoreError
from pynvr.model.cause import Cause
from pynvr.store.alerts import Alert
from pynvr.store.notices import TargetRecord, Told, WaitingNotice
from pynvr.store.store import Store

_AGAIN_S = 5.0
_ALERTS_AT_ONCE = 100

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of a target. `record` None: it is new."""

    record: TargetRecord | None
    told: Mapping[str, Told]
    waiting: Sequence[WaitingNotice]
    newest_alert: int


class Books:
    """For one thread; times are monotonic. `failure`: why the database can't be used now, empty while it can."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self.failure = ""
        self._open_store = open_store
        self._store: Store | None = None
        self._again_s = float("-inf")
        self._added: dict[tuple[str, str], WaitingNotice] = {}
        self._removed: dict[str, set[str]] = {}
        self._records: dict[str, TargetRecord] = {}
        self._told: dict[str, dict[str, Told | None]] = {}

    def add(self, notice: WaitingNotice) -> None:
        self._added[notice.target, notice.key] = notice

    def remove(self, target: str, key: str) -> None:
        # Also if it is still to be added: whether that was done is only known when it is over.
        self._added.pop((target, key), None)
        self._removed.setdefault(target, set()).add(key)

    def keep_record(self, record: TargetRecord) -> None:
        self._records[record.target] = record

    def keep_told(self, target: str, told: Mapping[str, Told | None]) -> None:
        self._told.setdefault(target, {}).update(told)

    def save(self, now_s: float) -> None:
        """Write what has yet to be written, if the database can be used."""
        if any((self._added, self._removed, self._records, self._told)):
            self._use(self._write, now_s)

    def load(self, targets: Sequence[str], now_s: float) -> dict[str, Known] | None:
        """All that is known of these, and what is known of others is forgotten; None if the database can't be used."""

        def read(store: Store) -> dict[str, Known]:
            store.notices.forget_others(targets)
            records = store.notices.targets()
            newest = store.notices.newest_alert()
            return {
                name: Known(records.get(name), store.notices.told(name), store.notices.waiting(name), newest)
                for name in targets
            }

        return self._use(read, now_s)

    def alerts_after(self, alert_id: int, now_s: float) -> list[Alert]:
        """Those made since; empty also if the database can't be used."""
        return self._use(lambda store: store.alerts.after(alert_id, _ALERTS_AT_ONCE), now_s) or []

    def not_running_since(self, camera_ids: Sequence[str], at_us: int, now_s: float) -> int | None:
        """Since when PyNVR wasn't running at an instant; None: it was, or nobody knows."""

        def read(store: Store) -> list[int]:
            before = store.causes.between(camera_ids, at_us - 1, at_us).values()
            return [one[0].since_us for one in before if one and one[0].cause is Cause.NOT_RUNNING]

        return min(self._use(read, now_s) or [], default=None)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None

    def _write(self, store: Store) -> None:
        with store.transaction():
            store.notices.add(self._added.values())
            for target, keys in self._removed.items():
                store.notices.remove(target, sorted(keys))
            for record in self._records.values():
                store.notices.write_target(record)
            for target, told in self._told.items():
                store.notices.write_told(target, told)
        self._added, self._removed, self._records, self._told = {}, {}, {}, {}

    def _use(self, use: Callable[[Store], T], now_s: float) -> T | None:
        if self.failure and now_s < self._again_s:
            return None
        try:
            if self._store is None:
                self._store = self._open_store()
            result = use(self._store)
        except StoreError as err:
            if not self.failure:
                _log.warning("messages are kept in memory alone, for the database can't be used: %s", err)
            self.failure, self._again_s = str(err), now_s + _AGAIN_S
            self.close()
            return None
        if self.failure:
            _log.info("the database can be used again")
        self.failure = ""
        return result
