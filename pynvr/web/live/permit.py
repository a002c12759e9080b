"""Whether whoever opened a socket may still look."""

import logging
from collections.abc import Callable

from pynvr.base.clock import Clock
from pynvr.base.errors import StoreError

# A session that was ended, or a token that was revoked, ends its sockets within this and a moment.
_ASK_EVERY_S = 15.0

_log = logging.getLogger(__name__)


class Permit:
    """`ask` says whether the login still holds; it is asked now and then."""

    def __init__(self, ask: Callable[[], bool], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._asked_s = clock.monotonic_s()

    def holds(self) -> bool:
        now_s = self._clock.monotonic_s()
        if now_s - self._asked_s < _ASK_EVERY_S:
            return True
        self._asked_s = now_s
        try:
            return self._ask()
        except StoreError as err:
            _log.warning("can't ask whether a viewer may still look: %s", err)
            return True  # looking on goes on while the database is held up
