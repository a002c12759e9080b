"""What a search works with."""

from collections.abc import Callable
from dataclasses import dataclass

from pynvr.model.settings import Settings
from pynvr.playback.footage import Footage
from pynvr.store.store import Store


@dataclass(frozen=True, slots=True)
class Tools:
    """`settings()`: nvr.json as it stands now."""

    settings: Callable[[], Settings]
    store: Store
    footage: Footage
