"""Addresses that are described with a slash at the end, and answer without it too."""

from collections.abc import Iterable
from dataclasses import replace

from pynvr.web.routing import Route


def with_and_without(routes: Iterable[Route]) -> list[Route]:
    """Each route, and where its rule ends in a slash, one without it that isn't described again."""
    found = []
    for route in routes:
        found.append(route)
        if route.rule.endswith("/"):
            found.append(replace(route, rule=route.rule.removesuffix("/"), documented=False))
    return found
