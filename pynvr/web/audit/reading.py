"""The log as it is read: the entries, and between them what became of the cameras, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pynvr.model.audit import Entry, Level, Source
from pynvr.model.cause import Cause, Transition
from pynvr.model.settings import Settings
from pynvr.store.audit import Wanted
from pynvr.store.store import Store

_PAGE = 500
_ERRORS = frozenset({Cause.FAULT, Cause.DISK_FULL, Cause.DISK_MISSING})
_WARNINGS = frozenset({Cause.UNREACHABLE, Cause.REFUSED, Cause.STALLED, Cause.UNUSABLE, Cause.NOT_RUNNING, Cause.CLOCK})
_WORDS = {
    Cause.RECORDED: "is recorded",
    Cause.STARTING: "is being connected",
    Cause.UNREACHABLE: "can't be reached",
    Cause.REFUSED: "refuses",
    Cause.STALLED: "sends nothing more",
    Cause.UNUSABLE: "sends what can't be recorded",
    Cause.DISK_FULL: "isn't recorded: the disk is full",
    Cause.DISK_MISSING: "isn't recorded: its disk is missing",
    Cause.DISABLED: "isn't recorded: switched off",
    Cause.SCHEDULE: "isn't recorded: so the schedule says",
    Cause.NOT_RUNNING: "isn't recorded: PyNVR doesn't run",
    Cause.CLOCK: "isn't recorded: the clock was set forward",
    Cause.FAULT: "isn't recorded: a fault in PyNVR",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list something stands: by time, at one instant entries before cameras, the newest of each first.

    `entry_id` 0: it is a camera's state.
    """

    at_us: int
    entry_id: int = 0
    camera_id: str = ""

    def __str__(self) -> str:
        return f"{self.at_us}.{self.entry_id}.{self.camera_id}"

    @staticmethod
    def read(text: str) -> "Place":
        """Of a text that was given out before; raises ValueError for any other."""
        at, entry, camera_id = text.split(".")
        if not (at.isascii() and at.isdecimal() and entry.isascii() and entry.isdecimal()) or len(text) > 110:
            raise ValueError("no place in the log")
        return Place(min(int(at), 1 << 62), min(int(entry), 1 << 62), camera_id)

    @property
    def order(self) -> tuple[int, int, str]:
        return self.at_us, self.entry_id, self.camera_id


@dataclass(frozen=True, slots=True)
class Line:
    """Something in the list."""

    place: Place
    entry: Entry


def lines(store: Store, settings: Settings, wanted: Wanted, limit: int, after: Place | None = None) -> list[Line]:
    """A page of the log, newest first; `after`: where the last one ended. Raises StoreError."""
    sources = wanted.sources or tuple(Source)
    found: list[Line] = []
    if set(sources) - {Source.CAMERA}:
        # At the instant at which the last page ended with a camera, all entries were told.
        before = None if after is None else (after.at_us, after.entry_id)
        found += [Line(Place(one.entry.at_us, one.id), one.entry) for one in store.audit.page(wanted, limit, before)]
    if Source.CAMERA in sources and not wanted.actor:
        found += _states(store, settings, wanted, limit, after)
    return sorted(found, key=lambda line: line.place.order, reverse=True)[:limit]


def all_lines(store: Store, settings: Settings, wanted: Wanted) -> Iterator[Line]:
    """The whole log, a page at a time."""
    after: Place | None = None
    while page := lines(store, settings, wanted, _PAGE, after):
        yield from page
        after = page[-1].place


def _states(store: Store, settings: Settings, wanted: Wanted, limit: int, after: Place | None) -> list[Line]:
    before: tuple[int, str] | None = None
    until_us = wanted.until_us
    if after is not None and after.entry_id:
        until_us = min(until_us, after.at_us + 1)
    elif after is not None:
        before = after.at_us, after.camera_id
    states = store.causes.changes(
        wanted.camera_ids,
        wanted.since_us,
        until_us,
        causes=_causes_of(wanted.levels) if wanted.levels else None,
        words=wanted.words,
        named=[one.id for one in settings.cameras if wanted.words.lower() in one.name.lower()],
        before=before,
        limit=limit,
    )
    return [Line(Place(one.since_us, 0, one.camera_id), state_entry(one, settings)) for one in states]


def state_entry(state: Transition, settings: Settings) -> Entry:
    """A camera's state as an entry."""
    words = _WORDS.get(state.cause, f"is not recorded: {state.cause}")
    called = settings.called(state.camera_id)
    text = f"camera {called} {words}{f' ({state.detail})' if state.detail else ''}"
    told = Entry(state.since_us, level_of(state.cause), Source.CAMERA, "camera.state", text, camera_id=state.camera_id)
    return replace(told, subject=state.cause.value)


def level_of(cause: Cause) -> Level:
    """How much it matters that a camera is in this state."""
    if cause in _ERRORS:
        return Level.ERROR
    return Level.WARNING if cause in _WARNINGS else Level.INFO


def _causes_of(levels: Sequence[str]) -> list[Cause]:
    return [cause for cause in Cause if level_of(cause).value in levels]
