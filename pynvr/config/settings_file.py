"""nvr.json as a process follows it that no change restarts: what was just written counts at once, mistakes never."""

import logging
import os
import threading
from collections.abc import Callable

from pynvr.base.errors import ConfigError
from pynvr.config.difference import difference
from pynvr.config.load import load_in_force
from pynvr.model.settings import Settings

_log = logging.getLogger(__name__)


class SettingsFile:
    """For all threads. Called, it gives the settings in force; `on_change` is told of new ones. `seen_as`: what of them
    the process is to know, as `settings` are already.

    The file is looked at with each call, which costs a microsecond, so that whoever saved a camera gets it back
    with the next request.
    """

    def __init__(
        self,
        settings: Settings,
        on_change: Callable[[Settings], None] = lambda _settings: None,
        seen_as: Callable[[Settings], Settings] = lambda settings: settings,
    ) -> None:
        self._settings = settings
        self._on_change = on_change
        self._seen_as = seen_as
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None  # not looked at yet: it may have changed since the order was given

    def __call__(self) -> Settings:
        with self._lock:
            seen = self._look()
            if seen is not None and seen != self._seen:
                self._seen = seen
                self._reread()
            return self._settings

    def _reread(self) -> None:
        try:
            new, _warnings = load_in_force(self._settings.path)
        except ConfigError:
            return  # the master reports it, and goes on with what it has, as we do
        new = self._seen_as(new)
        # What only a restart of all of PyNVR can change isn't in force yet, and the master leaves all of it be.
        if new != self._settings and not difference(self._settings, new).needs_restart:
            self._settings = new
            self._on_change(new)
            _log.info("follows the changed configuration")

    def _look(self) -> tuple[int, ...] | None:
        try:
            found = os.stat(self._settings.path)
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
