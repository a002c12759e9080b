"""An incident: a moment of a camera for which a clip is wanted, and the law of its states.

    pending ──▶ extracted ──▶ uploading ──▶ uploaded
       │            │          │  ▲  │
       ▼            │          ▼  │  ▼
    failed          └────────▶ waiting  failed

Every method gives the incident as it is afterwards and changes nothing; the store keeps it (`Incidents.write`).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from pynvr.base.errors import IncidentStateError
from pynvr.model.cause import Cause
from pynvr.model.settings import System

# The process that cuts the clips and delivers them, by which the web process wants it.
DELIVERER = "deliverer"
LONGEST_SIDE_US = 3_600_000_000
LONGEST_NOTE = 1000


class IncidentStatus(StrEnum):
    """`upload_status` of the interface."""

    PENDING = "pending"  # the clip is still to be cut: its last second may lie ahead
    EXTRACTED = "extracted"  # there is a clip
    UPLOADING = "uploading"  # the clip is on its way right now, or was when the program died
    WAITING = "waiting"  # the delivery failed and is tried again from `next_try_us` on
    UPLOADED = "uploaded"  # the target accepted it
    FAILED = "failed"  # nothing was recorded, or the target will never accept it; `retry` begins again


@dataclass(frozen=True, slots=True)
class MissingSpan:
    """A span of the time asked for that the clip lacks. `detail`: a sentence for people, may be empty."""

    start_us: int
    end_us: int
    cause: Cause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip as it was cut. `start_us`, `end_us`: the first instant it shows, and the one after its last."""

    start_us: int
    end_us: int
    file_bytes: int
    missing: tuple[MissingSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident.

    `id`: 0 as long as it isn't stored. `key`: by which its clip is named and a receiver knows a repeated delivery.
    `exact`: the clip begins and ends at the very frame, newly encoded; else it begins at the keyframe before, with an
    edit list. `codec`: "copy" as recorded, "h264": H.264 whatever was recorded. `deliver`: whether it is to be
    delivered at all (its camera had a `post_url` when it was reported, or a retry asked since). `created_by`: name of a
    user or token, empty = the command line. `attempts`: deliveries that were begun. `next_try_us`: nothing is tried
    before; None = any time. `last_error`: without secrets. `revision`: counts the writes.
    """

    camera_id: str
    incident_us: int
    pre_us: int
    post_us: int
    key: str
    created_us: int
    created_by: str = ""
    exact: bool = False
    codec: str = "copy"
    deliver: bool = False
    note: str = ""
    status: IncidentStatus = IncidentStatus.PENDING
    attempts: int = 0
    next_try_us: int | None = None
    last_error: str = ""
    extracted_us: int | None = None
    uploaded_us: int | None = None
    failed_us: int | None = None
    clip_start_us: int | None = None
    clip_end_us: int | None = None
    clip_bytes: int | None = None
    missing: tuple[MissingSpan, ...] = ()
    revision: int = 0
    id: int = 0

    @property
    def start_us(self) -> int:
        return self.incident_us - self.pre_us

    @property
    def end_us(self) -> int:
        """Exclusive."""
        return self.incident_us + self.post_us

    @property
    def has_clip(self) -> bool:
        """Whether its clip is there: it was cut and not deleted since."""
        return self.clip_bytes is not None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done for it without anybody asking."""
        if self.status == IncidentStatus.PENDING:
            return True
        return self.deliver and self.status not in (IncidentStatus.UPLOADED, IncidentStatus.FAILED)

    @property
    def ended_us(self) -> int | None:
        """Since when nothing is to be done for it; None while it is open."""
        if self.is_open:
            return None
        return max(self.uploaded_us or 0, self.failed_us or 0, self.extracted_us or 0) or self.created_us

    def extracted(self, clip: Clip, now_us: int) -> "Incident":
        """Its clip is on disk, whole and flushed."""
        self._must_be("extracted", IncidentStatus.PENDING)
        return replace(
            self,
            status=IncidentStatus.EXTRACTED,
            extracted_us=now_us,
            clip_start_us=clip.start_us,
            clip_end_us=clip.end_us,
            clip_bytes=clip.file_bytes,
            missing=clip.missing,
            next_try_us=None,
            last_error="",
        )

    def postponed(self, error: str, next_try_us: int) -> "Incident":
        """Its clip couldn't be cut for a reason that may pass: a full disk, a locked database."""
        self._must_be("postponed", IncidentStatus.PENDING)
        return replace(self, last_error=error, next_try_us=next_try_us)

    def unrecorded(self, error: str, missing: tuple[MissingSpan, ...], now_us: int) -> "Incident":
        """There will never be a clip."""
        self._must_be("unrecorded", IncidentStatus.PENDING)
        failed = IncidentStatus.FAILED
        return replace(self, status=failed, failed_us=now_us, last_error=error, missing=missing, next_try_us=None)

    def uploading(self) -> "Incident":
        """A delivery begins: it is on disk that it was tried before the first byte leaves."""
        self._must_be("uploading", IncidentStatus.EXTRACTED, IncidentStatus.WAITING)
        return replace(self, status=IncidentStatus.UPLOADING, attempts=self.attempts + 1, next_try_us=None)

    def waiting(self, error: str, next_try_us: int) -> "Incident":
        """The delivery failed, or can't begin, and is tried again."""
        waiting = IncidentStatus.WAITING
        self._must_be("waiting", IncidentStatus.UPLOADING, IncidentStatus.EXTRACTED, waiting)
        return replace(self, status=waiting, last_error=error, next_try_us=next_try_us)

    def uploaded(self, now_us: int) -> "Incident":
        """The target accepted it."""
        self._must_be("uploaded", IncidentStatus.UPLOADING)
        return replace(
            self, status=IncidentStatus.UPLOADED, uploaded_us=now_us, failed_us=None, last_error="", next_try_us=None
        )

    def unacceptable(self, error: str, now_us: int) -> "Incident":
        """The target said that it will never take it."""
        self._must_be("unacceptable", IncidentStatus.UPLOADING)
        return replace(self, status=IncidentStatus.FAILED, failed_us=now_us, last_error=error, next_try_us=None)

    def undeliverable(self, error: str) -> "Incident":
        """There is nowhere to deliver it to any more: only its clip is left, until a retry."""
        extracted = IncidentStatus.EXTRACTED
        self._must_be("undeliverable", extracted, IncidentStatus.WAITING)
        return replace(self, status=extracted, deliver=False, last_error=error, next_try_us=None)

    def interrupted(self) -> "Incident":
        """The program died while it delivered it: nobody knows whether it arrived, so it is delivered again."""
        self._must_be("interrupted", IncidentStatus.UPLOADING)
        return replace(self, status=IncidentStatus.WAITING, next_try_us=None)

    def retried(self, deliver: bool) -> "Incident":
        """Whoever asks wants it tried now. `deliver`: whether its camera has a `post_url`.

        Raises IncidentStateError if it was delivered, or is on its way.
        """
        if self.status == IncidentStatus.UPLOADED:
            raise IncidentStateError("the incident was delivered")
        if self.status == IncidentStatus.UPLOADING:
            raise IncidentStateError("the incident is being delivered right now")
        status = IncidentStatus.EXTRACTED if self.has_clip else IncidentStatus.PENDING
        return replace(self, status=status, deliver=self.deliver or deliver, next_try_us=None, failed_us=None)

    def recut(self, error: str, next_try_us: int | None = None) -> "Incident":
        """Its clip is gone from the disk before it was delivered, or can't be read: it has to be cut again."""
        self._must_be("cut again", IncidentStatus.EXTRACTED, IncidentStatus.WAITING, IncidentStatus.UPLOADING)
        return replace(self.without_clip(), status=IncidentStatus.PENDING, last_error=error, next_try_us=next_try_us)

    def without_clip(self) -> "Incident":
        """Its clip was deleted; what it was is kept but for its size."""
        return replace(self, clip_bytes=None)

    def _must_be(self, wanted: str, *allowed: IncidentStatus) -> None:
        if self.status not in allowed:
            raise IncidentStateError(f"an incident that is {self.status.value} can't become {wanted}")


def clips_dir(system: System) -> Path:
    """The folder of the clips, 0750."""
    return system.data_dir / "incidents"


def clip_path(system: System, incident: Incident) -> Path:
    """Where the clip of the incident is, or is going to be."""
    return clips_dir(system) / f"{incident.key}.mp4"
