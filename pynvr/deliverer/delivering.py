"""All deliveries: a lane and at most one attempt a target, so that none waits for another.

What happened to an attempt is written down before its lane goes on. While the database can't be used, nothing begins.
"""

import logging
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pynvr.base.clock import Clock
from pynvr.base.errors import PyNVRError
from pynvr.deliverer.form import fields_of, file_name
from pynvr.deliverer.lanes import Lane, Waiting
from pynvr.deliverer.ledger import Ledger
from pynvr.deliverer.upload import Fate, Parcel, Report, Upload
from pynvr.model.incident import Incident, IncidentStatus, clip_path
from pynvr.model.settings import Delivery, Settings
from pynvr.posting.post import Address

# A person may have asked for a retry, a clip may have been cut.
LOOK_EVERY_S = 1.0
# A target that takes nothing for so long needs a person.
TROUBLE_AFTER_S = 600.0
# Threads that hang can't be ended, only with the process.
MOST_HANGING = 4

Target = tuple[str, str, int]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Ended:
    """An attempt whose outcome has yet to be written down."""

    report: Report
    again_us: int


class Deliveries:
    """For one thread; attempts have their own. `on_report`: called from theirs, when there is something to hear."""

    def __init__(self, settings: Callable[[], Settings], clock: Clock, on_report: Callable[[], None]) -> None:
        self.delivered = self.waiting = 0
        self._settings, self._clock, self._on_report = settings, clock, on_report
        self._lanes: dict[Target, Lane] = {}
        self._uploads: dict[Target, Upload] = {}
        self._hanging: list[Upload] = []
        self._reports: queue.SimpleQueue[tuple[Upload, Report]] = queue.SimpleQueue()
        self._ended: list[_Ended] = []
        self._look_s = float("-inf")
        self._homeless: set[str] = set()  # cameras of which that was said

    def look_soon(self) -> None:
        """There may be something new in the database."""
        self._look_s = float("-inf")

    def turn(self, ledger: Ledger) -> None:
        """Hear what became of attempts, begin those whose turn it is.

        Raises StoreError, and PyNVRError if too many hang.
        """
        self.hear()
        self.settle(ledger)
        now_s = self._clock.monotonic_s()
        if now_s - self._look_s >= LOOK_EVERY_S:
            firsts = ledger.first_of_each_camera()
            self.waiting = ledger.count() if firsts else 0
            self._look_s = now_s
            self._begin(ledger, firsts)

    def hear(self) -> None:
        """Take in what attempts report; those that hang are left to themselves."""
        while not self._reports.empty():
            upload, report = self._reports.get()
            target = _target(upload.waiting.delivery)
            if self._uploads.get(target) is upload:
                del self._uploads[target]
                self._note(target, report)
        for target, upload in list(self._uploads.items()):
            if upload.hangs:
                del self._uploads[target]
                self._hanging = [one for one in (*self._hanging, upload) if one.is_alive]
                self._note(target, Report(upload.waiting, Fate.FAILED, "the attempt has no end"))
        if len(self._hanging) > MOST_HANGING:
            raise PyNVRError("too many deliveries hang")

    def settle(self, ledger: Ledger) -> None:
        """Write down what was heard. Raises StoreError; what couldn't be written is next time."""
        while self._ended:
            ended = self._ended[0]
            if ledger.settle(ended.report, self._clock.now_us(), ended.again_us) is not None:
                self.delivered += ended.report.fate is Fate.TAKEN
            self._ended.pop(0)

    def troubles(self) -> list[str]:
        """What needs a person."""
        since_us = self._clock.now_us() - int(TROUBLE_AFTER_S * 1e6)
        return [
            f"{_name(target)} takes no clips of incidents: {reason}"
            for target, lane in sorted(self._lanes.items())
            for reason in lane.reasons(since_us)
        ]

    def close(self, within_s: float) -> bool:
        """Give attempts that long to end; whether all did. Those that don't are made again, with the same key."""
        until_s = self._clock.monotonic_s() + within_s
        for upload in self._uploads.values():
            upload.join(max(0.0, until_s - self._clock.monotonic_s()))
        self.hear()
        return not self._uploads and not any(upload.is_alive for upload in self._hanging)

    def _begin(self, ledger: Ledger, firsts: Sequence[Incident]) -> None:
        settings = self._settings()
        by_target: dict[Target, list[Waiting]] = {}
        under_way = {upload.waiting.incident.id for upload in self._uploads.values()}
        for first in firsts:
            incident: Incident | None = first
            if first.id in under_way:
                continue
            if first.status == IncidentStatus.UPLOADING:
                incident = ledger.interrupt(first)
            camera = settings.camera(first.camera_id)
            if incident is None:
                self.look_soon()
            elif camera is None or not camera.delivery.url:
                self._say_homeless(incident.camera_id)
                ledger.set_aside(incident)
                self.look_soon()
            else:
                by_target.setdefault(_target(camera.delivery), []).append(Waiting(incident, camera.delivery))
        self._homeless &= {first.camera_id for first in firsts}
        self._forget(settings)
        for target, waiting in by_target.items():
            if target not in self._uploads:
                one = self._lanes.get(target, Lane()).turn_of(waiting, self._clock.monotonic_s())
                if one is not None:
                    self._upload(ledger, target, one, settings)

    def _say_homeless(self, camera_id: str) -> None:
        """Once for all of a camera's incidents."""
        if camera_id not in self._homeless:
            self._homeless.add(camera_id)
            _log.warning(
                "camera %s has no post_url any more: clips that wait for it aren't delivered",
                self._settings().called(camera_id),
            )

    def _upload(self, ledger: Ledger, target: Target, one: Waiting, settings: Settings) -> None:
        begun = ledger.begin(one)
        if begun is None:
            self.look_soon()
            return
        camera = settings.camera(begun.incident.camera_id)
        name = begun.incident.camera_id if camera is None else camera.name
        parcel = Parcel(
            tuple(fields_of(begun.incident, name, settings.system.name)),
            clip_path(settings.system, begun.incident),
            file_name(begun.incident, settings.system.timezone),
        )
        self._uploads[target] = Upload(begun, parcel, self._tell)

    def _tell(self, upload: Upload, report: Report) -> None:
        self._reports.put((upload, report))
        self._on_report()

    def _note(self, target: Target, report: Report) -> None:
        """Whatever comes next follows from it, once it is written down."""
        lane, one, name = self._lanes.get(target, Lane()), report.waiting, _name(target)
        now_us, now_s = self._clock.now_us(), self._clock.monotonic_s()
        delay_s = 0.0
        if report.fate is Fate.FAILED:
            delay_s = report.delay_s(lane.failures + 1)
            if not lane.failures:
                _log.warning("%s takes no clips, they wait: %s", name, report.reason)
            lane = lane.after_failure(one, report.reason, now_s + delay_s)
        elif report.fate is Fate.WRONG_ADDRESS:
            failures = lane.failures_at(one.delivery)
            delay_s = report.delay_s(failures + 1)
            if not failures:
                called = self._settings().called(one.incident.camera_id)
                _log.warning("%s takes no clips for camera %s, they wait: %s", name, called, report.reason)
            lane = lane.after_wrong_address(one, report.reason, now_s + delay_s)
        elif report.fate is Fate.NO_CLIP:
            # A disk that gives nothing back must not be written to without end.
            delay_s = report.delay_s(max(1, one.incident.attempts))
            _log.warning("incident %d is cut again in %.0f s: %s", one.incident.id, delay_s, report.reason)
        else:
            if lane.failures or lane.failures_at(one.delivery):
                _log.info("%s takes clips again", name)
            if report.fate is Fate.REFUSED:
                _log.warning("incident %d will never be accepted: %s", one.incident.id, report.reason)
            lane = lane.after_answer(one)
        self._lanes[target] = lane
        self._ended.append(_Ended(report, now_us + int(delay_s * 1e6)))
        self.look_soon()

    def _forget(self, settings: Settings) -> None:
        deliveries = {camera.delivery for camera in settings.cameras if camera.delivery.url}
        targets = {_target(delivery) for delivery in deliveries}
        self._lanes = {target: lane.only_with(deliveries) for target, lane in self._lanes.items() if target in targets}


def _target(delivery: Delivery) -> Target:
    return Address(delivery.url).target


def _name(target: Target) -> str:
    scheme, host, port = target
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
