"""Who is wanted just now: made anew only when what it follows from has changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pynvr.model.incident import DELIVERER
from pynvr.model.search import SEARCHER
from pynvr.model.settings import Settings
from pynvr.supervisor.roster import (
    Wanted,
    deliverer,
    keepers,
    recorders,
    searcher,
    sub_streams,
    wants_deliverer,
    web,
)


class Situation(NamedTuple):
    """What the roster follows from.

    `markers`: of the folders that can be recorded to; `prepared`: whether others than recorders may start; `wants`:
    what children want to be there besides; `is_off`: whether all recording is switched off.
    """

    settings: Settings
    markers: Mapping[Path, str]
    prepared: bool
    wants: frozenset[str]
    is_off: bool


class CurrentRoster:
    """For the master's loop, which asks with each turn."""

    def __init__(self, to_stderr: bool, targets: Mapping[str, str]) -> None:
        self._to_stderr = to_stderr
        self._targets = targets
        self._made_of: Situation | None = None
        self._wanted: list[Wanted] = []

    def wanted(self, now: Situation) -> list[Wanted]:
        """The children there should be; captures aside."""
        known = self._made_of
        # Equal settings that were read anew aren't the same: it costs less to make the roster than to compare them.
        if known is None or known.settings is not now.settings or known != now:
            self._made_of = now
            self._wanted = self._made(now)
        return self._wanted

    def _made(self, now: Situation) -> list[Wanted]:
        settings, how = now.settings, (self._to_stderr, self._targets)
        found = recorders(settings, {} if now.is_off else now.markers, *how)
        if not now.prepared:
            return found
        found += keepers(settings, *how)
        found.append(web(settings, *how))
        # Who switches recording off wants nothing to be taken in, by no way.
        found += sub_streams(settings, frozenset() if now.is_off else now.wants, *how)
        if SEARCHER in now.wants:
            found.append(searcher(settings, *how))
        if DELIVERER in now.wants or wants_deliverer(settings):
            found.append(deliverer(settings, *how))
        return found
