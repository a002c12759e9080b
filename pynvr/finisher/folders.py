"""Which day folders may hold growing chunks now."""

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.paths import day_folder
from pynvr.model.stamp import day_of, stamp_of
from pynvr.model.ticks import MICROSECONDS

# A segment begun before midnight ends by then, unless keyframes lie far apart; the sweep finds such a one.
_AFTER_MIDNIGHT_S = 3900


def current_days(now_us: int, zone: ZoneInfo) -> set[str]:
    """Today, and yesterday while its last segments end."""
    return {day_of(stamp_of(now_us - back_s * MICROSECONDS, zone)) for back_s in (0, _AFTER_MIDNIGHT_S)}


class OpenFolders:
    """The day folders in which chunks may be growing: those of today, and for a while those that were of a today, or
    in which a chunk was found.

    That while is measured on the monotonic clock: when the machine's clock is set, the recorders let go of chunks in a
    day that may be any by the new time.
    """

    def __init__(self, dsts: Iterable[Path], zone: ZoneInfo) -> None:
        self._dsts = list(dsts)
        self._zone = zone
        self._until_s: dict[Path, float] = {}

    def note(self, folder: Path, now_s: float) -> None:
        """There is a chunk in it, so its camera may have begun the next one there before the clock was set."""
        self._until_s[folder] = now_s + _AFTER_MIDNIGHT_S

    def at(self, now_us: int, now_s: float) -> set[Path]:
        """To be asked every few seconds, with both clocks."""
        today = folders_of(self._dsts, current_days(now_us, self._zone))
        self._until_s.update(dict.fromkeys(today, now_s + _AFTER_MIDNIGHT_S))
        self._until_s = {folder: until_s for folder, until_s in self._until_s.items() if until_s > now_s}
        return set(self._until_s)


def folders_of(dsts: Iterable[Path], days: Iterable[str]) -> set[Path]:
    names = set(days)
    return {day_folder(dst, day) for dst in dsts for day in names}
