"""Every route with an address that it takes, so that tests hold for routes that are yet to be written."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bottle import Bottle, HTTPError

from pynvr.web.app import all_routes
from pynvr.web.openapi import path_of
from pynvr.web.routing import Access, Route
from pynvr.web.site import Site

# What a wildcard may stand for; one of them suits it, or the route's owner adds one that does.
EXAMPLES = (
    "gate",
    "1",
    "20260310.1300",
    "20260310",
    "site.css",
    "1773144000",
    "0-1",
    "preview",
    "init.mp4",
    "mp4",
    "jpg",
    "gate.range.20260310.1300.to.20260310.1301",
)


@dataclass(frozen=True)
class Called:
    """A route, and an address at which it is found."""

    route: Route
    path: str

    def __str__(self) -> str:
        return f"{self.route.method} {self.route.rule}"


def called_routes(site: Site) -> list[Called]:
    return [Called(route, example_path(route)) for route in all_routes(site)]


def example_path(route: Route) -> str:
    """An address that the route's rule matches."""
    for path in _filled(route, EXAMPLES):
        if _matches(route, path):
            return path
    raise AssertionError(f"tests/web/enumeration.py: no example suits {route.rule}; add one to EXAMPLES")


def with_each_value(route: Route, values: Sequence[str]) -> Iterator[str]:
    """The route's address with each of its wildcards in turn replaced by each of the values, as they are."""
    template = path_of(route.rule)
    names = re.findall(r"\{(\w+)\}", template)
    good = _values(route)
    for name in names:
        for value in values:
            path = template
            for other in names:
                path = path.replace(f"{{{other}}}", value if other == name else good[other])
            yield path


def _values(route: Route) -> dict[str, str]:
    names = re.findall(r"\{(\w+)\}", path_of(route.rule))
    for values in itertools.product(EXAMPLES, repeat=len(names)):
        if _matches(route, _replaced(route, names, values)):
            return dict(zip(names, values, strict=True))
    raise AssertionError(f"no example suits {route.rule}")


def _filled(route: Route, examples: Sequence[str]) -> Iterator[str]:
    names = re.findall(r"\{(\w+)\}", path_of(route.rule))
    for values in itertools.product(examples, repeat=len(names)):
        yield _replaced(route, names, values)


def _replaced(route: Route, names: Sequence[str], values: Sequence[str]) -> str:
    path = path_of(route.rule)
    for name, value in zip(names, values, strict=True):
        path = path.replace(f"{{{name}}}", value)
    return path


def _matches(route: Route, path: str) -> bool:
    alone = Bottle()
    alone.route(route.rule, route.method, lambda **_: None)
    try:
        alone.router.match({"REQUEST_METHOD": route.method, "PATH_INFO": path})
    except HTTPError:
        return False
    return True


def is_page(route: Route) -> bool:
    """Whether a browser goes there, and so is sent to the login."""
    return route.method == "GET" and route.media_type.startswith("text/html")


def guarded(site: Site) -> list[Called]:
    """All that needs a login."""
    return [one for one in called_routes(site) if one.route.access is not Access.OPEN]
