"""Coverage out of the database: gathers what `coverage.account_for` decides from."""

from collections.abc import Mapping, Sequence

from pynvr.store.coverage import Coverage, account_for
from pynvr.store.segments import Span
from pynvr.store.store import Store


def coverage_of(
    store: Store,
    camera_ids: Sequence[str],
    from_us: int,
    to_us: int,
    *,
    now_us: int,
    growing: Mapping[str, Sequence[Span]] | None = None,
    recorded: Mapping[str, Sequence[Span]] | None = None,
) -> dict[str, Coverage]:
    """Per camera, every instant of `[from_us, to_us)` up to now accounted for.

    `growing`: chunks that aren't segments yet, per camera; without them the running minute would look lost.
    `recorded`: what overlaps the period, if somebody knows it already; spans that touch may be one there.
    What lies in the future isn't accounted for.
    """
    to_us = max(from_us, min(to_us, now_us))
    if recorded is None:
        recorded = store.segments.spans(camera_ids, from_us, to_us)
    spans = {camera_id: [*recorded.get(camera_id, ()), *(growing or {}).get(camera_id, ())] for camera_id in camera_ids}
    around = store.axis.surroundings(spans, from_us, to_us)
    return {
        camera_id: account_for(
            from_us,
            to_us,
            [*own, *around[camera_id].beside],
            around[camera_id].transitions,
            around[camera_id].deletions,
        )
        for camera_id, own in spans.items()
    }
