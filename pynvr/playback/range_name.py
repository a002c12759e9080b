"""What a range's file is called."""

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from pynvr.model.stamp import local
from pynvr.model.ticks import MICROSECONDS

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"\\/:*?<>|]+')
_LONGEST, _LONGEST_BYTES = 100, 120
_TAGS_IN_NAME = 2
_TAGS_CHARACTERS, _TAGS_BYTES = 60, 72


def range_name(camera_id: str, start_us: int, end_us: int, zone: ZoneInfo) -> str:
    """`gate 2026-11-21 14.05.10-14.09.42.mp4`: local time, no sign that some file system doesn't take.

    As in stamps, `b` behind a time is the second pass through the hour that repeats in autumn.
    """
    return f"{named_range(camera_id, start_us, end_us, zone)}.mp4"


def named_range(whose: str, start_us: int, end_us: int, zone: ZoneInfo) -> str:
    """The same without an ending."""
    first, last = local(start_us, zone), local(end_us + MICROSECONDS - 1, zone)
    begin, end = f"{first:%Y-%m-%d} {_clock(first)}", _clock(last)
    if first.date() != last.date():
        return f"{whose} {begin} to {last:%Y-%m-%d} {end}"
    return f"{whose} {begin}-{end}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H.%M.%S}{'b' if moment.fold else ''}"


def safe_name(words: str) -> str:
    """What people wrote as part of a file's name; empty if nothing is left."""
    return shortened(" ".join(_UNSAFE.sub(" ", words).split())[:_LONGEST], _LONGEST_BYTES).strip(" .")


def shortened(words: str, most_bytes: int) -> str:
    """As much of it as fits into so many bytes of UTF-8, by which file systems count."""
    return words.encode()[:most_bytes].decode(errors="ignore").rstrip()


def tags_in_name(labels: Iterable[str]) -> str:
    """The first labels, as part of a file's name; empty if there are none."""
    found = filter(None, dict.fromkeys(safe_name(label) for label in labels))
    return shortened(", ".join(list(found)[:_TAGS_IN_NAME])[:_TAGS_CHARACTERS], _TAGS_BYTES).strip(" .,")
