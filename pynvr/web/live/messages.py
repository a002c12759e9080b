"""What viewer and server say to each other, as bytes and JSON (docs/live.md)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pynvr.archive.looks import Look
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.live_items import Form, Fragment, Head, Shot
from pynvr.store.alerts import Alert
from pynvr.vision.detectors import FACE, MOTION
from pynvr.web.api.alerts import alert_json

# First byte of a binary message of /ws/live; the second is the length of the camera's id, which follows.
INIT, KEY_FRAGMENT, FRAGMENT, SOUND, PICTURE = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Command:
    """`type`: subscribe, unsubscribe, alerts, pause, resume, stop_stream. `camera` empty: all of them."""

    type: str = ""
    camera: str = ""
    mode: str = "mp4"
    sound: bool = False
    stream: str = "sub"

    @property
    def form(self) -> Form:
        return Form("jpeg" if self.mode == "jpeg" else "mp4", self.sound, "main" if self.stream == "main" else "sub")


def read_command(text: str) -> Command:
    """A JSON object with `type`, or `pause`, `resume`, `stop_stream` as they stand. Raises ValueError with words."""
    if text.strip() in ("pause", "resume", "stop_stream"):
        return Command(text.strip())
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("this is neither JSON nor one of pause, resume, stop_stream") from None
    if not isinstance(found, dict):
        raise ValueError("a message is a JSON object with 'type'")
    unknown = found.keys() - {"type", "camera", "mode", "sound", "stream"}
    if unknown:
        raise ValueError(f"{min(unknown)!r} means nothing here")
    command = Command(**found)
    if command.type not in ("subscribe", "unsubscribe", "alerts", "pause", "resume", "stop_stream"):
        raise ValueError("'type' is one of subscribe, unsubscribe, alerts, pause, resume, stop_stream")
    if not isinstance(command.camera, str) or not isinstance(command.sound, bool):
        raise ValueError("'camera' is a text, 'sound' true or false")
    if command.mode not in ("mp4", "jpeg"):
        raise ValueError("'mode' is mp4 or jpeg")
    if command.stream not in ("main", "sub"):
        raise ValueError("'stream' is main or sub")
    return command


def framed(kind: int, camera_id: str, data: bytes) -> bytes:
    """A binary message of /ws/live."""
    name = camera_id.encode()
    return bytes((kind, len(name))) + name + data


def kind_of(fragment: Fragment) -> int:
    if fragment.is_sound:
        return SOUND
    return KEY_FRAGMENT if fragment.is_key else FRAGMENT


def framed_shot(camera_id: str, shot: Shot) -> bytes:
    return framed(PICTURE, camera_id, shot.time_us.to_bytes(8, "big") + shot.data)


def stream(camera_id: str, head: Head, sound: bool) -> str:
    """Goes before each init segment. `number`: another one means another time line, and a new buffer."""
    video = head.video
    return text(
        "stream",
        camera_id,
        {
            "number": head.number,
            "mime": head.sounding_type if sound else head.plain_type,
            "mime_with_sound": head.sounding_type if head.has_sound else None,
            "codec": video.codec,
            "width": video.width,
            "height": video.height,
            "source": head.stream,
            "stands_in": head.stands_in,
        },
    )


def clock(camera_id: str, origin_us: int, begin_s: float) -> str:
    """The wall time of 0 on the stream's time line, for what follows."""
    return text("clock", camera_id, {"origin": origin_us / MICROSECONDS, "from": round(begin_s, 6)})


def seen(look: Look) -> str:
    """What a detector saw in a picture that was shown just now; no boxes: it is over."""
    boxes = [{**place._asdict(), "confidence": confidence} for confidence, place in look.seen]
    kind = "motion" if look.kind == MOTION else "seen"
    return text(kind, look.camera_id, {"kind": look.kind, "time": look.at_us / MICROSECONDS, "boxes": boxes})


def alert(new: Alert, camera_name: str) -> str:
    """An alert as /api/alerts/ gives it."""
    kind = "face_alert" if new.detection.kind == FACE else "alert"
    return text(kind, new.detection.camera_id, {"camera_name": camera_name, **alert_json(new)})


def unviewed(count: int) -> str:
    return text("alerts", "", {"unviewed": count})


def text(kind: str, camera_id: str, fields: Mapping[str, Any]) -> str:  # Any: JSON
    camera = {"camera": camera_id} if camera_id else {}
    return json.dumps({"type": kind, **camera, **fields}, ensure_ascii=False, separators=(",", ":"))
