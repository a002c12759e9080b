"""What goes into the ZIP of several cameras' range, and what doesn't and why."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from pynvr.base.errors import FormatChangesError, NothingRecordedError, UnevenRangeError
from pynvr.model.cause import Cause
from pynvr.model.settings import Settings
from pynvr.playback.range_name import named_range, safe_name, shortened, tags_in_name
from pynvr.playback.range_plan import Gaps, RangePlan
from pynvr.playback.ranges import Ranges
from pynvr.store.accounting import coverage_of
from pynvr.store.coverage import Account
from pynvr.store.store import Store
from pynvr.store.tags import Tag

# Of all cameras together; the plan of a camera's day of minutes takes 250 kB.
LONGEST_S = 200 * 86_400
# Of a camera: those of a script that runs wild take no other camera's place.
MOST_TAGS = 500
_ENDING = ".mp4"
# Of a file's name, on every file system; signs of other alphabets take up to four.
_NAME_BYTES = 255


class ZipWish(NamedTuple):
    """What is asked for: `[from_us, to_us)` of these cameras."""

    camera_ids: Sequence[str]
    from_us: int
    to_us: int
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class ZipFile:
    """One MP4 of the ZIP. `missing`: what of its time isn't recorded, and why. `tags`: the first `MOST_TAGS`, and one
    more if there are more."""

    camera_id: str
    name: str
    plan: RangePlan
    missing: tuple[Account, ...]
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A camera's time of which there is no file. `message`: for people; `cause`: why nothing is recorded."""

    camera_id: str
    from_us: int
    to_us: int
    message: str
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class ZipPlan:
    """`camera_names`: of all that were asked for, in that order."""

    from_us: int
    to_us: int
    camera_names: Mapping[str, str]
    files: tuple[ZipFile, ...]
    left_out: tuple[LeftOut, ...]


def plan_zip(wish: ZipWish, ranges: Ranges, store: Store, settings: Settings, *, now_us: int) -> ZipPlan:
    """One file a camera, and several where its format changes. Raises FootageGoneError, StoreError."""
    camera_ids, from_us, to_us, gaps = wish
    zone = settings.system.timezone
    names = {camera_id: _name_of(settings, camera_id) for camera_id in camera_ids}
    accounts = _Accounts(store, camera_ids, from_us, to_us, now_us)
    taken: set[str] = set()
    files: list[ZipFile] = []
    left_out: list[LeftOut] = []
    for camera_id in camera_ids:
        found, reasons = _plans(ranges, camera_id, from_us, to_us, gaps)
        tags = store.tags.between([camera_id], from_us, to_us, MOST_TAGS + 1)
        for begin_us, end_us, message in reasons:
            cause, words = accounts.why(camera_id, begin_us, end_us) if not message else (None, message)
            left_out.append(LeftOut(camera_id, begin_us, end_us, words, cause))
        for plan in found:
            own = tuple(tag for tag in tags if _touches(tag, plan))
            range_words = named_range(safe_name(names[camera_id]) or camera_id, plan.start_us, plan.end_us, zone)
            name = _unlike(
                taken, " ".join(filter(None, [range_words, tags_in_name(tag.label for tag in own)])), camera_id
            )
            missing = tuple(accounts.of(camera_id, *hole) for hole in plan.missing)
            files.append(ZipFile(camera_id, f"{name}{_ENDING}", plan, missing, own))
    return ZipPlan(from_us, to_us, names, tuple(files), tuple(left_out))


def _plans(
    ranges: Ranges, camera_id: str, from_us: int, to_us: int, gaps: Gaps
) -> tuple[list[RangePlan], list[tuple[int, int, str]]]:
    """Plans of a camera's range, and what there is none of; an empty reason = nothing is recorded."""
    try:
        return [ranges.plan(camera_id, from_us, to_us, gaps)], []
    except NothingRecordedError:
        return [], [(from_us, to_us, "")]
    except UnevenRangeError as err:
        return [], [(from_us, to_us, str(err))]
    except FormatChangesError as err:
        plans: list[RangePlan] = []
        reasons: list[tuple[int, int, str]] = []
        for begin_us, end_us in err.parts:
            # Within a part nothing changes any more, unless two segments overlap, or it was recorded just now.
            if (begin_us, end_us) == (from_us, to_us):
                reasons.append((from_us, to_us, str(err)))
            if not 0 < end_us - begin_us < to_us - from_us:
                continue
            found, lost = _plans(ranges, camera_id, begin_us, end_us, gaps)
            plans += found
            reasons += lost
        return plans, reasons


class _Accounts:
    """Why something isn't recorded; asked of the database only if something isn't."""

    def __init__(self, store: Store, camera_ids: Sequence[str], from_us: int, to_us: int, now_us: int) -> None:
        self._store = store
        self._camera_ids = camera_ids
        self._bounds = from_us, to_us
        self._now_us = now_us
        self._known: dict[str, tuple[Account, ...]] | None = None

    def of(self, camera_id: str, begin_us: int, end_us: int) -> Account:
        """The hole with its cause."""
        if self._known is None:
            covered = coverage_of(self._store, self._camera_ids, *self._bounds, now_us=self._now_us)
            self._known = {key: found.accounts for key, found in covered.items()}
        longest_us, cause, detail = 0, Cause.UNKNOWN, ""
        known = self._known[camera_id]
        # Cameras of mode motion have many thousands of holes and as many accounts.
        for number in range(bisect_right(known, begin_us, key=_end_us), len(known)):
            account = known[number]
            if account.start_us >= end_us:
                break
            common_us = min(end_us, account.end_us) - max(begin_us, account.start_us)
            if account.cause is not Cause.RECORDED and common_us > longest_us:
                longest_us, cause, detail = common_us, account.cause, account.detail
        return Account(begin_us, end_us, cause, detail)

    def why(self, camera_id: str, begin_us: int, end_us: int) -> tuple[Cause | None, str]:
        if begin_us > self._now_us:
            return None, "that time has yet to come"
        account = self.of(camera_id, begin_us, end_us)
        return account.cause, f"nothing is recorded: {account_words(account)}"


_end_us = attrgetter("end_us")


def account_words(account: Account) -> str:
    """`unreachable, no answer from 192.0.2.7`."""
    reason = account.cause.value if account.cause is not Cause.UNKNOWN else "nothing is known of this time"
    return f"{reason}, {account.detail}" if account.detail else reason


def _name_of(settings: Settings, camera_id: str) -> str:
    camera = settings.camera(camera_id)
    return camera.name if camera is not None else camera_id


def _touches(tag: Tag, plan: RangePlan) -> bool:
    return tag.start_us < plan.end_us and (tag.end_us > plan.start_us or tag.start_us >= plan.start_us)


def _unlike(taken: set[str], name: str, camera_id: str) -> str:
    """The name, made different from those that are taken: two cameras may be called the same. Adds it to them."""
    number, made = 2, shortened(name, _NAME_BYTES - len(_ENDING))
    if made.casefold() in taken:
        made = _with(name, f" {camera_id}")
    while made.casefold() in taken:
        made = _with(name, f" {camera_id} {number}")
        number += 1
    taken.add(made.casefold())
    return made


def _with(name: str, more: str) -> str:
    return shortened(name, _NAME_BYTES - len(_ENDING) - len(more)) + more
