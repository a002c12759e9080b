"""`python -m tests.torture`: every fault alone, then mixes of them out of a seed, until enough was killed."""

import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.torture.acts_files import LEFT_CHUNKS
from tests.torture.plan import ACTS, CLOCK_ACTS, mixes, one_by_one
from tests.torture.run import Enough, account, run
from tests.torture.stage import Setting, Stage

# Of the acts of the clock, together with kills.
_CLOCK_MIXES = 10
_CLOCK = Setting(4, extras=False, watchers=False, disk=False, zone="Europe/Berlin", clock=True)


@click.command()
@click.option("--seed", type=int, help="Of all chance; else one is chosen, and printed.")
@click.option("--cameras", default=12, show_default=True, type=click.IntRange(4, 200))
@click.option("--kills", default=1000, show_default=True, help="Processes to kill before it ends.")
@click.option("--minutes", default=120.0, show_default=True, help="It ends then at the latest.")
@click.option("--folder", type=click.Path(path_type=Path), help="For all its files; else one that is deleted.")
@click.option("--only", multiple=True, help="Only acts whose name contains this; may be given several times.")
@click.option("--part", type=click.Choice(["all", "alone", "clock", "mixed"]), default="all", show_default=True)
def main(
    *,
    seed: int | None,
    cameras: int,
    kills: int,
    minutes: float,
    folder: Path | None,
    only: tuple[str, ...],
    part: str,
) -> None:
    """Cause every fault there is, and look for what it broke. Needs root: it mounts a disk of its own.

    Exit code 0: nothing is wrong and enough was killed; 1: something is, or the time was too short for that.
    """
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"seed {seed}", flush=True)
    base = folder or Path(tempfile.mkdtemp(prefix="pynvr-torture-"))
    began_s = time.monotonic()
    until_s = began_s + 60 * minutes
    killed = 0
    wrong: set[str] = set()

    @contextmanager
    def staged(name: str, setting: Setting) -> Iterator[Stage]:
        nonlocal killed
        with Stage(base / name, setting, random.Random(f"{seed} {name}")) as stage:
            print(f"\n{name}, {setting.cameras} cameras:", flush=True)
            stage.start()
            try:
                yield stage
            finally:
                print("\n".join(["", f"{name}, {setting.cameras} cameras, seed {seed}:", *account(stage)]), flush=True)
                killed += stage.kills.count
                wrong.update(stage.known_wrong)

    def chosen(acts):
        return [act for act in acts if not only or any(words in act.name for words in only)]

    try:
        if part in ("all", "alone"):
            with staged("alone", Setting(cameras, decode_one_in=3)) as stage:
                run(stage, one_by_one(chosen([*ACTS, LEFT_CHUNKS]), stage.dice), Enough(10**9, until_s), calm=True)
        if part in ("all", "clock"):
            with staged("clock", _CLOCK) as stage:
                mixed = mixes([*chosen(CLOCK_ACTS), *(act for act in ACTS if "killed" in act.name)], stage.dice)
                batches = [*one_by_one(chosen(CLOCK_ACTS), stage.dice), *(next(mixed) for _ in range(_CLOCK_MIXES))]
                run(stage, batches, Enough(10**9, until_s))
        if part in ("all", "mixed"):
            with staged("mixed", Setting(cameras, decode_one_in=3)) as stage:
                run(stage, mixes(chosen(ACTS), stage.dice), Enough(kills, until_s, killed))
    finally:
        print(f"{killed} processes killed in {(time.monotonic() - began_s) / 60:.1f} minutes; seed {seed}", flush=True)
        if folder is None and not wrong:
            shutil.rmtree(base, ignore_errors=True)
        elif wrong:
            print(f"what is wrong lies in {base}", flush=True)
    sys.exit(bool(wrong) or (part in ("all", "mixed") and killed < kills))


def _end(_number: int, _frame: object) -> None:
    """Whoever ends it finds no disk mounted and no process running; asking twice doesn't keep it from that."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
