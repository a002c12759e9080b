"""Users, for admins."""

from contextlib import nullcontext

from pynvr.base.errors import UsageError
from pynvr.store.users import ROLES, Role, User
from pynvr.web.access import who
from pynvr.web.api.schemas import INSTANT, NAME, PASSWORD, ROLE, list_of, record
from pynvr.web.audit.deed import deed
from pynvr.web.body import body
from pynvr.web.entry import let_in, new_name, new_password
from pynvr.web.errors import bad_request, conflict, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import seconds

_USER = record({"name": NAME, "role": ROLE, "made": INSTANT, "password_changed": INSTANT})
# A name may hold a slash: the command line takes any.
_RULE = "/api/users/<name:path>"
_NAME = Parameter("name", "path", "the user's name; capitals don't matter", NAME)


def routes(site: Site) -> list[Route]:
    admin = Access.ADMIN
    return [
        Route(
            "GET",
            "/api/users",
            lambda: {"users": [_shown(user) for user in site.store.users.all()]},
            admin,
            "All users",
            answer=record({"users": list_of(_USER)}),
        ),
        Route(
            "POST",
            "/api/users",
            lambda: _add(site),
            admin,
            "Make a user",
            body=record({"name": NAME, "password": PASSWORD}, {"role": {**ROLE, "default": "viewer"}}),
            answer=_USER,
            status=201,
        ),
        Route(
            "PATCH",
            _RULE,
            lambda name: _change(site, name),
            admin,
            "Give a user another role or password; with a new password, all their browsers are logged out",
            (_NAME,),
            body=record({}, {"role": ROLE, "password": PASSWORD}),
            answer=_USER,
        ),
        Route(
            "DELETE",
            _RULE,
            lambda name: _remove(site, name),
            admin,
            "Remove a user, never the last admin",
            (_NAME,),
            status=204,
        ),
    ]


def wanted_role(default: Role | None = None) -> Role:
    """The role in the body; raises ApiError 400."""
    found = body().get("role", default)
    for role in ROLES:
        if found == role:
            return role
    raise bad_request(f"'role' must be one of {', '.join(ROLES)}")


def _add(site: Site) -> dict[str, object]:
    name, password = new_name(body().get("name")), new_password(body().get("password"))
    role = wanted_role("viewer")
    with site.door.hashing.one():
        try:
            user = site.store.users.add(name, password, role, site.clock.now_us())
        except UsageError as err:
            raise conflict(f"there is a user {name!r} already") from err
    return _shown(user)


def _change(site: Site, name: str) -> dict[str, object]:
    changes = body()
    unknown = sorted(set(changes) - {"role", "password"})
    if unknown or not changes:
        raise bad_request("a change holds 'role' or 'password' or both" + (f", not {unknown[0]!r}" if unknown else ""))
    user = _existing(site, name)
    # All is checked before anything is changed.
    role = wanted_role() if "role" in changes else None
    password = new_password(changes["password"]) if "password" in changes else None
    # The place to hash comes first: when there is none, nothing was changed.
    with site.door.hashing.one() if password is not None else nullcontext():
        if role is not None:
            try:
                site.store.users.set_role(user.name, role)
            except UsageError as err:
                raise conflict(str(err)) from err
        if password is not None:
            site.store.users.set_password(user.name, password, site.clock.now_us())
    deed().names["changed"] = ", ".join(
        [*([f"role {role}"] if role is not None else []), *(["another password"] if password is not None else [])]
    )
    me = who()
    if password is not None and me.kind == "session" and me.name == user.name:
        let_in(site, user.name)
    return _shown(_existing(site, name))


def _remove(site: Site, name: str) -> None:
    user = _existing(site, name)
    try:
        site.store.users.remove(user.name)
    except UsageError as err:
        raise conflict(str(err)) from err


def _existing(site: Site, name: str) -> User:
    user = site.store.users.find(name)
    if user is None:
        raise not_found(f"there is no user {name[:64]!r}")
    return user


def _shown(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "role": user.role,
        "made": seconds(user.made_us),
        "password_changed": seconds(user.password_changed_us),
    }
