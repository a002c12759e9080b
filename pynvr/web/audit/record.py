"""The place where requests become entries of the audit log: each route goes through it, so none is forgotten."""

import logging
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bottle import HTTPResponse, request

from pynvr.model.audit import Entry, Level, Source
from pynvr.web.access import Principal, who_if_known
from pynvr.web.audit.deed import Deed, deed
from pynvr.web.audit.downloads import Downloads
from pynvr.web.audit.words import SILENT, WORDS, Words
from pynvr.web.body import taken
from pynvr.web.entry import address
from pynvr.web.openapi import path_of
from pynvr.web.routing import Route
from pynvr.web.same_origin import changes_something
from pynvr.web.site import Site
from pynvr.web.streaming import name_in

_FILES = frozenset({"video/mp4", "application/zip"})
_TOTAL = re.compile(r"/(\d+)$")
_LONGEST_VALUE = 100

_log = logging.getLogger(__name__)


class Record:
    """One for the application."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._downloads = Downloads()
        self._lock = threading.Lock()

    def note(self, route: Route, parameters: Mapping[str, str], given: object, status: int) -> None:
        """What was asked for, and what came of it. `given`: what the handler returned. Raises nothing."""
        try:
            self._note(route, parameters, given, status)
        except Exception:  # a request isn't to fail for its entry's sake
            _log.exception("%s %s isn't in the audit log", route.method, route.rule)

    def _note(self, route: Route, parameters: Mapping[str, str], given: object, status: int) -> None:
        if status == 401 and request.get_header("Authorization") is not None:
            self._file(Words("token.refused", "a token was refused", level=Level.WARNING, often=True), {})
        elif route.method == "GET":
            key = _key(route)
            if key in WORDS and status == 200 and request.method == "GET":
                self._file(WORDS[key], {})
            elif route.media_type in _FILES and status in (200, 206) and request.method == "GET":
                self._note_download(route, parameters, given)
        elif status == 403 and not _own_words(route).refused.get(status):
            text = _literal(f"was not allowed to {_wish(route)}")
            self._file(Words("refused", text, level=Level.WARNING, often=True), parameters, {"path": request.path})
        elif _key(route) not in SILENT:
            self._note_change(route, parameters, given, status)

    def _note_change(self, route: Route, parameters: Mapping[str, str], given: object, status: int) -> None:
        words = _own_words(route)
        names = self._names(parameters, given if status < 400 else None)
        if status < 400:
            self._file(words, names)
        elif status in words.refused:
            self._file(words.refused[status], names)
        elif status >= 500:
            text = _literal(f"it failed here to {_wish(route)}")
            failed = Words(words.action, text, words.subject, Level.ERROR, often=True)
            self._file(failed, names, {"status": status})

    def _note_download(self, route: Route, parameters: Mapping[str, str], given: object) -> None:
        principal = who_if_known()
        # What isn't a response of its own is JSON that says what the file would be (`plan=1`).
        if "/hls/" in route.rule or principal is None or not isinstance(given, HTTPResponse):
            return
        what = f"{request.path}?{request.query_string}"
        with self._lock:
            now_s = self._site.clock.monotonic_s()
            if not self._downloads.begins((principal.name, address(self._site), what), now_s):
                return
        file = name_in(str(given.headers.get("Content-Disposition", ""))) or request.path
        total = _TOTAL.search(str(given.headers.get("Content-Range", "")))
        whole = total[1] if total else str(given.headers.get("Content-Length", ""))
        detail: dict[str, object] = {"bytes": int(whole)} if whole.isdecimal() else {}
        self._file(Words("video.download", "downloads {file}", "file"), {**parameters, "file": file}, detail)

    def _names(self, parameters: Mapping[str, str], given: object) -> dict[str, object]:
        """All that a sentence may use: the request's, what is answered, what the handler told."""
        answer: object = given
        if isinstance(answer, Mapping) and isinstance(answer.get("payload"), Mapping):
            answer = answer["payload"]
        names: dict[str, object] = {}
        for source in (taken(), answer, parameters, deed().names):
            if isinstance(source, Mapping):
                names |= {str(key): value for key, value in source.items() if isinstance(value, str | int | float)}
        return names | self._times(names)

    def _times(self, names: Mapping[str, object]) -> dict[str, str]:
        start, end = names.get("start", names.get("from")), names.get("end", names.get("to"))
        zone = self._site.settings().system.timezone
        moment = _clock(start, zone)
        span = f"{moment} to {_clock(end, zone, start)}" if end != start and _clock(end, zone) else moment
        return {"moment": span, "span": span} if moment else {}

    def _called(self, names: Mapping[str, object]) -> dict[str, str]:
        """What people read of the camera, in its id's place."""
        camera_id = names.get("camera_id")
        return {"camera_id": self._site.settings().called(camera_id)} if isinstance(camera_id, str) else {}

    def _file(self, words: Words, names: Mapping[str, object], detail: Mapping[str, object] | None = None) -> None:
        told, principal = deed(), who_if_known()
        detail = {**(detail or {}), **told.detail}
        camera_id = told.camera_id or str(names.get("camera_id", ""))
        entry = Entry(
            self._site.clock.now_us(),
            told.level or words.level,
            Source.WEB,
            words.action,
            told.text or words.text.format_map(_Named({**names, **self._called(names)})),
            _actor(principal, told, words, names),
            address(self._site),
            camera_id or (str(names.get("id", "")) if words.action.startswith("camera.") else ""),
            told.subject or (str(names.get(words.subject, ""))[:_LONGEST_VALUE] if words.subject else ""),
            {**detail, "token": True} if principal is not None and principal.kind == "token" else detail,
        )
        self._site.audit.file(entry, words.often)


class _Named(dict[str, object]):
    """Names for a sentence: what isn't there is left out, what is long is cut."""

    def __init__(self, names: Mapping[str, object]) -> None:
        super().__init__({name: str(value)[:_LONGEST_VALUE] for name, value in names.items()})

    def __missing__(self, _name: str) -> str:
        return ""


def _actor(principal: Principal | None, told: Deed, words: Words, names: Mapping[str, object]) -> str:
    if principal is not None:
        return principal.name
    if told.actor or words.level is not Level.INFO:
        return told.actor  # what was sent as a name may be a password
    return str(names.get("name", ""))


def _own_words(route: Route) -> Words:
    """A route of which nobody has thought is told by its summary."""
    return WORDS.get(_key(route)) or Words("change", _literal(f"{route.summary} ({_key(route)})"))


def _wish(route: Route) -> str:
    """What the route does, by its summary: `switch recording of all cameras off`."""
    first = re.split(r"[:;,.(]", route.summary, maxsplit=1)[0].strip()
    return first[:1].lower() + first[1:]


def is_told(route: Route) -> bool:
    """Whether the log has words for the route, or is to have none."""
    return not changes_something(route.method) or _key(route) in WORDS or _key(route) in SILENT


def _key(route: Route) -> str:
    """As in `WORDS`; some routes are served with a slash at their end and without."""
    return f"{route.method} {path_of(route.rule).rstrip('/')}"


def _literal(text: str) -> str:
    return text.replace("{", "").replace("}", "")


def _clock(at_s: object, zone: ZoneInfo, after_s: object = None) -> str:
    """An instant of the answer in local time; of one that follows another on the same day the time alone."""
    if isinstance(at_s, bool) or not isinstance(at_s, int | float) or not 0 < at_s < 1e11:
        return ""
    shown = datetime.fromtimestamp(at_s, zone)
    if isinstance(after_s, int | float) and datetime.fromtimestamp(after_s, zone).date() == shown.date():
        return f"{shown:%H:%M:%S}"
    return f"{shown:%Y-%m-%d %H:%M:%S}"
