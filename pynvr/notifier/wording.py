"""Messages in words. Pure."""

from collections.abc import Sequence
from urllib.parse import urlencode

from pynvr.model.cause import Cause
from pynvr.model.notify import Target
from pynvr.notifier.conditions import Condition
from pynvr.notifier.message import Happening, Message, Seen, Sender, Subject, iso
from pynvr.notifier.telling import Telling
from pynvr.store.alerts import Alert

_DEFAULT_NAME = "PyNVR"
# What led to it is of interest too.
_LINK_BEFORE_S = 3
_WORDS: dict[str, str] = {
    Cause.UNREACHABLE: "it can't be reached",
    Cause.REFUSED: "it refuses the connection",
    Cause.STALLED: "it sends no video",
    Cause.UNUSABLE: "what it sends can't be recorded",
    Cause.DISK_FULL: "the disk is full",
    Cause.DISK_MISSING: "the disk is missing or can't be written",
    Cause.FAULT: "a fault in PyNVR",
}


def of_alert(alert: Alert, camera_name: str, target: Target, sender: Sender) -> Message:
    """Something was seen."""
    seen = alert.detection
    what = seen.kind.replace("_", " ").replace("-", " ")
    share = f"{seen.confidence * 100:.0f} % sure"
    return Message(
        # The instant too: a database that was made anew counts from 1 again.
        f"alert-{alert.id}-{seen.at_us}",
        "alert",
        seen.at_us,
        _titled(sender, f"{what} at {camera_name}"),
        f"{camera_name} saw {what} at {_clock(seen.at_us, sender)} ({share}).",
        _link(target, seen.camera_id, seen.at_us),
        (Subject(seen.camera_id, camera_name),),
        seen=Seen(
            alert.id,
            seen.kind,
            seen.confidence,
            None if seen.box is None else (seen.box.x, seen.box.y, seen.box.width, seen.box.height),
            seen.made_by,
            seen.image_path,
        ),
    )


def of_telling(telling: Telling, target: Target, sender: Sender, key: str, now_us: int) -> Message:
    """Trouble, or its end."""
    subjects = tuple(_subject(one) for one in telling.conditions)
    is_camera = telling.event == "camera"
    first = telling.conditions[0]
    since_us = min((one.since_us for one in telling.conditions if one.since_us), default=0)
    return Message(
        key,
        _happening(telling),
        now_us,
        _titled(sender, _heading(telling)),
        "\n".join(_line(one, telling.troubled, sender) for one in telling.conditions),
        _link(target, first.id, since_us or now_us) if is_camera else _system_link(target),
        subjects if is_camera else (),
        () if is_camera else subjects,
    )


def of_pause(from_us: int, to_us: int, target: Target, sender: Sender, key: str) -> Message:
    """PyNVR itself wasn't there."""
    return Message(
        key,
        "system_trouble",
        to_us,
        _titled(sender, "nothing was recorded for a while"),
        f"PyNVR didn't run from {_clock(from_us, sender)} to {_clock(to_us, sender)}; it runs again.",
        _system_link(target),
        things=(Subject("pause", "PyNVR", detail="it didn't run", since_us=from_us),),
    )


def of_test(target: Target, sender: Sender, key: str, now_us: int) -> Message:
    """Whether it comes through."""
    return Message(
        key,
        "test",
        now_us,
        _titled(sender, "a test"),
        f"This is a test of {target.name}, sent at {_clock(now_us, sender)}. It works.",
        _system_link(target),
    )


def _happening(telling: Telling) -> Happening:
    words: dict[str, tuple[Happening, Happening]] = {
        "camera": ("camera_lost", "camera_found"),
        "disk": ("disk_trouble", "disk_well"),
        "system": ("system_trouble", "system_well"),
    }
    return words[telling.event][0 if telling.troubled else 1]


def _heading(telling: Telling) -> str:
    names = [one.name for one in telling.conditions]
    many = len(names) > 1
    match telling.event, telling.troubled:
        case "camera", True:
            return f"{len(names)} cameras are lost" if many else f"{names[0]} is lost"
        case "camera", False:
            return f"{len(names)} cameras are back" if many else f"{names[0]} is back"
        case "disk", True:
            return f"trouble with {len(names)} folders for recordings" if many else f"trouble with {names[0]}"
        case "disk", False:
            return f"{len(names)} folders can be recorded to again" if many else f"{names[0]} can be recorded to again"
        case _, True:
            return f"trouble with {_listed(names)}"
        case _:
            return f"no more trouble with {_listed(names)}"


def _line(one: Condition, troubled: bool, sender: Sender) -> str:
    if not troubled:
        words = {"camera": "is recorded again", "disk": "can be recorded to again", "system": "is well again"}
        return f"{one.name} {words[one.event]}."
    since = f", since {_clock(one.since_us, sender)}" if one.since_us else ""
    cause = _WORDS.get(one.cause, one.cause)
    if one.event == "system":
        return f"{one.detail or one.name}{since}."
    detail = f" ({one.detail})" if one.detail else ""
    if one.event == "camera":
        return f"{one.name} isn't recorded{since}: {cause}{detail}."
    return f"Nothing is recorded to {one.name}{since}: {cause}{detail}. Cameras: {_listed(one.called)}."


def _subject(one: Condition) -> Subject:
    return Subject(one.id, one.name, one.cause, one.detail, one.since_us)


def _titled(sender: Sender, words: str) -> str:
    return f"{sender.name or _DEFAULT_NAME}: {words}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _clock(at_us: int, sender: Sender) -> str:
    """As 2026-05-01 14:03:22, in local time."""
    return iso(at_us, sender.zone)[:19].replace("T", " ")


def _link(target: Target, camera_id: str, at_us: int) -> str:
    if not target.site:
        return ""
    query = urlencode({"cams": camera_id, "t": f"{at_us / 1e6 - _LINK_BEFORE_S:.3f}"})
    return f"{target.site}/scrub?{query}"


def _system_link(target: Target) -> str:
    return f"{target.site}/system" if target.site else ""
