"""How much work a question is for SQLite, whatever the machine does beside it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any


def steps(transaction: Callable[[], AbstractContextManager[Any]], ask: Callable[[], object]) -> int:
    """Hundreds of instructions of SQLite's machine for what `ask` does in one such transaction."""
    found: list[int] = []
    with transaction() as connection:
        raw = connection.connection.driver_connection
        raw.set_progress_handler(lambda: found.append(1), 100)
        ask()
        raw.set_progress_handler(None, 0)
    return len(found)
