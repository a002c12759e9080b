"""A download's lease on what it still has to read."""

import logging
from dataclasses import dataclass

from pynvr.base.clock import Clock
from pynvr.base.errors import StoreError
from pynvr.model.ticks import MICROSECONDS
from pynvr.store.leases import Lease
from pynvr.store.store import Store

_log = logging.getLogger(__name__)

# So long it holds without a sign of life: enough for a client whose connection broke to come back.
LEASE_S = 120.0
_RENEW_EVERY_S = 30.0


@dataclass(slots=True)
class Pause:
    """Until when (monotonic) a process's leases ask nothing of a database that failed; for all its threads.

    Who writes into a locked one waits for seconds, and a ZIP would for each of its cameras.
    """

    until_s: float = float("-inf")


class RangeLease:
    """Taken by the first call of `reached`, then renewed. A database that can't be used holds up no download."""

    def __init__(self, store: Store, clock: Clock, pause: Pause, camera_id: str, end_us: int) -> None:
        self._store = store
        self._clock = clock
        self._pause = pause
        self._camera_id = camera_id
        self._end_us = end_us
        self._lease: Lease | None = None
        self._due_s = 0.0

    def reached(self, start_us: int) -> None:
        """What lies before `start_us` isn't needed any more. Cheap: mostly nothing happens."""
        now_s = self._clock.monotonic_s()
        if now_s < self._due_s or start_us >= self._end_us:
            return
        self._due_s = now_s + _RENEW_EVERY_S
        if now_s < self._pause.until_s:
            return
        now_us = self._clock.now_us()
        until_us = now_us + int(LEASE_S * MICROSECONDS)
        try:
            if self._lease is None or not self._store.leases.renew(self._lease, start_us=start_us, until_us=until_us):
                self._lease = self._store.leases.take(
                    self._camera_id, start_us, self._end_us, until_us=until_us, now_us=now_us
                )
        except StoreError as err:
            self._pause.until_s = self._clock.monotonic_s() + _RENEW_EVERY_S
            _log.warning("a download of camera %s goes on without being held for it: %s", self._camera_id, err)

    def done(self) -> None:
        """All is read."""
        lease, self._lease = self._lease, None
        if lease is not None and self._clock.monotonic_s() >= self._pause.until_s:
            try:
                self._store.leases.release(lease)
            except StoreError as err:
                self._pause.until_s = self._clock.monotonic_s() + _RENEW_EVERY_S
                _log.warning("a lease of camera %s isn't given back, and runs out by itself: %s", self._camera_id, err)
