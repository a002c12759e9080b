"""What detectors saw, as marks on a time axis: as many as can be told apart at its scale."""

from collections.abc import Iterable, Sequence

from pynvr.model.ticks import MICROSECONDS
from pynvr.store.alert_marks import AlertMark
from pynvr.store.store import Store
from pynvr.web.times import seconds

# From buckets as long as this on an axis tells of alerts alone: what moves at all is in the activity.
FINE_S = 20
# Of all cameras of an answer; of more, spread over its time, some are left out. The list of alerts has all.
_MOST_ALERTS = 10_000
# Of a camera, by time; the newest count.
_MOST_DETECTIONS = 5_000
# What was seen again so soon is one stretch.
_TOGETHER_US = 10 * MICROSECONDS


def marks_between(
    store: Store, camera_ids: Sequence[str], from_us: int, to_us: int, bucket_us: int
) -> dict[str, dict[str, object]]:
    """Per camera `alerts` and `detections`, as the answer has them. Raises StoreError."""
    alerts: dict[str, list[object]] = {}
    for one in store.alert_marks.between(camera_ids, from_us, to_us, bucket_us, _MOST_ALERTS):
        alerts.setdefault(one.camera_id, []).append(_alert_json(one))
    found: dict[str, dict[str, object]] = {}
    for camera_id in camera_ids:
        rows = (
            store.detections.marks(camera_id, from_us, to_us, _MOST_DETECTIONS)
            if bucket_us < FINE_S * MICROSECONDS
            else []
        )
        found[camera_id] = {
            "alerts": alerts.get(camera_id, []),
            "detections": [[seconds(start_us), seconds(end_us), kind] for start_us, end_us, kind in stretches(rows)],
        }
    return found


def stretches(rows: Iterable[tuple[int, str]]) -> list[tuple[int, int, str]]:
    """Instants and kinds, by time, as (start, end, kind), by start."""
    found: list[tuple[int, int, str]] = []
    last: dict[str, int] = {}
    for at_us, kind in rows:
        place = last.get(kind)
        if place is not None and at_us - found[place][1] <= _TOGETHER_US:
            found[place] = (found[place][0], at_us, kind)
        else:
            last[kind] = len(found)
            found.append((at_us, at_us, kind))
    return found


def _alert_json(alert: AlertMark) -> dict[str, object]:
    at = seconds(alert.at_us)
    return {"id": alert.id, "start": at, "end": at, "kind": alert.kind, "viewed": alert.viewed}
