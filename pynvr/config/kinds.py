"""The kinds of values that nvr.json holds: each says what it expects and turns JSON into a value."""

import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
Word = TypeVar("Word", bound=str)

LONGEST_TEXT = 1000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# RFC 1123 §2.1, and the _ that names in a hosts file have too. What ends in a number is an address, or wrong.
_HOST_NAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?!\d+\.?$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?", re.I | re.A
)
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,16}")
# What a running recording needs; deleting it would take frames that are no segment yet.
_NOT_TO_DELETE = {"chunk", "index", "new"}
_SQLITE = "sqlite:///"


class NotOfKindError(Exception):
    """The value isn't of the kind; `expected` replaces the kind's own words where it knows better."""

    def __init__(self, expected: str = "") -> None:
        super().__init__(expected)
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """`expected` ends the sentence "found …, expected …"; `read` raises NotOfKindError; `secret`: never shown."""

    expected: str
    read: Callable[[object], T]
    secret: bool = False


def text(longest: int = LONGEST_TEXT, empty: bool = True) -> Kind[str]:
    return Kind(
        f"text of {'0' if empty else '1'} to {longest} characters on one line",
        lambda value: _text(value, longest, empty),
    )


def whole(least: int, most: int) -> Kind[int]:
    return Kind(f"a whole number from {least} to {most}", lambda value: _whole(value, least, most))


def number(least: float, most: float, unit: str = "", above: bool = False) -> Kind[float]:
    """`above`: `least` itself is too little."""
    words = f"a number above {least:g}, up to {most:g}" if above else f"a number from {least:g} to {most:g}"
    return Kind(f"{words} ({unit})" if unit else words, lambda value: _number(value, least, most, above))


def choice(*words: Word) -> Kind[Word]:
    expected = ", ".join(f'"{word}"' for word in words[:-1]) + f' or "{words[-1]}"'

    def read(value: object) -> Word:
        for word in words:
            if value == word:
                return word
        raise NotOfKindError

    return Kind(expected, read)


def optional(kind: Kind[T]) -> Kind[T | None]:
    """The kind, or null for none."""
    expected = f"{kind.expected}, or null for none"
    return Kind(expected, lambda value: None if value is None else kind.read(value), kind.secret)


def folder(base: Path) -> Kind[Path]:
    """An absolute folder name; a relative one stands under `base`. Nothing is looked up on disk."""
    return Kind("the name of a folder", lambda value: _path(value, base))


def file(base: Path) -> Kind[Path]:
    """As `folder`, of a file."""
    return Kind("the name of a file", lambda value: _path(value, base))


def database(base: Path) -> Kind[str]:
    """An SQLAlchemy URL of an SQLite file; a relative one stands under `base`."""
    expected = f"the URL of an SQLite file, as {_SQLITE}/var/lib/pynvr/pynvr.sqlite"

    def read(value: object) -> str:
        url = _text(value, 4000, empty=False)
        if not url.startswith(_SQLITE) or len(url) == len(_SQLITE):
            raise NotOfKindError
        return f"{_SQLITE}{os.path.normpath(base / url.removeprefix(_SQLITE))}"

    return Kind(expected, read)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotOfKindError
    return value


def _text(value: object, longest: int, empty: bool) -> str:
    if not isinstance(value, str) or len(value) > longest or not (value.strip() or empty):
        raise NotOfKindError
    if any(ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 for character in value):
        raise NotOfKindError("text without control characters")
    return value


def _path(value: object, base: Path) -> Path:
    return Path(os.path.normpath(base / os.path.expanduser(_text(value, 4000, empty=False))))


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise NotOfKindError
    return value


def _number(value: object, least: float, most: float, above: bool) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise NotOfKindError
    if above and value == least:
        raise NotOfKindError
    return float(value)


def _id(value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise NotOfKindError
    return value


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(_text(value, 100, empty=False))
    except (ValueError, OSError) as err:  # ZoneInfoNotFoundError is a KeyError, below
        raise NotOfKindError from err
    except KeyError as err:
        raise NotOfKindError from err


def _divisor_of_a_day(value: object) -> int:
    seconds = _whole(value, 10, 3600)
    if 86_400 % seconds:
        lower = next(s for s in range(seconds, 9, -1) if 86_400 % s == 0)
        upper = next(s for s in range(seconds, 3601) if 86_400 % s == 0)
        raise NotOfKindError(f"a number that divides a day of 86400 seconds; the nearest are {lower} and {upper}")
    return seconds


def _percent(value: object) -> float:
    if isinstance(value, str):
        digits = value.strip().removesuffix("%").strip()
        if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", digits, re.ASCII):
            raise NotOfKindError
        value = float(digits)
    return _number(value, 0, 100, above=True)


def _frame_rate(value: object) -> Fraction:
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}(/[1-9]\d{0,5}|\.\d{1,6})?", value, re.ASCII):
        rate = Fraction(value)
    elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise NotOfKindError
    else:
        rate = Fraction(value).limit_denominator(1001)
    if not 0 <= rate <= 240:
        raise NotOfKindError
    return rate


def _picture_side(value: object) -> int:
    side = _whole(value, 0, 8192)
    if side and (side < 16 or side % 2):
        raise NotOfKindError
    return side


def _extensions(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise NotOfKindError
    names = []
    for item in value:
        name = item.removeprefix(".") if isinstance(item, str) else ""
        if not _EXTENSION.fullmatch(name) or name.lower() in _NOT_TO_DELETE:
            raise NotOfKindError
        names.append(name)
    return tuple(dict.fromkeys(names))


def _listening_host(value: object) -> str:
    word = _text(value, 253, empty=False)
    if _HOST_NAME.fullmatch(word):
        return word
    try:
        ip_address(word)
    except ValueError as err:
        raise NotOfKindError from err
    return word


def _networks(value: object) -> tuple[IPv4Network | IPv6Network, ...]:
    if not isinstance(value, list):
        raise NotOfKindError
    try:
        # strict: 10.0.0.1/8 may mean one machine or a network, and which one matters here
        return tuple(dict.fromkeys(ip_network(_text(item, 100, empty=False)) for item in value))
    except ValueError as err:
        raise NotOfKindError from err


BOOLEAN: Kind[bool] = Kind("true or false", _boolean)
IDENTIFIER: Kind[str] = Kind("1 to 64 letters, digits, - or _", _id)
ZONE: Kind[ZoneInfo] = Kind("the IANA name of a time zone, as Europe/Berlin", _zone)
SEGMENT_SECONDS: Kind[int] = Kind("a whole number from 10 to 3600 that divides a day", _divisor_of_a_day)
PERCENT: Kind[float] = Kind('a share above 0 up to 100, as number or text (95, "95")', _percent)
FRAME_RATE: Kind[Fraction] = Kind('frames per second from 0 to 240, as number or text (25, "30000/1001")', _frame_rate)
PICTURE_SIDE: Kind[int] = Kind("0 (as the camera has it) or an even number from 16 to 8192", _picture_side)
EXTENSIONS: Kind[tuple[str, ...]] = Kind(
    'a list of file name extensions, as ["mp4"], without chunk and index (they belong to the running recording)',
    _extensions,
)
LISTENING_HOST: Kind[str] = Kind(
    "an address of this machine or its name, without port and scheme, as localhost, 0.0.0.0, :: or nvr.example.org",
    _listening_host,
)
NETWORKS: Kind[tuple[IPv4Network | IPv6Network, ...]] = Kind(
    'a list of addresses and networks, as ["127.0.0.1", "10.1.0.0/16", "fd00::/8"]', _networks
)
