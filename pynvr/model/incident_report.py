"""An incident as it is reported: what isn't said comes from its camera's settings."""

import uuid
from dataclasses import dataclass

from pynvr.model.incident import LONGEST_NOTE, LONGEST_SIDE_US, Incident
from pynvr.model.settings import Camera, ClipCodec, IncidentSettings

_S = 1_000_000
# One that lies further ahead is a slip of the pen.
_AHEAD_US = 7 * 86_400 * _S


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says of an incident; None = as its camera has it. `key`: empty = a new one."""

    camera_id: str
    incident_us: int
    pre_s: float | None = None
    post_s: float | None = None
    exact: bool | None = None
    codec: ClipCodec | None = None
    note: str = ""
    key: str = ""

    def incident(self, camera: Camera | None, now_us: int, created_by: str) -> Incident:
        """What is to be stored; `camera`: None if it isn't in nvr.json any more. Raises ValueError with a sentence."""
        usual = IncidentSettings() if camera is None else camera.incident
        pre_us = _side_us("pre_seconds", usual.pre_s if self.pre_s is None else self.pre_s)
        post_us = _side_us("post_seconds", usual.post_s if self.post_s is None else self.post_s)
        if pre_us + post_us <= 0:
            raise ValueError("pre_seconds and post_seconds are 0: nothing is left to be shown")
        if self.incident_us > now_us + _AHEAD_US:
            raise ValueError("the incident lies more than a week ahead")
        if self.incident_us - pre_us <= 0:
            raise ValueError("the incident lies before 1970")
        if len(self.note) > LONGEST_NOTE:
            raise ValueError(f"the note has more than {LONGEST_NOTE} characters")
        return Incident(
            camera_id=self.camera_id,
            incident_us=self.incident_us,
            pre_us=pre_us,
            post_us=post_us,
            key=self.key or str(uuid.uuid4()),
            created_us=now_us,
            created_by=created_by,
            exact=usual.exact if self.exact is None else self.exact,
            codec=usual.codec if self.codec is None else self.codec,
            deliver=camera is not None and bool(camera.delivery.url),
            note=self.note,
        )


def _side_us(name: str, side_s: float) -> int:
    if not 0 <= side_s <= LONGEST_SIDE_US / _S:
        raise ValueError(f"{name} must be from 0 to {LONGEST_SIDE_US // _S}")
    return round(side_s * _S)
