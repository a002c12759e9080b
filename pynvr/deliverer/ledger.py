"""How far each delivery is, in the database: every change is there before anything follows from it.

For one thread. Whoever was deleted or changed meanwhile (a person's retry) stays as it is then.
"""

from collections.abc import Sequence

from pynvr.deliverer.lanes import Waiting
from pynvr.deliverer.upload import Fate, Report
from pynvr.model.audit import Entry, Level, Source
from pynvr.model.incident import Incident, IncidentStatus
from pynvr.store.store import Store

NO_ADDRESS = "its camera has no post_url any more, so it isn't delivered; a retry delivers it when there is one again"


class Ledger:
    """Every method raises StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def first_of_each_camera(self) -> list[Incident]:
        """The oldest that still has to be delivered of each camera, or is being delivered."""
        return self._store.incidents.first_to_deliver()

    def count(self) -> int:
        """How many have a clip that still has to be delivered."""
        return self._store.incidents.to_deliver_count()

    def interrupt(self, incident: Incident) -> Incident | None:
        """A process before this one began it, and nobody knows whether it arrived."""
        return self._store.incidents.write(incident.interrupted())

    def begin(self, waiting: Waiting) -> Waiting | None:
        """An attempt; None if the incident isn't as it was any more."""
        begun = self._store.incidents.write(waiting.incident.uploading())
        return None if begun is None else Waiting(begun, waiting.delivery)

    def set_aside(self, incident: Incident) -> None:
        """There is nowhere to deliver it to."""
        self._store.incidents.write(incident.undeliverable(NO_ADDRESS))

    def settle(self, report: Report, now_us: int, again_us: int) -> Incident | None:
        """Write down what became of an attempt; None if the incident isn't there any more."""
        with self._store.transaction():
            incident = self._store.incidents.get(report.waiting.incident.id)
            if incident is None or incident.status != IncidentStatus.UPLOADING:
                return None
            after = self._store.incidents.write(_after(incident, report, now_us, again_us))
            if after is not None:
                for entry in _entries(after, report, now_us):
                    self._store.audit.add(entry)
            return after


def _after(incident: Incident, report: Report, now_us: int, again_us: int) -> Incident:
    match report.fate:
        case Fate.TAKEN:
            return incident.uploaded(now_us)
        case Fate.REFUSED:
            return incident.unacceptable(report.reason, now_us)
        case Fate.NO_CLIP:
            return incident.recut(report.reason, again_us)
        case Fate.FAILED | Fate.WRONG_ADDRESS:
            return incident.waiting(report.reason, again_us)


def _entries(incident: Incident, report: Report, now_us: int) -> Sequence[Entry]:
    if report.fate is Fate.TAKEN:
        level, action = Level.INFO, "incident.delivered"
        text = f"Incident {incident.id}: its clip was delivered"
    elif report.fate is Fate.REFUSED:
        level, action = Level.WARNING, "incident.refused"
        text = f"Incident {incident.id}: its clip will never be accepted: {report.reason}"
    elif report.fate in (Fate.FAILED, Fate.WRONG_ADDRESS) and incident.attempts == 1:
        level, action = Level.WARNING, "incident.waiting"
        text = f"Incident {incident.id}: its clip isn't taken, it is tried again: {report.reason}"
    else:
        return []
    detail = {"attempts": incident.attempts}
    return [Entry(now_us, level, Source.DELIVERER, action, text, "", "", incident.camera_id, str(incident.id), detail)]
