"""`python -m tests.soak`: 64 cameras for an hour, or any other number for days; exit code 1 if anything isn't right."""

import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

import click

from tests.soak.installation import Plan
from tests.soak.report import show
from tests.soak.run import Soak


@click.command()
@click.option("--cameras", default=64, show_default=True, help="How many; all of 1080p30.")
@click.option("--minutes", default=60.0, show_default=True, help="How long all of them record.")
@click.option("--kbps", default=4000, show_default=True, help="Of each camera.")
@click.option("--gigabytes", default=20.0, show_default=True, help="The reaper keeps the recordings below this.")
@click.option(
    "--small",
    is_flag=True,
    help="320x240 at 15 fps, segments of 10 s, six times the visits: six hours of them in one.",
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="For recordings and findings; a new one in the working folder if it isn't given.",
)
@click.option("--keep", is_flag=True, help="Keep the recordings; the findings are kept anyway.")
@click.option("--report", is_flag=True, help="Only tell what the soak in --dir has found, also while it runs.")
def main(
    *,
    cameras: int,
    minutes: float,
    kbps: int,
    gigabytes: float,
    small: bool,
    folder: Path | None,
    keep: bool,
    report: bool,
) -> None:
    """Record, use the site meanwhile, and account for every frame; Ctrl-C ends it early, with its report."""
    if report:
        if folder is None:
            raise click.UsageError("--report needs the --dir of a soak")
        sys.exit(0 if show(folder) else 1)
    folder = (folder or Path(tempfile.mkdtemp(dir=".", prefix="soak-"))).absolute()
    plan = Plan(cameras, minutes, kbps=kbps, gigabytes=gigabytes)
    if small:
        plan = Plan(cameras, minutes, 320, 240, 15, min(kbps, 300), gigabytes, segment_s=10)
    soak = Soak(plan, folder)

    def end(_signal: int, _frame: FrameType | None) -> None:
        soak.stopping.set()

    # Put back afterwards: its short form runs in the process of the tests.
    before = [(number, signal.signal(number, end)) for number in (signal.SIGINT, signal.SIGTERM)]
    print(f"soak in {folder}", flush=True)
    try:
        soak.run()
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    is_right = show(folder)
    if not keep:
        shutil.rmtree(folder / "pynvr" / "data", ignore_errors=True)
    print(
        f"\nwhat was written down, and the program's log, are in {folder}"
        if keep
        else f"\nthe findings are in {folder}"
    )
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
