"""The deliverer process: `run` is all that the supervisor knows of it."""

import contextlib
import logging
import os
import select
from collections.abc import Callable

from pynvr.base.clock import Clock, SystemClock
from pynvr.base.errors import PyNVRError, StoreError
from pynvr.base.heart import Beat, Heart
from pynvr.base.logs import conceal
from pynvr.config.settings_file import SettingsFile
from pynvr.config.without_secrets import with_deliveries
from pynvr.deliverer.cutting_thread import CuttingThread
from pynvr.deliverer.delivering import Deliveries
from pynvr.deliverer.ledger import Ledger
from pynvr.model.settings import Settings
from pynvr.store.store import Store, open_or_repair

_WITHIN_S = 60.0
# A damaged database may have to be checked and restored.
_OPENING_WITHIN_S = 600.0
_NAP_S = 0.5
_BEAT_EVERY_S = 1.0
_BUSY_TIMEOUT_S = 2.0
_STORE_AGAIN_S = 2.0
# What is being cut or sent at a stop gets so long: half of what the master gives for all of it.
_END_WITHIN_S = 1.5
# Hours of video that are encoded anew on a busy machine; it says so while it gets on.
_CUT_HANGS_AFTER_S = 3600.0

_log = logging.getLogger(__name__)


def run(heart: Heart, settings: Settings) -> None:
    """Cut and deliver until `heart.stopping`. Raises PyNVRError when only another process helps."""
    deliverer = Deliverer(heart, SettingsFile(settings, _follow, with_deliveries), SystemClock())
    try:
        while not heart.stopping:
            deliverer.turn()
            deliverer.wait()
    except PyNVRError as err:
        if deliverer.close():
            raise
        _log.error("%s", err)
        _end_here(1)
    if not deliverer.close():
        _end_here(0)


def _end_here(code: int) -> None:
    """A thread deep in a library can't be waited for; what it was at is begun anew."""
    logging.shutdown()
    os._exit(code)


class Deliverer:
    """Deliveries in this thread, cutting in another."""

    def __init__(self, heart: Heart, settings: SettingsFile, clock: Clock) -> None:
        self._heart, self._settings, self._clock = heart, settings, clock
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._store: Store | None = None
        self._again_s = self._beat_s = float("-inf")
        self._failure = ""
        self._deliveries = Deliveries(settings, clock, self._wake)
        self._say(_OPENING_WITHIN_S)
        self._cutting = CuttingThread(self._opened, settings, clock, self._wake)

    def turn(self) -> None:
        """One round: what attempts report, what is to be begun."""
        self._cutting.check()
        if self._cutting.hangs_for_s() > _CUT_HANGS_AFTER_S:
            raise PyNVRError("the cutting of a clip hangs")
        self._deliver()
        if self._clock.monotonic_s() - self._beat_s >= _BEAT_EVERY_S:
            self._say()

    def wait(self) -> None:
        """Until there may be something to do."""
        select.select([self._heart.fileno(), self._wake_fd], [], [], _NAP_S)
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wake_fd)
            self._deliveries.look_soon()

    def close(self) -> bool:
        """Whether everything came to its end."""
        until_s = self._clock.monotonic_s() + _END_WITHIN_S
        self._cutting.stop()
        has_ended = self._deliveries.close(_END_WITHIN_S)
        self._again_s = float("-inf")
        self._use(self._deliveries.settle)
        has_ended = self._cutting.close(max(0.1, until_s - self._clock.monotonic_s())) and has_ended
        if self._store is not None:
            self._store.close()
        return has_ended

    def _deliver(self) -> None:
        self._deliveries.hear()
        self._use(self._deliveries.turn)

    def _use(self, use: Callable[[Ledger], None]) -> None:
        now_s = self._clock.monotonic_s()
        if now_s < self._again_s:
            return
        try:
            if self._store is None:
                self._say(_OPENING_WITHIN_S)
                self._store = self._opened()
            use(Ledger(self._store))
            failure = ""
        except StoreError as err:
            failure = str(err)
            self._again_s = now_s + _STORE_AGAIN_S
            if self._store is not None:
                self._store.close()
            self._store = None
        if failure and not self._failure:
            _log.warning("nothing is delivered, for the database can't be used: %s", failure)
        elif self._failure and not failure:
            _log.info("the database can be used again")
        self._failure = failure

    def _opened(self) -> Store:
        return open_or_repair(self._settings().system.database, _BUSY_TIMEOUT_S)

    def _wake(self) -> None:
        os.eventfd_write(self._wake_fd, 1)

    def _say(self, within_s: float = _WITHIN_S) -> None:
        self._beat_s = self._clock.monotonic_s()
        figures = {"delivered": self._deliveries.delivered, "waiting": self._deliveries.waiting}
        doing = f"delivered {figures['delivered']}, waiting {figures['waiting']}"
        detail = "; ".join(self._deliveries.troubles())
        self._heart.beat(Beat("delivering", within_s, detail=detail, figures=figures, facts={"doing": doing}))


def _follow(settings: Settings) -> None:
    conceal(settings.secrets)
