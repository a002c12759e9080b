"""What of a camera's video somebody wants kept, whatever moves: people by keeps, tags and incidents, detectors by what
they saw, and whoever reads it just now."""

from dataclasses import dataclass

from pynvr.finisher.keeping import Margins, Period
from pynvr.store.store import Store
from pynvr.store.tags import MOST_TAGS


@dataclass(frozen=True, slots=True)
class Wanted:
    """`periods`: to be kept, in no order, perhaps reaching over the ends of what was asked about. `is_read`: somebody
    reads some of it just now."""

    periods: frozenset[Period]
    is_read: bool


NOTHING = Wanted(frozenset(), False)


def wanted_of(store: Store, camera_id: str, whole: Period, margins: Margins, now_us: int) -> Wanted:
    """What is wanted of the camera's video in `whole`. Raises StoreError.

    Keeps and incidents say exactly what they mean. Tags and detections name a moment, so the margins belong to it, and
    what lies close outside reaches in.
    """
    start_us, end_us = whole
    near = start_us - margins.post_us, end_us + margins.pre_us
    keeps = [(one.start_us, one.end_us) for one in store.keeps.between([camera_id], start_us, end_us)]
    keeps += [(one.start_us, one.end_us) for one in store.incidents.shields() if one.camera_id == camera_id]
    moments = [(one.start_us, one.end_us) for one in store.tags.between([camera_id], *near, MOST_TAGS)]
    moments += [(at_us, at_us) for at_us in store.detections.instants(camera_id, *near)]
    around = [(begin_us - margins.pre_us, behind_us + max(margins.post_us, 1)) for begin_us, behind_us in moments]
    wanted = frozenset(one for one in (*keeps, *around) if one[0] < end_us and one[1] > start_us)
    leases = (lease for lease in store.leases.held(now_us) if lease.camera_id == camera_id)
    return Wanted(wanted, any(lease.start_us < end_us and lease.end_us > start_us for lease in leases))
