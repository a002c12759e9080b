"""Alerts as a time axis shows them: one to a place of it, found by leaps through an index.

A busy street has thousands a day, and an axis shows a month of many cameras. So from each alert that is shown the query
leaps to the first one behind the end of its bucket; what lies between is never looked at.
"""

import json
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import text

from pynvr.store.database import Database

# A lane: camera, kind, viewed or not.
_LANES = """
recursive kinds (camera_id, kind) as (
  select value, (select min(kind) from alerts where camera_id = value) from json_each(:camera_ids)
  union all
  select camera_id, (select min(a.kind) from alerts a where a.camera_id = kinds.camera_id and a.kind > kinds.kind)
  from kinds where kind is not null
  limit :most
),
lanes (camera_id, kind, viewed) as (
  select camera_id, kind, value from kinds, json_each('[0, 1]') where kind is not null
)"""
_COUNT = text(f"with {_LANES} select count(*) from lanes")  # noqa: S608 (of constants)
_MARKS = text(
    f"""
with {_LANES},
leaps (camera_id, kind, viewed, at_us) as (
  select camera_id, kind, viewed, (
    select min(a.at_us) from alerts a
    where a.camera_id = lanes.camera_id and a.kind = lanes.kind and a.viewed = lanes.viewed
      and a.at_us >= :from_us and a.at_us < :to_us
  ) from lanes
  union all
  select camera_id, kind, viewed, (
    select min(a.at_us) from alerts a
    where a.camera_id = leaps.camera_id and a.kind = leaps.kind and a.viewed = leaps.viewed
      and a.at_us >= (leaps.at_us / :bucket_us + 1) * :bucket_us and a.at_us < :to_us
  ) from leaps where at_us is not null
  limit :most
)
select camera_id, kind, viewed, at_us, (
  select min(a.id) from alerts a
  where a.camera_id = leaps.camera_id and a.kind = leaps.kind and a.viewed = leaps.viewed and a.at_us = leaps.at_us
) as id from leaps"""  # noqa: S608 (of constants)
)


class AlertMark(NamedTuple):
    """As much of an alert as a time axis shows."""

    id: int
    camera_id: str
    at_us: int
    kind: str
    viewed: bool


class AlertMarks:
    """Reads table `alerts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(
        self, camera_ids: Sequence[str], from_us: int, to_us: int, bucket_us: int, most: int
    ) -> list[AlertMark]:
        """Of each of these cameras and each kind one a bucket in `[from_us, to_us)`: the first that nobody viewed, else
        the first; by time. Where that were more than `most`, the buckets are longer.
        """
        rows = self._leaps(camera_ids, from_us, to_us, bucket_us, most)
        if len(rows) > most:
            with self._database.reading() as connection:
                lanes = connection.execute(_COUNT, {"camera_ids": _json(camera_ids), "most": most}).scalar_one()
            # Each has a leap more that finds nothing, and one for the bucket in which the time begins.
            each = max(1, most // max(1, lanes) - 2)
            bucket_us = max(bucket_us, -(-(to_us - from_us) // each))
            rows = self._leaps(camera_ids, from_us, to_us, bucket_us, most)[:most]
        found = (
            AlertMark(alert_id, camera_id, at_us, kind, bool(viewed))
            for camera_id, kind, viewed, at_us, alert_id in rows
            if alert_id is not None
        )
        return one_a_bucket(found, bucket_us)

    def _leaps(
        self, camera_ids: Sequence[str], from_us: int, to_us: int, bucket_us: int, most: int
    ) -> Sequence[Any]:  # Any: rows of several types
        """One row a leap, those too that found nothing; more than `most` if there are."""
        values = {"camera_ids": _json(camera_ids), "from_us": from_us, "to_us": to_us, "bucket_us": bucket_us}
        with self._database.reading() as connection:
            return connection.execute(_MARKS, values | {"most": most + 1}).all()


def one_a_bucket(alerts: Iterable[AlertMark], bucket_us: int) -> list[AlertMark]:
    """Of a camera and kind one a bucket, by time: the first that nobody viewed, else the first."""
    kept: dict[tuple[str, str, int], AlertMark] = {}
    for alert in alerts:
        place = (alert.camera_id, alert.kind, alert.at_us // bucket_us)
        before = kept.get(place)
        if before is None or (alert.viewed, alert.at_us) < (before.viewed, before.at_us):
            kept[place] = alert
    return sorted(kept.values(), key=itemgetter(2, 0))


def _json(camera_ids: Sequence[str]) -> str:
    return json.dumps(list(camera_ids))
