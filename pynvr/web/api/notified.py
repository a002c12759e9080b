"""Those whom `notify` names, and how it goes with each; their addresses stay where they are."""

from pynvr.model.notify import Target
from pynvr.store.notices import TargetRecord
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.routing import Access, Route, Schema
from pynvr.web.site import Site

_COUNT: Schema = {"type": "integer", "minimum": 0}
_INSTANT_OR_NULL: Schema = {**INSTANT, "type": ["number", "null"]}
_TARGET = record(
    {
        "name": TEXT,
        "kind": {"type": "string", "enum": ["webhook", "mqtt", "apprise"]},
        "events": list_of(TEXT),
        "sent": {**_COUNT, "description": "Messages that it took."},
        "waiting": {**_COUNT, "description": "Messages that it still has to take."},
        "given_up": _COUNT,
        "last_success": {**_INSTANT_OR_NULL, "description": "null = never"},
        "last_error": {**_INSTANT_OR_NULL, "description": "null = never"},
        "error": {**TEXT, "description": "What went wrong then; empty = nothing ever."},
    }
)


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "GET",
            "/api/notify",
            lambda: _list(site),
            Access.VIEWER,
            "Who is told of alerts and trouble, and how it goes with each",
            answer=record({"targets": list_of(_TARGET)}),
        )
    ]


def _list(site: Site) -> dict[str, object]:
    targets = site.settings().notify
    records = site.store.notices.targets() if targets else {}
    return {"targets": [_json(one, records.get(one.name) or TargetRecord(one.name)) for one in targets]}


def _json(target: Target, found: TargetRecord) -> dict[str, object]:
    return {
        "name": target.name,
        "kind": target.channel.kind,
        "events": list(target.events),
        "sent": found.sent,
        "waiting": found.waiting,
        "given_up": found.given_up,
        "last_success": None if found.sent_us is None else found.sent_us / 1e6,
        "last_error": None if found.failed_us is None else found.failed_us / 1e6,
        "error": found.failure,
    }
