"""JSON text → values, with what Python's reader lets pass refused: repeated keys, NaN, text that isn't UTF-8."""

import json
import re
from collections import Counter

_NUMBER = "a number that JSON has"


class JsonTextError(Exception):
    """The text isn't JSON; the message says where and why."""


class JsonObject(dict[str, object]):
    """An object, with the keys that its text holds more than once."""

    repeated: tuple[str, ...] = ()


def read_json(data: bytes) -> object:
    """The value that the bytes hold; objects are `JsonObject`. Raises JsonTextError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = data.count(b"\n", 0, err.start) + 1
        column = err.start - data.rfind(b"\n", 0, err.start)
        raise JsonTextError(
            f"line {line}, column {column}: found byte 0x{data[err.start]:02x}, expected text in UTF-8"
        ) from err
    try:
        value: object = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as err:
        raise JsonTextError(_syntax_mistake(err)) from err
    except RecursionError as err:
        raise JsonTextError("found brackets nested hundreds deep, expected at most a few") from err
    except ValueError as err:
        # A whole number of thousands of digits: Python's limit, raised without a position.
        raise JsonTextError(f"found a number that is too long, expected {_NUMBER}") from err
    return value


def _object(pairs: list[tuple[str, object]]) -> JsonObject:
    made = JsonObject(pairs)
    if len(made) < len(pairs):
        made.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return made


def _refuse_constant(word: str) -> object:
    raise JsonTextError(f"found {word}, expected {_NUMBER}")


def _syntax_mistake(err: json.JSONDecodeError) -> str:
    place = f"line {err.lineno}, column {err.colno}"
    before = err.doc[: err.pos].rstrip()
    rest = err.doc[err.pos :].lstrip()
    # Newer readers point at the comma itself, older ones behind it.
    if (before.endswith(",") and rest[:1] in ("}", "]")) or re.match(r",\s*[}\]]", rest):
        return f"{place}: found a comma in front of a closing bracket, expected none there"
    if rest.startswith(("//", "/*", "#")):
        return f"{place}: found a comment, expected none: JSON has no comments"
    if rest.startswith("'"):
        return f"{place}: found ', expected text in double quotes"
    if not rest:
        return f"{place}: found the end of the file; {_decapitalise(err.msg)}"
    return f"{place}: found {rest[0]!r}; {_decapitalise(err.msg)}"


def _decapitalise(message: str) -> str:
    return message[:1].lower() + message[1:]
