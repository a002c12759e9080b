"""Whether a camera is to be recorded at an instant, and until when that holds: `record.mode` and its schedule."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pynvr.model.cause import Cause
from pynvr.model.schedule import is_on, next_change_us
from pynvr.model.settings import Record


@dataclass(frozen=True, slots=True)
class Window:
    """`is_on` holds in `[from_us, until_us)`; `until_us` None = for good. `cause`: why not, empty while on."""

    is_on: bool
    from_us: int
    until_us: int | None
    cause: str

    def holds(self, at_us: int) -> bool:
        return at_us >= self.from_us and (self.until_us is None or at_us < self.until_us)


def window_at(record: Record, at_us: int, zone: ZoneInfo) -> Window:
    """The window that holds the instant; its start is the instant, for nothing asks about earlier ones but a clock
    that was set back, and then the answer is to be found anew."""
    if record.mode == "never":
        return Window(False, 0, None, Cause.DISABLED)
    if record.mode != "schedule":
        return Window(True, 0, None, "")
    on = is_on(record.schedule, at_us, zone)
    return Window(on, at_us, next_change_us(record.schedule, at_us, zone), "" if on else Cause.SCHEDULE)
