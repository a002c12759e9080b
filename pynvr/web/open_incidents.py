"""The deliverer is wanted while there is something for it to do, whoever reported it: a request or a command."""

import logging
import threading
from collections.abc import Callable

from pynvr.base.errors import StoreError
from pynvr.model.incident import DELIVERER
from pynvr.web.site import Site

LOOK_EVERY_S = 2.0
# It stays a little after its last work, for incidents come in groups.
_STAYS_S = 30.0
_DAY_US = 86_400_000_000

_log = logging.getLogger(__name__)


class OpenIncidents:
    """A thread that looks into the database, from `start` to `stop`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._ending = threading.Event()

    def start(self) -> Callable[[], None]:
        """Gives what stops it."""
        threading.Thread(target=self._run, name="open incidents", daemon=True).start()
        return self._ending.set

    def look(self) -> None:
        """Once. Raises StoreError."""
        if self._is_work():
            self._site.wishes.want(DELIVERER, _STAYS_S)

    def _is_work(self) -> bool:
        incidents, keeping = self._site.store.incidents, self._site.settings().system.incidents
        now_us = self._site.clock.now_us()
        return bool(
            incidents.open_count()
            or incidents.delivered_with_clip(now_us - int(keeping.keep_delivered_days * _DAY_US), 1)
            or incidents.ended_before(now_us - int(keeping.keep_days * _DAY_US), 1)
        )

    def _run(self) -> None:
        while not self._ending.wait(LOOK_EVERY_S):
            try:
                self.look()
            except StoreError as err:
                _log.debug("open incidents aren't known: %s", err)
