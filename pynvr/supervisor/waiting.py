"""Waiting for one of several channels."""

import select
from collections.abc import Iterable
from typing import Protocol


class Readable(Protocol):
    """What poll can wait for."""

    def fileno(self) -> int: ...


def wait_for(channels: Iterable[Readable], timeout_s: float) -> bool:
    """Whether one of them became readable, or was closed, within the time."""
    waiting = select.poll()
    for channel in channels:
        waiting.register(channel.fileno(), select.POLLIN)
    return bool(waiting.poll(timeout_s * 1000))
