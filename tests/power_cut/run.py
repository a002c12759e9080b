"""One run: a disk is recorded on, and then its power is cut again and again."""

import pickle
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

# Of so many cuts, one is followed by another.
_TWICE = 4


@dataclass(frozen=True)
class Plan:
    """`grace_s`: how much later than promised video may be forced on this machine; `keep`: folder for what was
    recorded and for the disks of wrong cuts; `again`: such a folder, whose recording is cut; `only`: just this cut.
    """

    seed: int
    cuts: int
    seconds: float
    durability_s: float
    segment_s: int
    file_system: FileSystem
    motion: bool
    grace_s: float
    latency_s: float
    keep: Path | None = None
    again: Path | None = None
    only: int | None = None


@dataclass
class Account:
    """What a run came to. `mistakes`: each with the cut it belongs to."""

    writes: int = 0
    flushes: int = 0
    logged_bytes: int = 0
    deeds: int = 0
    cuts: Counter[Fate] = field(default_factory=Counter)
    dropped: int = 0
    twice: int = 0
    segments: int = 0
    repaired: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    lost_s: list[float] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def run(plan: Plan, say: Callable[[str], None]) -> Account:
    """Record, cut, look; `say` hears what is done."""
    account = Account()
    with _workplace() as work:
        if plan.again is None:
            story = _recorded(plan, work)
            if plan.keep is not None:
                _keep(story, work, plan.keep)
        else:
            story = _kept(plan.again, work)
        entries = [entry for entry in read_log(work / "log") if entry.at_us < story.ended_us]
        account.flushes = sum(entry.is_flush for entry in entries)
        account.writes = len(entries) - account.flushes
        account.logged_bytes = sum(len(entry.data or b"") for entry in entries)
        account.deeds = len(story.deeds)
        say(
            f"recorded {(story.ended_us - story.began_us) / 1e6:.0f} s: {account.writes} writes "
            f"({account.logged_bytes / 1e6:.1f} MB), {account.flushes} flushes, {account.deeds} acknowledged deeds"
        )
        cuts = choose(entries, plan.cuts, story.began_us, random.Random(f"cuts {plan.seed}"))
        _cut_all(plan, story, entries, cuts, work, account, say)
    return account


def _recorded(plan: Plan, work: Path) -> Story:
    """Record; the disk as it was before is `blank` then, and what was done to it `log`."""
    at, rng = work / "mounted", random.Random(plan.seed)
    plan.file_system.make(work / "blank")
    copy_sparse(work / "blank", work / "image")
    logged = logged_disk(work / "image", work / "log", work / "disk", plan.latency_s)
    with logged, plan.file_system.mounted(work / "disk", at):
        story = record(at / "nvr", plan.seconds, plan.durability_s, plan.segment_s, rng, motion=plan.motion)
    (work / "image").unlink()
    return story


def _keep(story: Story, work: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("blank", "log"):
        copy_sparse(work / name, folder / name)
    (folder / "story").write_bytes(pickle.dumps(story))


def _kept(folder: Path, work: Path) -> Story:
    for name in ("blank", "log"):
        copy_sparse(folder / name, work / name)
    story = pickle.loads((folder / "story").read_bytes())  # our own
    assert isinstance(story, Story)
    return story


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
        for number, cut in enumerate(cuts, start=1):
            if plan.only not in (None, number):
                continue
            apply_forced(entries[done : cut.flushed], forced_image)
            forced_image.flush()
            done = cut.flushed
            copy_sparse(forced, left)
            with left.open("r+b") as image:
                apply_unforced(entries, cut, image)
            if plan.keep is not None:
                copy_sparse(left, work / "as it was left")
            cut_us = entries[cut.at].at_us if cut.at < len(entries) else story.ended_us
            is_twice = cut.seed % _TWICE == 0
            if is_twice:
                _cut_recovery(plan, cut, work)
            with plan.file_system.mounted(left, at) as was_repaired:
                found = next_start(at / "nvr" / "nvr.json")
                verdict = judge(story, cut_us, found, at / "nvr" / "data" / "cameras", reader, plan.grace_s)
            account.cuts[cut.fate] += 1
            account.twice += is_twice
            account.dropped += cut.at - cut.flushed
            account.segments += found.segments
            account.repaired += was_repaired
            account.lost_s += verdict.lost_s.values()
            account.warnings.update(found.said)
            lost = ", ".join(f"{camera} {lost_s:.2f}" for camera, lost_s in verdict.lost_s.items())
            say(
                f"cut {number}: {(cut_us - story.began_us) / 1e6:.2f} s after the start, {cut.at - cut.flushed} "
                f"writes unforced, {cut.fate}{', twice' if is_twice else ''}: {found.segments} segments; "
                f"seconds lost: {lost}"
            )
            for mistake in verdict.mistakes:
                account.mistakes.append(f"cut {number}: {mistake}")
                say(f"    MISTAKE: {mistake}")
            if verdict.mistakes and plan.keep is not None:
                copy_sparse(work / "as it was left", plan.keep / f"cut {number}")
                copy_sparse(left, plan.keep / f"cut {number} after the start")


def _cut_recovery(plan: Plan, cut: Cut, work: Path) -> None:
    """The power goes again while the next start is busy with what the first cut left."""
    left, log, disk, at = work / "left", work / "second log", work / "second disk", work / "mounted"
    copy_sparse(left, work / "image")
    with logged_disk(work / "image", log, disk), plan.file_system.mounted(disk, at):
        next_start(at / "nvr" / "nvr.json")
    entries = list(read_log(log))
    log.unlink()
    (work / "image").unlink()
    again = choose(entries, 1, 0, random.Random(cut.seed))[0]
    with left.open("r+b") as image:
        apply_forced(entries[: again.flushed], image)
        apply_unforced(entries, again, image)


@contextmanager
def _workplace() -> Iterator[Path]:
    """In memory, for a disk would only make it slow; mounted for this run alone: it goes with it however it ends."""
    work = Path(tempfile.mkdtemp(prefix="pynvr-power-cut-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", work], check=True)
    try:
        (work / "mounted").mkdir()
        yield work
    finally:
        subprocess.run(["umount", "--lazy", work], check=True)
        work.rmdir()
