"""A wall clock that a test sets while the program runs; the monotonic clock goes on as it is (libfaketime)."""

import os
import time
from datetime import datetime
from pathlib import Path

_US = 1_000_000
# libfaketime 0.9.10 takes the deadline of a sleep on the monotonic clock for one on the other clock.
_SLEEP = "import select, time\n\ntime.sleep = lambda seconds: select.select([], [], [], seconds) and None\n"


def _library() -> Path:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert found, "libfaketime is missing: apt-get install faketime"
    return found[0]


class SetClock:
    """The clock of all processes that are started with its `environment`.

    `settings`: at which microsecond of the machine's own clock it was set, and how far it has been ahead since.
    """

    # A process looks at the file this often.
    NOTICED_S = 1

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.settings: list[tuple[int, int]] = []
        self._folder = folder / "sleep"
        self._folder.mkdir()
        (self._folder / "sitecustomize.py").write_text(_SLEEP)
        self._file = folder / "clock"
        self.set_ahead(0)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(_library()),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(self._folder), os.environ.get("PYTHONPATH")])),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": str(self.NOTICED_S),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
            # Files keep the times that the kernel gave them, as they do when a real clock is set.
            "NO_FAKE_STAT": "1",
        }

    def set_ahead(self, seconds: int) -> None:
        """So much later than the machine's clock; negative = earlier."""
        temporary = self._file.with_suffix(".new")
        temporary.write_text(f"{seconds:+d}\n")
        self.settings.append((time.time_ns() // 1000, seconds * _US))
        temporary.replace(self._file)

    def set_to(self, moment: datetime) -> None:
        """Within a second."""
        self.set_ahead(round(moment.timestamp() - time.time()))

    def ahead_us(self, machine_us: int, tolerance_us: int) -> set[int]:
        """How far it was ahead then; two answers if it was set less than the tolerance before."""
        answers: set[int] = set()
        for set_us, ahead_us in self.settings:
            if set_us <= machine_us - tolerance_us:
                answers = {ahead_us}
            elif set_us <= machine_us:
                answers.add(ahead_us)
        return answers
