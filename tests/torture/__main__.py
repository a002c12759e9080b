"""`python -m tests.torture`: every fault alone, then mixes of them out of a seed, until enough was killed."""

import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.torture.acts_files import LEFT_CHUNKS
from tests.torture.plan import ACTS, CLOCK_ACTS, mixes, one_by_one
from tests.torture.run import Enough, account, run
from tests.torture.stage import Setting, Stage


@click.command()
@click.option("--seed", type=int, help="Of all chance; else one is chosen, and printed.")
@click.option("--cameras", default=12, show_default=True, type=click.IntRange(4, 200))
@click.option("--kills", default=1000, show_default=True, help="Processes to kill before it ends.")
@click.option("--minutes", default=120.0, show_default=True, help="It ends then at the latest.")
@click.option("--folder", type=click.Path(path_type=Path), help="For all its files; else one that is deleted.")
@click.option("--only", default="", help="Only acts whose name contains this.")
@click.option("--part", type=click.Choice(["all", "alone", "clock", "mixed"]), default="all", show_default=True)
def main(
    *, seed: int | None, cameras: int, kills: int, minutes: float, folder: Path | None, only: str, part: str
) -> None:
    """Cause every fault there is, and look for what it broke. Needs root: it mounts a disk of its own.

    Exit code 0: nothing is wrong and enough was killed; 1: something is, or the time was too short for that.
    """
    # Whoever ends it finds no disk mounted and no process running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"seed {seed}", flush=True)
    base = folder or Path(tempfile.mkdtemp(prefix="pynvr-torture-"))
    began_s = time.monotonic()
    enough = Enough(kills, minutes)
    chosen = [act for act in (*ACTS, LEFT_CHUNKS) if only in act.name]
    wrong, killed = False, 0

    def stage_of(name: str, setting: Setting) -> Stage:
        return Stage(base / name, setting, random.Random(f"{seed} {name}"))

    if part in ("all", "alone", "mixed"):
        with stage_of("main", Setting(cameras, decode_one_in=3)) as stage:
            stage.start()
            batches = [] if part == "mixed" else one_by_one(chosen, stage.dice)
            try:
                run(stage, [*batches] if part == "alone" else _chain(batches, mixes(chosen, stage.dice)), enough)
            finally:
                lines = account(stage)
                print("\n".join(["", f"{cameras} cameras, seed {seed}:", *lines]), flush=True)
            wrong, killed = bool(stage.known_wrong), stage.kills.count
    if part in ("all", "clock"):
        clock_acts = [act for act in CLOCK_ACTS if only in act.name]
        with stage_of(
            "clock", Setting(4, extras=False, watchers=False, disk=False, zone="Europe/Berlin", clock=True)
        ) as stage:
            stage.start()
            print("with a clock of its own:", flush=True)
            mixed = mixes([*clock_acts, *(act for act in ACTS if "killed" in act.name)], stage.dice)
            run(stage, [*one_by_one(clock_acts, stage.dice), *(next(mixed) for _ in range(10))], Enough(kills, minutes))
            print("\n".join(["", *account(stage)]), flush=True)
            wrong, killed = wrong or bool(stage.known_wrong), killed + stage.kills.count
    print(f"{killed} processes killed in {(time.monotonic() - began_s) / 60:.1f} minutes; seed {seed}", flush=True)
    if folder is None and not wrong:
        shutil.rmtree(base, ignore_errors=True)
    elif wrong:
        print(f"what is wrong lies in {base}", flush=True)
    sys.exit(wrong or (part == "all" and killed < kills))


def _chain(first, then):
    yield from first
    yield from then


if __name__ == "__main__":
    main()
