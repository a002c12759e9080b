"""One's own: who one is, the password, the browsers in which one is logged in."""

from pynvr import __version__
from pynvr.web.access import Principal, who
from pynvr.web.api.schemas import INSTANT, NAME, PASSWORD, ROLE, TEXT, list_of, record
from pynvr.web.body import body, text_of
from pynvr.web.entry import checked, let_in, let_out, new_password
from pynvr.web.errors import ApiError, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import seconds

_ME = record(
    {
        "name": NAME,
        "role": ROLE,
        "kind": {"type": "string", "enum": ["session", "token"]},
        "system": record({"name": TEXT, "version": TEXT}),
        "timezone": {"type": "string", "description": "IANA name of the zone of all local times."},
        "now": INSTANT,
    }
)
_SESSION = record(
    {
        "id": {"type": "integer"},
        "made": INSTANT,
        "seen": INSTANT,
        "address": TEXT,
        "agent": TEXT,
        "current": {"type": "boolean", "description": "The one that asks."},
    }
)
_CHANGE = record({"old": {"type": "string", "writeOnly": True}, "new": PASSWORD})
_ID = Parameter("session_id", "path", "number of the session, from the list", {"type": "integer"})


def routes(site: Site) -> list[Route]:
    viewer = Access.VIEWER
    return [
        Route(
            "GET", "/api/me", lambda: _me(site), viewer, "Who is logged in, and what the pages need first", answer=_ME
        ),
        Route(
            "POST",
            "/api/me/password",
            lambda: _change_password(site),
            viewer,
            "Change one's own password; all other browsers are logged out",
            body=_CHANGE,
            status=204,
        ),
        Route(
            "GET",
            "/api/me/sessions",
            lambda: _sessions(site),
            viewer,
            "The browsers in which one is logged in",
            answer=record({"sessions": list_of(_SESSION)}),
        ),
        Route(
            "DELETE",
            r"/api/me/sessions/<session_id:re:\d{1,18}>",
            lambda session_id: _end(site, session_id),
            viewer,
            "Log out a browser",
            (_ID,),
            status=204,
        ),
    ]


def _me(site: Site) -> dict[str, object]:
    principal, system = who(), site.settings().system
    return {
        "name": principal.name,
        "role": principal.role,
        "kind": principal.kind,
        "system": {"name": system.name, "version": __version__},
        "timezone": system.timezone.key,
        "now": seconds(site.clock.now_us()),
    }


def _change_password(site: Site) -> None:
    user = _person()
    new = new_password(body().get("new"))
    if checked(site, user.name, text_of(body(), "old")) is None:
        # Not 401: the session holds, and a page must not send its user to the login for it.
        raise ApiError(422, "wrong_password", "the old password is wrong")
    with site.door.hashing.one():
        site.store.users.set_password(user.name, new, site.clock.now_us())
    let_in(site, user.name)


def _sessions(site: Site) -> dict[str, object]:
    user = _person()
    found = site.store.sessions.of(user.name, site.clock.now_us())
    return {
        "sessions": [
            {
                "id": one.id,
                "made": seconds(one.made_us),
                "seen": seconds(one.seen_us),
                "address": one.address,
                "agent": one.agent,
                "current": one.id == user.session_id,
            }
            for one in found
        ]
    }


def _end(site: Site, session_id: str) -> None:
    user = _person()
    if not site.store.sessions.end(int(session_id), user.name):
        raise not_found("you have no such session")
    if int(session_id) == user.session_id:
        let_out(site)


def _person() -> Principal:
    principal = who()
    if principal.kind != "session":
        raise ApiError(403, "not_a_user", "a token has no password and no sessions")
    return principal
