"""Batches of acts, one after the other: cause, mend, prove."""

import time
from collections.abc import Iterable
from contextlib import suppress

from tests.torture.act import Act, Scene, Story
from tests.torture.acts_site import report, settle_incidents
from tests.torture.leaks import slope_of
from tests.torture.stage import Stage, now_us

_TAILS_SHOWN = 5


def run(stage: Stage, batches: Iterable[list[Act]], enough: "Enough", *, calm: bool = False) -> None:
    """Until there are no more, or it is enough; then `run_out`. `calm`: also what PyNVR says of each is looked at."""
    for number, batch in enumerate(batches, start=1):
        if enough.is_reached(stage):
            break
        play(stage, batch, number, calm=calm)
    run_out(stage)


def run_out(stage: Stage) -> None:
    """Stop the program and prove everything once more."""
    if stage.setting.extras:
        settle_incidents(stage)
    stage.prove()
    stage.stop()
    left = sum(len(eye.shelf.chunks()) for eye in stage.eyes.values())
    if left:
        print(f"  the stop left {left} chunks", flush=True)  # a machine that is too busy doesn't finish them in 10 s
    # What a stop in the middle of it all leaves to the next start: chunks, rows, and records of day indexes.
    for command in ("recover", "reindex", "verify"):
        said = stage.program.command(command, timeout_s=600)
        if said.returncode:
            stage.complain(f"{command}: {said.stdout[-1000:]}{said.stderr[-600:]}")
    stage.prove(running=False)
    for words in stage.meter.wrong():
        stage.complain(words)


class Enough:
    """When to stop: so many processes were killed (`before`: of them, on an earlier stage), or it is late."""

    def __init__(self, kills: int, until_s: float, before: int = 0) -> None:
        self._kills, self._until_s, self._before = kills, until_s, before

    def is_reached(self, stage: Stage) -> bool:
        return self._before + stage.kills.count >= self._kills or time.monotonic() > self._until_s


def play(stage: Stage, batch: list[Act], number: int, *, calm: bool = False) -> None:
    """One batch: all its faults stand at once, then all are mended."""
    told, from_us = time.monotonic(), now_us()
    try:
        _cause_and_mend(stage, batch, number, calm)
    except AssertionError as err:
        names = " and ".join(act.name for act in batch)
        stage.complain(f"{names}: {str(err).splitlines()[0]}")
        print(str(err), flush=True)
        stage.begin_anew(from_us)
    stage.prove()
    print(f"     {time.monotonic() - told:.1f} s, {stage.kills.count} killed so far", flush=True)


def _cause_and_mend(stage: Stage, batch: list[Act], number: int, calm: bool) -> None:
    free = [name for name in stage.names if name != stage.on_disk]
    scene = Scene(stage, calm, free)
    stories: list[tuple[Act, Story]] = [(act, act.story(scene)) for act in batch]
    if stage.setting.extras:
        report(stage)  # before: what is locked or killed would only be waited for
    for act, story in list(stories):
        if not scene.free and act.place in ("camera", "recorders"):
            stories.remove((act, story))
            continue
        words = next(story)
        stage.note("", words)
        print(f"  {number}. {words}", flush=True)
    for _act, story in stories:
        with suppress(StopIteration):
            next(story)
    stage.wait_recording()


def account(stage: Stage) -> list[str]:
    """What happened, in lines."""
    eyes = stage.eyes.values()
    tails = sorted(
        ((eye.name, tail) for eye in eyes for tail in eye.account.tails), key=lambda one: one[1].seconds, reverse=True
    )
    excused: dict[str, int] = {}
    for eye in eyes:
        for why, count in eye.account.excused.items():
            excused[why] = excused.get(why, 0) + count
    lines = [
        f"{stage.kills.count} processes killed, {stage.kills.at_once} of them with all others: "
        + ", ".join(f"{count} {kind}" for kind, count in sorted(stage.kills.by_kind.items())),
        f"{sum(eye.account.sent for eye in eyes)} frames sent, {sum(eye.account.recorded for eye in eyes)} are in "
        f"{sum(len(eye.shelf.pieces()) for eye in eyes)} segments, each in one",
        f"{sum(tail.frames for _, tail in tails)} were on their way when one of {len(tails)} connections ended"
        + (f", {tails[0][1].seconds:.2f} s of one at most" if tails else ""),
    ]
    lines += [
        f"    {tail.frames} frames, {tail.seconds:.2f} s of {name}: {stage.reason_of(name, tail)}"
        for name, tail in tails[:_TAILS_SHOWN]
        if tail.seconds > 1
    ]
    if stage.lag_s:
        lags = sorted(stage.lag_s)
        lines.append(
            f"the newest frame in a chunk was {lags[len(lags) // 2] * 1000:.0f} ms behind the newest one sent when a "
            f"fault was caused (median of {len(lags)}; {lags[-1]:.2f} s at most)"
        )
    lines += [f"{count} frames: {why}" for why, count in sorted(excused.items())]
    for kind, samples in sorted(stage.meter.longest().items()):
        first, last = samples[0], samples[-1]
        words = f"{kind}: longest life {(last.at_s - first.at_s) / 60:.1f} min, "
        words += f"{first.memory_bytes / 1e6:.1f} → {last.memory_bytes / 1e6:.1f} MB, "
        words += f"{first.descriptors} → {last.descriptors} descriptors, {first.threads} → {last.threads} threads"
        warm = samples[len(samples) // 3 :]
        if len(warm) > 3:
            slope = slope_of([(one.at_s, float(one.memory_bytes)) for one in warm])
            words += f", {slope.per_s * 60 / 1000:+.0f} ± {slope.error_per_s * 60 / 1000:.0f} kB/min"
        lines.append(words)
    lines += [f"WRONG: {words}" for words in sorted(stage.known_wrong)]
    return lines
