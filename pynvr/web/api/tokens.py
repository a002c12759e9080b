"""Tokens of programs, for admins."""

from pynvr.base.errors import UsageError
from pynvr.web.api.schemas import INSTANT, NAME, ROLE, list_of, record
from pynvr.web.api.users import wanted_role
from pynvr.web.body import body
from pynvr.web.entry import new_name
from pynvr.web.errors import conflict, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import seconds

_TOKEN = record({"name": NAME, "role": ROLE, "made": INSTANT})
_MADE = record({**_TOKEN["properties"], "token": {"type": "string", "description": "Shown this once."}})
_NAME = Parameter("name", "path", "the token's name", NAME)


def routes(site: Site) -> list[Route]:
    admin = Access.ADMIN
    return [
        Route(
            "GET",
            "/api/tokens",
            lambda: _all(site),
            admin,
            "All tokens by name; the tokens themselves aren't stored",
            answer=record({"tokens": list_of(_TOKEN)}),
        ),
        Route(
            "POST",
            "/api/tokens",
            lambda: _create(site),
            admin,
            "Make a token for a program",
            body=record({"name": NAME}, {"role": {**ROLE, "default": "viewer"}}),
            answer=_MADE,
            status=201,
        ),
        Route(
            "DELETE",
            "/api/tokens/<name:path>",
            lambda name: _revoke(site, name),
            admin,
            "End a token: from now on it opens nothing",
            (_NAME,),
            status=204,
        ),
    ]


def _all(site: Site) -> dict[str, object]:
    return {
        "tokens": [
            {"name": token.name, "role": token.role, "made": seconds(token.made_us)}
            for token in site.store.tokens.all()
        ]
    }


def _create(site: Site) -> dict[str, object]:
    name, role, now_us = new_name(body().get("name")), wanted_role("viewer"), site.clock.now_us()
    try:
        token = site.store.tokens.create(name, role, now_us)
    except UsageError as err:
        raise conflict(f"there is a token {name!r} already") from err
    return {"name": name, "role": role, "made": seconds(now_us), "token": token}


def _revoke(site: Site, name: str) -> None:
    if not site.store.tokens.revoke(name):
        raise not_found(f"there is no token {name[:64]!r}")
