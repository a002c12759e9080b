"""When a target is told: trouble that lasts, once, with pauses; and its end. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pynvr.model.notify import Event, Quiet, Target
from pynvr.notifier.conditions import Condition, Standing
from pynvr.notifier.holding import WELL_AFTER_S
from pynvr.store.notices import Told

_PART = "system "


@dataclass(frozen=True, slots=True)
class Telling:
    """What is due: one message about all of these."""

    event: Event
    troubled: bool
    conditions: tuple[Condition, ...]


def with_ended(conditions: Mapping[str, Condition], subjects: Iterable[str]) -> dict[str, Condition]:
    """Beside them those parts of the program, among the subjects, that have no problem any more: they are well."""
    ended = {
        subject: Condition("system", subject.removeprefix(_PART), subject.removeprefix(_PART), Standing.WELL)
        for subject in subjects
        if subject.startswith(_PART) and subject not in conditions
    }
    return {**conditions, **ended}


def due(
    target: Target,
    conditions: Mapping[str, Condition],
    told: Mapping[str, Told],
    held_s: Mapping[str, float],
    now_us: int,
) -> list[Telling]:
    """What to tell the target now; `held_s`: for how long each subject has stood as it does."""
    found: list[Telling] = []
    for event in ("camera", "disk", "system"):
        if event not in target.events:
            continue
        wanted = [one for one in conditions.values() if one.event == event and _concerns(target, one)]
        troubled = [one for one in wanted if _is_news(one, told, quiet_s(target.quiet, event), now_us)]
        if any(held_s.get(one.subject, 0.0) >= target.after_s for one in troubled):
            # Those that failed together are told together, though some were noticed a little later.
            late = [one for one in troubled if held_s.get(one.subject, 0.0) >= target.after_s / 2]
            found.append(Telling(event, troubled=True, conditions=tuple(late)))
        well = [one for one in wanted if _is_over(one, told)]
        if any(held_s.get(one.subject, 0.0) >= min(WELL_AFTER_S, target.after_s) for one in well):
            found.append(Telling(event, troubled=False, conditions=tuple(well)))
    return found


def unwanted(conditions: Mapping[str, Condition], told: Mapping[str, Told]) -> list[str]:
    """Subjects of which nobody wants to hear any more: a camera that was lost and then switched off or removed."""
    gone = {subject for subject in told if subject.startswith(("camera ", "disk ")) and subject not in conditions}
    off = {subject for subject, one in conditions.items() if subject in told and one.standing is Standing.UNWANTED}
    return sorted(gone | off)


def told_after(telling: Telling, told: Mapping[str, Told], now_us: int) -> dict[str, Told]:
    """What was told of these subjects then. An end keeps the time of its trouble: from that on the pause counts."""
    if telling.troubled:
        return {one.subject: Told(True, now_us) for one in telling.conditions}
    return {one.subject: Told(False, told[one.subject].told_us) for one in telling.conditions}


def quiet_s(quiet: Quiet, event: Event) -> float:
    return {"alert": quiet.alert_s, "camera": quiet.camera_s, "disk": quiet.disk_s, "system": quiet.system_s}[event]


def is_quiet(last: Told | None, for_s: float, now_us: int) -> bool:
    """Whether it is too soon after the last message; a clock that was set back ends every pause."""
    return last is not None and 0 <= now_us - last.told_us < for_s * 1_000_000


def _concerns(target: Target, condition: Condition) -> bool:
    return not condition.cameras or any(map(target.wants_camera, condition.cameras))


def _is_news(one: Condition, told: Mapping[str, Told], for_s: float, now_us: int) -> bool:
    last = told.get(one.subject)
    if one.standing is not Standing.TROUBLED or (last is not None and last.troubled):
        return False
    return not is_quiet(last, for_s, now_us)


def _is_over(one: Condition, told: Mapping[str, Told]) -> bool:
    last = told.get(one.subject)
    return one.standing is Standing.WELL and last is not None and last.troubled
