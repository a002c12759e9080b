"""One run: a disk is recorded on, and then its power is cut again and again."""

import random
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.power_cut.cuts import Cut, Fate, apply_forced, apply_unforced, choose
from tests.power_cut.judgement import Reader, judge
from tests.power_cut.next_start import next_start
from tests.power_cut.recording import record
from tests.power_cut.stand import FileSystem, copy_sparse, logged_disk
from tests.power_cut.story import Story
from tests.power_cut.write_log import Entry, read_log


@dataclass(frozen=True)
class Plan:
    """`grace_s`: how much later than promised video may be forced on this machine."""

    seed: int
    cuts: int
    seconds: float
    durability_s: float
    segment_s: int
    file_system: FileSystem
    motion: bool
    grace_s: float


@dataclass
class Account:
    """What a run came to. `mistakes`: each with the cut it belongs to."""

    writes: int = 0
    flushes: int = 0
    logged_bytes: int = 0
    deeds: int = 0
    cuts: Counter[Fate] = field(default_factory=Counter)
    dropped: int = 0
    segments: int = 0
    repaired: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    lost_s: list[float] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def run(plan: Plan, say: Callable[[str], None]) -> Account:
    """Record, cut, look; `say` hears what is done."""
    account = Account()
    rng = random.Random(plan.seed)
    with _workplace() as work:
        blank, log, disk, at = (work / name for name in ("blank", "log", "disk", "mounted"))
        at.mkdir()
        plan.file_system.make(blank)
        copy_sparse(blank, work / "image")
        with logged_disk(work / "image", log, disk), plan.file_system.mounted(disk, at):
            story = record(at / "nvr", plan.seconds, plan.durability_s, plan.segment_s, rng, motion=plan.motion)
        (work / "image").unlink()
        entries = [entry for entry in read_log(log) if entry.at_us < story.ended_us]
        account.flushes = sum(entry.is_flush for entry in entries)
        account.writes = len(entries) - account.flushes
        account.logged_bytes = sum(len(entry.data or b"") for entry in entries)
        account.deeds = len(story.deeds)
        say(
            f"recorded {plan.seconds:g} s: {account.writes} writes ({account.logged_bytes / 1e6:.1f} MB), "
            f"{account.flushes} flushes, {account.deeds} acknowledged deeds"
        )
        cuts = choose(entries, plan.cuts, story.began_us, rng)
        _cut_all(plan, story, entries, cuts, work, account, say)
    return account


def _cut_all(
    plan: Plan,
    story: Story,
    entries: list[Entry],
    cuts: list[Cut],
    work: Path,
    account: Account,
    say: Callable[[str], None],
) -> None:
    forced, left, at = work / "blank", work / "left", work / "mounted"
    reader = Reader()
    done = 0
    with forced.open("r+b") as forced_image:
        for number, cut in enumerate(cuts):
            apply_forced(entries[done : cut.flushed], forced_image)
            forced_image.flush()
            done = cut.flushed
            copy_sparse(forced, left)
            with left.open("r+b") as image:
                apply_unforced(entries, cut, image)
            cut_us = entries[cut.at].at_us if cut.at < len(entries) else story.ended_us
            with plan.file_system.mounted(left, at) as was_repaired:
                found = next_start(at / "nvr" / "nvr.json")
                verdict = judge(story, cut_us, found, at / "nvr" / "data" / "cameras", reader, plan.grace_s)
            account.cuts[cut.fate] += 1
            account.dropped += cut.at - cut.flushed
            account.segments += found.segments
            account.repaired += was_repaired
            account.lost_s += verdict.lost_s.values()
            account.warnings.update(found.said)
            lost = ", ".join(f"{camera} {lost_s:.2f}" for camera, lost_s in verdict.lost_s.items())
            say(
                f"cut {number + 1}: {(cut_us - story.began_us) / 1e6:.2f} s after the start, {cut.at - cut.flushed} "
                f"writes unforced, {cut.fate}: {found.segments} segments; seconds lost: {lost}"
            )
            for mistake in verdict.mistakes:
                account.mistakes.append(f"cut {number + 1}: {mistake}")
                say(f"    MISTAKE: {mistake}")


@contextmanager
def _workplace() -> Iterator[Path]:
    """In memory, for a disk would only make it slow; mounted for this run alone: it goes with it however it ends."""
    work = Path(tempfile.mkdtemp(prefix="pynvr-power-cut-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", work], check=True)
    try:
        yield work
    finally:
        subprocess.run(["umount", "--lazy", work], check=True)
        work.rmdir()
