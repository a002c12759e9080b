"""What can be measured, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from benchmarks import (
    analyser,
    downloads,
    durability,
    floor,
    live,
    loss,
    motion,
    peers,
    picture,
    reaper,
    recording,
    timeline,
)
from benchmarks import range as range_of_a_day
from benchmarks.change import asked as change
from benchmarks.table import Row


@dataclass(frozen=True)
class Question:
    """`measure` takes for how many seconds recordings are watched.

    `is_promise`: it belongs to what PyNVR promises; the others say more about one thing, and are asked by name.
    `short`: in the short form these constants of the module are smaller.
    """

    title: str
    measure: Callable[[int], list[Row]]
    is_promise: bool = False
    module: ModuleType | None = None
    short: Mapping[str, int] = field(default_factory=dict)


QUESTIONS: dict[str, Question] = {
    "16": Question(
        "16 cameras beside ffmpeg", lambda seconds: recording.run(recording.FEW, seconds), True, recording, {"FEW": 2}
    ),
    "64": Question(
        "64 cameras beside ffmpeg", lambda seconds: recording.run(recording.MANY, seconds), True, recording, {"MANY": 3}
    ),
    "64-alone": Question(
        "64 cameras, PyNVR alone",
        lambda seconds: recording.run(recording.MANY, seconds, with_peer=False),
        module=recording,
        short={"MANY": 3},
    ),
    "peers": Question("Beside what else Debian has", peers.run, True, peers, {"CAMERAS": 1}),
    "loss": Question("Killed recorders", lambda _seconds: loss.run(), True, loss, {"KILLS": 2}),
    "range": Question(
        "A day as one MP4",
        lambda _seconds: range_of_a_day.rows(),
        True,
        range_of_a_day,
        {"MINUTES": 30, "REAL_MINUTES": 2, "REPEATS": 3},
    ),
    "timeline": Question(
        "The time axis", lambda _seconds: timeline.rows(), True, timeline, {"MANY_CAMERAS": 2, "MANY_DAYS": 2}
    ),
    "picture": Question(
        "Pictures of recorded instants",
        lambda _seconds: picture.rows(),
        True,
        picture,
        {"MINUTES": 1, "PICTURES": 6, "PEERS": 3},
    ),
    "live": Question(
        "Live view",
        lambda _seconds: live.rows(),
        True,
        live,
        {"FRAMES": 60, "VIEWERS": 3, "WATCHED_S": 2, "SAMPLES": 5},
    ),
    "reaper": Question(
        "The reaper",
        lambda _seconds: reaper.rows(),
        True,
        reaper,
        {"LARGE": 20_000},
    ),
    "change-day": Question("Find the change in a camera-day", lambda _seconds: change.day(), True),
    "change": Question("Find the change, on cases held back", lambda _seconds: change.rows()),
    "floor": Question("Where the CPU goes", floor.run),
    "durability": Question(
        "Forcing to disk, 64 files", lambda _seconds: durability.run(), module=durability, short={"SECONDS": 6}
    ),
    "downloads": Question("200 slow downloads", downloads.run, module=downloads, short={"DOWNLOADS": 10}),
    "analyser": Question("Detection beside 16 cameras", analyser.run, module=analyser, short={"CAMERAS": 1}),
    "motion": Question("Motion on made-up scenes", lambda _seconds: motion.rows()),
}


def shorten(question: Question) -> None:
    """From now on it does just so much that one sees that it runs."""
    for name, value in question.short.items():
        assert question.module is not None
        assert hasattr(question.module, name), f"{question.module.__name__} has no {name}"
        setattr(question.module, name, value)
