"""Pytest, told by `python -m tests.fuzz`: every test with made-up values tries more of them, and others each time."""

from typing import Any

from hypothesis import is_hypothesis_test, settings

from tests.fuzz.effort import FACTOR


def pytest_collection_modifyitems(items: list[Any]) -> None:  # Any: tests of all kinds
    items[:] = [item for item in items if "/fuzz/" in str(item.path) or _is_made_up(item)]
    for item in items:
        if _is_made_up(item) and "/fuzz/" not in str(item.path):
            wanted = getattr(item.obj, "_hypothesis_internal_use_settings", None) or settings()
            more = settings(
                wanted, max_examples=wanted.max_examples * FACTOR, derandomize=False, database=None, deadline=None
            )
            item.obj._hypothesis_internal_use_settings = more


def _is_made_up(item: Any) -> bool:
    return is_hypothesis_test(getattr(item, "obj", None))
