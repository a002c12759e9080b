"""A camera's segments in a folder, oldest first, as the catalog tells them, without those that must stay."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pynvr.archive.paths import segment_path
from pynvr.reaper.candidate import Candidate, Shield
from pynvr.store.segments import OldSegment
from pynvr.store.store import Store

_FIRST_FETCH, _LARGEST_FETCH = 4, 512


def from_catalog(
    store: Store, dst: Path, camera_id: str, shields: Sequence[Shield], before_us: int | None
) -> Iterator[Candidate]:
    """Segments that end before `before_us` (None = all), those under a shield left out.

    Costs a look at an index for each fetch, however long the archive: what stays is jumped over, not walked over.
    """
    from_us, fetch = 0, _FIRST_FETCH
    shields = [one for one in shields if one.camera_id == camera_id]
    while True:
        rows = store.segments.oldest(str(dst), camera_id, fetch, from_us)
        for row in rows:
            if before_us is not None and row.end_us > before_us:
                return
            from_us = row.start_us + 1
            shield = _shield_over(row, shields)
            if shield is not None:
                from_us = max(from_us, shield.end_us)
                break
            path = segment_path(dst, camera_id, row.key.stamp)
            yield Candidate(row.start_us, row.end_us, path.parent, path.name, row.file_bytes, row.key)
        else:
            if len(rows) < fetch:
                return
        fetch = min(fetch * 4, _LARGEST_FETCH)


def _shield_over(row: OldSegment, shields: Sequence[Shield]) -> Shield | None:
    return next((one for one in shields if overlaps(one, row.start_us, row.end_us)), None)


def overlaps(shield: Shield, start_us: int, end_us: int) -> bool:
    return shield.start_us < end_us and shield.end_us > start_us
