"""What is asked of the searcher, the process that looks at recorded pictures, and what it answers.

Both are lines of JSON over its socket: one line asks; then come lines that tell how far it is, and one with the result
or why there is none. Who hangs up doesn't want it any more.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

# The process's name, by which the web process wants it, and its socket's in `System.run_dir`.
SEARCHER = "searcher"
SOCKET_NAME = "searcher.sock"
LONGEST_LINE_BYTES = 65_536

By = Literal["brightness", "sharpness", "faces"]
BYS: tuple[By, ...] = ("brightness", "sharpness", "faces")


@dataclass(frozen=True, slots=True)
class Asked:
    """One search. `job`: what kind; `asker`: for whom, so that each gets their share; `order`: as the kind has it."""

    job: str
    asker: str
    order: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON, which the job's own class reads

    def to_line(self) -> bytes:
        return _line({"job": self.job, "asker": self.asker, "order": dict(self.order)})

    @staticmethod
    def from_line(line: bytes) -> "Asked":
        """Raises ValueError if it isn't one."""
        match _read(line):
            case {"job": str(job), "asker": str(asker), "order": dict(order)}:
                return Asked(job, asker, order)
        raise ValueError("not what a search is asked with")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the answer. `progress`: 0 to 1, `waits`: others are first; or `result`; or `refused`.

    `refused`: a reason of `SearchError`, with a `message` for people.
    """

    progress: float = 0.0
    waits: bool = False
    result: Any = None  # Any: JSON, as the job has it
    refused: str = ""
    message: str = ""

    def to_line(self) -> bytes:
        return _line(asdict(self))

    @staticmethod
    def from_line(line: bytes) -> "Told":
        """Raises ValueError if it isn't one."""
        try:
            return Told(**_read(line))
        except TypeError as err:
            raise ValueError("not what the searcher tells") from err


@dataclass(frozen=True, slots=True)
class BestFramesOrder:
    """The job `best-frames`: `count` pictures of a camera within `[from_us, to_us)`, `apart_us` between any two."""

    camera_id: str
    from_us: int
    to_us: int
    by: By = "brightness"
    count: int = 9
    apart_us: int = 1_000_000

    @staticmethod
    def read(order: Mapping[str, Any]) -> "BestFramesOrder":
        """Raises ValueError."""
        try:
            read = BestFramesOrder(**order)
        except TypeError as err:
            raise ValueError(f"not an order for best frames: {err}") from err
        numbers = read.from_us, read.to_us, read.count, read.apart_us
        if not all(isinstance(number, int) for number in numbers) or read.by not in BYS:
            raise ValueError("not an order for best frames")
        return read


BEST_FRAMES = "best-frames"


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> Any:  # Any: JSON
    try:
        return json.loads(line)
    except RecursionError as err:
        raise ValueError("brackets nested too deep") from err
