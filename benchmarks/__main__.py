"""`python -m benchmarks [NAME …]`: all of them, or those named."""

import platform
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks import analyser, downloads, durability, floor, live, loss, motion, picture, reaper, recording, timeline
from benchmarks import range as range_of_a_day
from benchmarks.change import asked as change
from benchmarks.table import Row, print_rows

QUESTIONS: dict[str, tuple[str, Callable[[int], list[Row]]]] = {
    "16": ("16 cameras beside ffmpeg", lambda seconds: recording.run(16, seconds)),
    "64": ("64 cameras beside ffmpeg", lambda seconds: recording.run(64, seconds)),
    "64-alone": ("64 cameras, PyNVR alone", lambda seconds: recording.run(64, seconds, with_peer=False)),
    "floor": ("Where the CPU goes", floor.run),
    "loss": ("Killed recorders", lambda _seconds: loss.run()),
    "durability": ("Forcing to disk, 64 files", lambda _seconds: durability.run()),
    "downloads": ("200 slow downloads", lambda seconds: downloads.run(min(seconds, 60))),
    "live": ("Live view", lambda _seconds: live.rows()),
    "analyser": ("Detection beside 16 cameras", lambda seconds: analyser.run(min(seconds, 60))),
    "motion": ("Motion on made-up scenes", lambda _seconds: motion.rows()),
    "reaper": ("The reaper", lambda _seconds: reaper.rows()),
    "timeline": ("The time axis", lambda _seconds: timeline.rows()),
    "range": ("A day as one MP4", lambda _seconds: range_of_a_day.rows()),
    "change": ("Find the change, on cases held back", lambda _seconds: change.rows()),
    "picture": ("Pictures of recorded instants", lambda _seconds: picture.rows()),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(QUESTIONS)))
@click.option("--seconds", default=180, show_default=True, help="How long recordings are watched; minutes are best.")
def main(names: tuple[str, ...], seconds: int) -> None:
    """Measure, and print tables in Markdown."""
    print(f"{time.strftime('%Y-%m-%d')}, {_machine()}")
    for name in names or QUESTIONS:
        title, measure = QUESTIONS[name]
        print_rows(title, measure(seconds))


def _machine() -> str:
    models = {
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    }
    cores = sum(line.startswith("processor") for line in Path("/proc/cpuinfo").read_text().splitlines())
    return f"{cores} cores {', '.join(sorted(models))}, Linux {platform.release()}, Python {platform.python_version()}"


main()
