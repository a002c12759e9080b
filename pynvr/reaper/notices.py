"""What the user has to know: in the status as long as it holds, in the log once a day."""

import logging

from pynvr.base.clock import Clock

_AGAIN_S = 86_400.0
_log = logging.getLogger(__name__)


class Notices:
    """The notices of the present cycle in `now`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._logged_s: dict[str, float] = {}
        self.now: list[str] = []

    def begin(self) -> None:
        """A new cycle: what still holds is told again."""
        self.now = []

    def tell(self, subject: str, message: str) -> None:
        """`subject` stays the same while the figures in the message change."""
        self.now.append(message)
        at_s = self._clock.monotonic_s()
        if subject not in self._logged_s or at_s - self._logged_s[subject] >= _AGAIN_S:
            self._logged_s[subject] = at_s
            _log.warning("%s", message)
