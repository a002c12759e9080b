"""The configuration in force: the first one, then each change of the file that can be used."""

import logging
from pathlib import Path

from pynvr.base.errors import ConfigError
from pynvr.config.difference import Difference, difference
from pynvr.config.load import load_in_force
from pynvr.config.watch import ConfigWatch
from pynvr.model.settings import Settings

_log = logging.getLogger(__name__)


class Configuration:
    """`settings` always hold something that can be run; `problem` says why the file isn't what runs, or what in it is
    a mistake though it runs."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises ConfigError."""
        # Before the first read, or a change between the two would go unseen.
        self.watch = ConfigWatch(path)
        self.path = path
        self.settings: Settings
        self.settings, warnings = load_in_force(path)
        self.problem = _followed_with(warnings)

    def start_watching(self) -> None:
        if self.problem:
            _log.warning("%s", self.problem)
        try:
            self.watch.start()
        except OSError as err:
            _log.warning("changes of %s aren't seen by themselves (%s): send SIGHUP after one", self.path, err)

    def reread(self) -> Difference | None:
        """Take over what the file says now; None if it can't be used, and the running settings stay."""
        try:
            new, warnings = load_in_force(self.path)
        except ConfigError as err:
            self._refuse("; ".join(err.mistakes))
            return None
        found = difference(self.settings, new)
        if found.needs_restart:
            self._refuse(f"{', '.join(found.needs_restart)} can be changed by `pynvr restart` only")
            return None
        problem = _followed_with(warnings)
        if problem and problem != self.problem:
            _log.warning("%s", problem)
        elif self.problem and not problem:
            _log.info("the configuration can be used again")
        self.problem = problem
        self.settings = new
        return found

    def _refuse(self, problem: str) -> None:
        if problem != self.problem:
            _log.error("the running configuration stays, for the changed one can't be used: %s", problem)
        self.problem = problem


def _followed_with(warnings: list[str]) -> str:
    if not warnings:
        return ""
    return f"the configuration is followed, with mistakes that `pynvr check` refuses: {'; '.join(warnings)}"
