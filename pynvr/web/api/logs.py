"""The audit log, as a list and as a file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from zoneinfo import ZoneInfo

from bottle import request, response

from pynvr.model.audit import Entry, Level, Source
from pynvr.model.stamp import local
from pynvr.store.audit import Wanted
from pynvr.web.api.chosen import CAMERA_IDS, LIMIT, asked_cameras, whole_number
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.audit.deed import deed
from pynvr.web.audit.reading import Line, Place, all_lines, lines
from pynvr.web.errors import bad_request
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.streaming import disposition
from pynvr.web.times import query_time, seconds

_MOST_LINES = 1_000
_LONGEST_WORDS = 200
_DAY_US = 86_400_000_000
_SETTLED_WITHIN_S = 0.5
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("time", "level", "source", "actor", "address", "action", "camera_id", "subject", "text", "detail")

_ENTRY = record(
    {
        "id": {"type": "string", "description": "Never that of another; its place in the log."},
        "time": INSTANT,
        "level": {"type": "string", "enum": [*Level]},
        "source": {"type": "string", "enum": [*Source]},
        "actor": {"type": "string", "description": "User, token, or account on the machine; empty = PyNVR itself."},
        "address": {"type": "string", "description": "Where the request came from; empty = none."},
        "action": {"type": "string", "description": "For programs; stays the same."},
        "camera_id": TEXT,
        "subject": TEXT,
        "text": {"type": "string", "description": "For people."},
        "detail": {"type": "object"},
    }
)
_FILTERS = (
    Parameter("source", "query", f"with commas between them: {', '.join(Source)}"),
    Parameter("level", "query", "this level and worse", {"type": "string", "enum": [*Level]}),
    Parameter("since", "query", "from this time on"),
    Parameter("until", "query", "before this time"),
    Parameter("actor", "query", "what this user or token did"),
    CAMERA_IDS,
    Parameter("q", "query", "only what holds these words"),
)


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "GET",
            "/api/logs",
            lambda: _list(site),
            Access.ADMIN,
            "The audit log, newest first: who did what from where, what became of cameras and processes",
            (*_FILTERS, LIMIT, Parameter("cursor", "query", "`next` of the page before")),
            answer=record(
                {
                    "logs": list_of(_ENTRY),
                    "next": {"type": ["string", "null"], "description": "null = that was all"},
                    "actors": {**list_of(TEXT), "description": "all who did something; on the first page"},
                }
            ),
        ),
        Route(
            "GET",
            "/api/logs.csv",
            lambda: _file(site, "csv"),
            Access.ADMIN,
            "The same as a file, all of it, with local time",
            _FILTERS,
            media_type="text/csv; charset=utf-8",
        ),
        Route(
            "GET",
            "/api/logs.json",
            lambda: _file(site, "json"),
            Access.ADMIN,
            "The same as a file, all of it: a JSON array",
            _FILTERS,
            media_type="application/json; charset=utf-8",
        ),
    ]


def _list(site: Site) -> dict[str, object]:
    wanted = _wanted(site)
    limit, cursor = whole_number("limit", 1, _MOST_LINES, 100), request.query.getunicode("cursor", "")
    try:
        after = Place.read(cursor) if cursor else None
    except ValueError as err:
        raise bad_request("'cursor' must be 'next' of an answer") from err
    site.audit.settle(_SETTLED_WITHIN_S)  # who did something wants to find it
    found = lines(site.store, site.settings(), wanted, limit, after)
    return {
        "logs": [_entry_json(line) for line in found],
        "next": str(found[-1].place) if len(found) == limit else None,
        "actors": [] if after else site.store.audit.actors(),
    }


def _file(site: Site, kind: str) -> Iterator[bytes]:
    wanted, zone = _wanted(site), site.settings().system.timezone
    site.audit.settle(_SETTLED_WITHIN_S)
    found = all_lines(site.store, site.settings(), wanted)
    # What can't be read is said before the file begins.
    found = chain([one for one in [next(found, None)] if one is not None], found)
    name = f"log {local(site.clock.now_us(), zone):%Y-%m-%d %H.%M}.{kind}"
    response.set_header("Content-Disposition", disposition(name, download=True))
    deed().detail["file"] = name
    return _csv(found, zone) if kind == "csv" else _json(found)


def _wanted(site: Site) -> Wanted:
    """What the query asks for; raises ApiError 400. Older than `system.audit_days` is nothing."""
    system, query = site.settings().system, request.query
    sources = [word for word in query.get("source", "").split(",") if word]
    for word in sources:
        if word not in tuple(Source):
            raise bad_request(f"'source' must be of {', '.join(Source)}")
    level = query.get("level", Level.INFO)
    if level not in tuple(Level):
        raise bad_request(f"'level' must be one of {', '.join(Level)}")
    words = query.getunicode("q", "").strip()
    if len(words) > _LONGEST_WORDS:
        raise bad_request(f"'q' must be at most {_LONGEST_WORDS} characters")
    levels = [*Level][[*Level].index(Level(level)) :]
    oldest_us = site.clock.now_us() - round(system.audit_days * _DAY_US)
    return Wanted(
        max(query_time("since", system.timezone, default=0), oldest_us),
        query_time("until", system.timezone, default=1 << 61),
        tuple(sources),
        () if level == Level.INFO else tuple(levels),
        query.getunicode("actor", "").strip(),
        asked_cameras(),
        words,
    )


def _entry_json(line: Line) -> dict[str, object]:
    entry = line.entry
    values = {name: getattr(entry, name) for name in _COLUMNS[1:]}
    return {"id": str(line.place), "time": seconds(entry.at_us), **values, "detail": dict(entry.detail)}


def _json(found: Iterable[Line]) -> Iterator[bytes]:
    lead = b"["
    for line in found:
        yield lead + b"\n" + json.dumps(_entry_json(line), ensure_ascii=False).encode("utf-8", "replace")
        lead = b","
    yield b"\n]\n" if lead == b"," else b"[]\n"


def _csv(found: Iterable[Line], zone: ZoneInfo) -> Iterator[bytes]:
    # The mark tells spreadsheets that it is UTF-8.
    yield b"\xef\xbb\xbf" + _csv_row(_COLUMNS)
    for line in found:
        yield _csv_row(_cells(line.entry, zone))


def _cells(entry: Entry, zone: ZoneInfo) -> list[str]:
    at = local(entry.at_us, zone).isoformat(timespec="milliseconds")
    detail = json.dumps(dict(entry.detail), ensure_ascii=False) if entry.detail else ""
    cells = [at, *(str(getattr(entry, name)) for name in _COLUMNS[1:-1]), detail]
    # A spreadsheet would take it for a formula: what people wrote must not run on somebody's machine.
    return [f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells]


def _csv_row(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode("utf-8", "replace")
