"""Instants as people and programs write them: ISO 8601, epoch seconds, or a stamp."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from pynvr.model.stamp import instant_us, is_stamp, stamp_start_us
from pynvr.model.ticks import MICROSECONDS

_EPOCH = re.compile(r"(\d{1,17})(?:\.(\d{1,18}))?", re.ASCII)
# Eight digits would be a second of the years 1970 to 1973, of which there are no recordings.
_DAY_DIGITS = 8
_LONGEST = 40


def read_instant(text: str, zone: ZoneInfo) -> int:
    """The instant in microseconds; raises ValueError or OverflowError.

    ISO 8601 with a zone, or without one in `zone`; epoch seconds with or without a fraction; a stamp in `zone`. Eight
    digits are a day (20261121, 20261121.14 its hour), never epoch seconds. A local time that comes twice is the first
    one, except for a stamp that ends in `b`; one that spring skips is taken as much after the change.
    """
    if len(text) > _LONGEST or not text.isascii():
        raise ValueError(text)
    if is_stamp(text):
        return stamp_start_us(text, zone)
    epoch = _EPOCH.fullmatch(text)
    if epoch is not None and len(epoch[1]) != _DAY_DIGITS:
        return int(epoch[1]) * MICROSECONDS + int((epoch[2] or "")[:6].ljust(6, "0"))
    moment = datetime.fromisoformat(text)
    return instant_us(moment if moment.tzinfo else moment.replace(tzinfo=zone))
