"""Coverage out of the database: gathers what `coverage.account_for` decides from."""

from collections.abc import Mapping, Sequence

from pynvr.store.coverage import Coverage, account_for, known_spans
from pynvr.store.segments import Span
from pynvr.store.store import Store

_FOREVER_US = 1 << 62


def coverage_of(
    store: Store,
    camera_ids: Sequence[str],
    from_us: int,
    to_us: int,
    *,
    now_us: int,
    growing: Mapping[str, Sequence[Span]] | None = None,
) -> dict[str, Coverage]:
    """Per camera, every instant of `[from_us, to_us)` up to now accounted for.

    `growing`: chunks that aren't segments yet, per camera, each until now; without them the running minute would look
    lost. What lies in the future isn't accounted for.
    """
    to_us = max(from_us, min(to_us, now_us))
    return {
        camera_id: _one(store, camera_id, from_us, to_us, (growing or {}).get(camera_id, ()))
        for camera_id in camera_ids
    }


def _one(store: Store, camera_id: str, from_us: int, to_us: int, growing: Sequence[Span]) -> Coverage:
    spans = store.segments.spans([camera_id], from_us, to_us)[camera_id]
    spans += [*store.segments.around(camera_id, from_us, to_us), *growing]
    deletions = store.deletions.between([camera_id], from_us, to_us)[camera_id]
    deletions += store.deletions.around(camera_id, from_us, to_us)
    known = known_spans(spans, deletions)
    first_us = max((span.end_us for span in known if span.end_us <= from_us), default=0)
    last_us = min((span.start_us for span in known if span.start_us >= to_us), default=_FOREVER_US)
    transitions = store.causes.between([camera_id], first_us, last_us)[camera_id]
    return account_for(from_us, to_us, spans, transitions, deletions)
