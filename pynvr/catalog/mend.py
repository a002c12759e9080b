"""What verification found, put right: the tree is the truth, so it is the catalog and the indexes that change."""

import logging
from dataclasses import replace
from zoneinfo import ZoneInfo

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import SegmentName, index_path, parse_name
from pynvr.base.errors import PyNVRError
from pynvr.catalog.entry import entry_of, read_record
from pynvr.catalog.verify import Finding
from pynvr.model.stamp import day_of
from pynvr.store.segments import SegmentKey
from pynvr.store.store import Store

_log = logging.getLogger(__name__)


def mend_finding(store: Store, zone: ZoneInfo, finding: Finding) -> bool:
    """Whether it is put right now. No recording is ever changed or deleted; a picture without a segment is."""
    parsed = parse_name(finding.path.name)
    if parsed is None:
        return False
    name = parsed[0]
    try:
        match finding.kind:
            case "not in tree":
                key = SegmentKey(str(finding.path.parent.parent), name.camera_id, name.stamp)
                return store.segments.remove([key]) == 1
            case "not in catalog" | "catalog differs" | "index lacks it" | "index differs":
                _read_again(store, zone, finding, name)
                return True
            case "picture without segment":
                finding.path.unlink(missing_ok=True)
                return True
            case _:
                return False
    except (PyNVRError, OSError, ValueError) as err:
        _log.warning("%s can't be put right: %s", finding.path, err)
        return False


def _read_again(store: Store, zone: ZoneInfo, finding: Finding, name: SegmentName) -> None:
    dst = finding.path.parent.parent
    index = index_path(dst, name.camera_id, day_of(name.stamp))
    found = read_record(dst, name, zone)
    known = next((record for record in read_records(index) if record.stamp == name.stamp), None)
    if known is not None and known.file_bytes == found.file_bytes:
        # The file doesn't tell these as well as the finisher did.
        found = replace(found, activity=known.activity, signature=known.signature)
    if finding.kind in {"index lacks it", "index differs"}:
        append_record(index, found)
    store.segments.add(entry_of(dst, name.camera_id, found))
