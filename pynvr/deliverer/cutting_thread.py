"""Clips are cut in a thread of their own: encoding anew takes long, and deliveries mustn't wait for it."""

import logging
import threading
import time
from collections.abc import Callable

from pynvr.base.clock import Clock
from pynvr.base.errors import StoreError
from pynvr.deliverer.cutting import Cutter
from pynvr.model.settings import Settings
from pynvr.playback.footage import Footage
from pynvr.store.store import Store

_AGAIN_S = 5.0

_log = logging.getLogger(__name__)


class CuttingThread:
    """Runs from its making on. `on_turn`: called from it after each turn; `failure`: why no database can be used."""

    def __init__(
        self,
        open_store: Callable[[], Store],
        settings: Callable[[], Settings],
        clock: Clock,
        on_turn: Callable[[], None],
    ) -> None:
        self.failure = ""
        self._open_store, self._settings, self._clock, self._on_turn = open_store, settings, clock, on_turn
        self._ending = threading.Event()
        self._cutter: Cutter | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="cutting", daemon=True)
        self._thread.start()

    def hangs_for_s(self) -> float:
        """How long it has been at the same work."""
        cutter = self._cutter
        since_s = None if cutter is None else cutter.busy_since_s
        return 0.0 if since_s is None else time.monotonic() - since_s

    def check(self) -> None:
        """Raises the error that nobody expected, by which it died."""
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """It ends soon; a clip that is being made is begun anew another time."""
        self._ending.set()
        cutter = self._cutter
        if cutter is not None:
            cutter.stop()

    def close(self, within_s: float) -> bool:
        """Whether it came to its end in that time."""
        self.stop()
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._ending.is_set():
                self._ending.wait(self._work())
        except Exception as err:
            self._error = err
            self._on_turn()

    def _work(self) -> float:
        """With one open database; gives how long to wait before the next."""
        try:
            with self._open_store() as store:
                footage = Footage(store, self._settings, self._clock)
                try:
                    cutter = Cutter(store, footage, self._settings, self._clock)
                    self._cutter = cutter
                    cutter.begin()
                    while not self._ending.is_set():
                        wait_s = cutter.turn()
                        self._settle("")
                        self._on_turn()
                        self._ending.wait(wait_s)
                finally:
                    self._cutter = None
                    footage.close()
        except StoreError as err:
            self._settle(str(err))
            return _AGAIN_S
        return 0.0

    def _settle(self, failure: str) -> None:
        if failure and not self.failure:
            _log.warning("no clips are cut, for the database can't be used: %s", failure)
        elif self.failure and not failure:
            _log.info("the database can be used again")
        self.failure = failure
