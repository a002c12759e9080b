"""A camera's segments in a folder, oldest first, as the catalog tells them, without those that must stay."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pynvr.archive.paths import segment_path
from pynvr.reaper.candidate import Candidate
from pynvr.store.keeps import Keep
from pynvr.store.segments import OldSegment
from pynvr.store.store import Store

_FIRST_FETCH, _LARGEST_FETCH = 4, 512


def from_catalog(
    store: Store, dst: Path, camera_id: str, keeps: Sequence[Keep], before_us: int | None
) -> Iterator[Candidate]:
    """Segments that end before `before_us` (None = all), kept ones left out.

    Costs a look at an index for each fetch, however long the archive: what is kept is jumped over, not walked over.
    """
    from_us, fetch = 0, _FIRST_FETCH
    while True:
        rows = store.segments.oldest(str(dst), camera_id, fetch, from_us)
        for row in rows:
            if before_us is not None and row.end_us > before_us:
                return
            from_us = row.start_us + 1
            keep = _keep_over(row, keeps)
            if keep is not None:
                from_us = max(from_us, keep.end_us)
                break
            path = segment_path(dst, camera_id, row.key.stamp)
            yield Candidate(row.start_us, row.end_us, path.parent, path.name, row.file_bytes, row.key)
        else:
            if len(rows) < fetch:
                return
        fetch = min(fetch * 4, _LARGEST_FETCH)


def _keep_over(row: OldSegment, keeps: Sequence[Keep]) -> Keep | None:
    camera_id = row.key.camera_id
    return next(
        (keep for keep in keeps if keep.camera_id == camera_id and overlaps(keep, row.start_us, row.end_us)), None
    )


def overlaps(keep: Keep, start_us: int, end_us: int) -> bool:
    return keep.start_us < end_us and keep.end_us > start_us
