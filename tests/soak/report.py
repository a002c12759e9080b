"""What a soak found, out of what it wrote down: at its end, or while it still runs."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.soak.run import ACCOUNT_NAME, SAMPLES_NAME
from tests.soak.slope import Slope, fit

# Of the program's first minutes: interpreters warm up, caches fill.
_WARM_UP_S = 600.0
# What a process holds between its work is the least of so long: while the finisher decodes a picture it has 19 MB more
# for a second, and whether a sample meets that is chance. What leaks is there in between, too.
_SETTLED_S = 120.0
# A hundredth of it in an hour is called flat.
_FLAT = 0.01
# Time without recording that has another cause than these is lost.
_COVERED = frozenset({"recorded", "deleted by retention"})
# What is judged, and its place in a sample. Memory by what each process holds, shared or not: a child that writes to a
# page of its parent has it alone from then on, which ends when all of them are copied, and is no leak. What is shared
# counts for each, so the whole program's real memory says how much is much.
_FIGURES = {"memory": 5, "descriptors": 1, "threads": 2}
_REAL = 0
_KNOWN = {"memory with its part of what is shared (PSS)": _REAL, "memory that processes have alone": 4}


@dataclass(frozen=True)
class Verdict:
    """`right` None: a figure to know, nothing to reach."""

    what: str
    found: str
    right: bool | None = None


def verdicts(folder: Path) -> list[Verdict]:
    account = json.loads((folder / ACCOUNT_NAME).read_text())
    lines = [json.loads(line) for line in (folder / SAMPLES_NAME).read_text().splitlines()]
    hours = (account["written"] - account["began"]) / 3600
    return [
        *_of_frames(account, hours),
        *of_resources(lines, account["began"], account["visits"]["filled"]),
        *_of_use(account),
        *_of_the_end(account["end"]),
    ]


def show(folder: Path) -> bool:
    """Print everything; gives whether all is right."""
    found = verdicts(folder)
    print("\n| what | found | |\n|---|---|---|")
    for one in found:
        print(f"| {one.what} | {one.found} | {({True: 'right', False: '**wrong**', None: ''})[one.right]} |")
    account = json.loads((folder / ACCOUNT_NAME).read_text())
    for title, words in (("frames", account["problems"]), ("visits", account["visits"]["refused"])):
        for problem in words[:30]:
            print(f"{title}: {problem}")
    for kind, (count, examples) in account["log"].items():
        print(f"log: {count} × {kind}\n     {examples[0]}")
    return all(one.right is not False for one in found)


def _of_frames(account: dict[str, Any], hours: float) -> list[Verdict]:
    plan, frames, simulator = account["plan"], account["frames"], account["simulator"]
    video = f"{plan['cameras']} cameras {plan['width']}x{plan['height']}, {plan['fps']} fps, {plan['kbps']} kbit/s each"
    lost = frames["missing"] + account["end"].get("left waiting", 0)
    late = ", ".join(f"{words} {count:,}" for words, count in simulator["late"].items())
    return [
        Verdict("ran", f"{hours * 60:.1f} minutes, {video}"),
        Verdict("frames sent", f"{frames['sent']:,} ({account['video_bytes'] / 1e9:.1f} GB in segments)"),
        Verdict("frames lost", f"{lost} ({frames['found']:,} found in {account['segments']:,} segments)", lost == 0),
        Verdict(
            "frames elsewhere than sent, twice, or damaged",
            str(frames["foreign"]),
            frames["foreign"] == 0 and not account["problems"],
        ),
        Verdict("connections", f"{frames['connections']}", frames["connections"] == plan["cameras"]),
        Verdict(
            "the simulated cameras' own lateness",
            f"at most {simulator['latest_ms'] / 1000:.2f} s; frames by it: {late}",
        ),
    ]


def of_resources(lines: list[dict[str, Any]], began: float, filled: float | None = None) -> list[Verdict]:
    """Whether memory, descriptors and threads stay as they are; `lines`: the samples.

    `filled`: when the web process had as many pictures as it keeps; before that it grows, as it should.
    """
    warm_up_s = min(_WARM_UP_S, (lines[-1]["at"] - began) / 4)
    warm = settled([line for line in lines if line["at"] >= max(began + warm_up_s, filled or 0)])
    times = [(line["at"] - began) / 3600 for line in warm]
    found = []
    totals = [[sum(column) for column in zip(*line["program"].values(), strict=True)] for line in warm]
    for figure, number in _FIGURES.items():
        is_memory = figure == "memory"
        slope = fit(times, [total[number] / (1e6 if is_memory else 1) for total in totals])
        much = fmean(total[_REAL] / 1e6 for total in totals) if is_memory else None
        right = None if len(warm) <= 10 else not slope.grows(_FLAT, much)
        found.append(Verdict(f"{figure}, whole program", _words(slope, " MB" if is_memory else ""), right))
    for what, number in _KNOWN.items():
        slope = fit(times, [total[number] / 1e6 for total in totals])
        found.append(Verdict(what, _words(slope, " MB")))
    peak = max(sum(values[_REAL] for values in line["program"].values()) for line in lines) / 1e6
    found.append(Verdict("the same at its highest", f"{peak:.1f} MB"))
    for name, series in sorted(_by_kind(warm).items()):
        slope = fit([hour for hour, _ in series], [value for _, value in series])
        found.append(Verdict(f"memory, {name}", _words(slope, " MB")))
    seconds = lines[-1]["at"] - lines[0]["at"] or 1
    for who in ("program", "simulator"):
        cores = (_cpu_s(lines[-1], who) - _cpu_s(lines[0], who)) / seconds
        found.append(Verdict(f"cores in use, {who}", f"{cores:.2f}"))
    return found


def settled(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each two minutes one sample in their middle: the least of each figure, of processes there all the while."""
    windows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        windows[int((line["at"] - lines[0]["at"]) // _SETTLED_S)].append(line)
    found = []
    for window in windows.values():
        names = set.intersection(*(set(line["program"]) for line in window))
        found.append(
            {
                "at": fmean(line["at"] for line in window),
                "program": {
                    name: [min(column) for column in zip(*(line["program"][name] for line in window), strict=True)]
                    for name in names
                },
            }
        )
    return found


def _cpu_s(line: dict[str, Any], who: str) -> float:
    return sum(float(values[3]) for values in line[who].values())


def _by_kind(lines: list[dict[str, Any]]) -> dict[str, list[tuple[float, float]]]:
    """Of all recorders together, of each other process, megabytes over hours."""
    began = lines[0]["at"] if lines else 0.0
    series: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for line in lines:
        sums: dict[str, float] = defaultdict(float)
        for name, values in line["program"].items():
            sums["recorders" if name.startswith("recorder ") else name] += values[_FIGURES["memory"]] / 1e6
        for name, value in sums.items():
            series[name].append(((line["at"] - began) / 3600, value))
    return {name: values for name, values in series.items() if len(values) > len(lines) / 2}


def _words(slope: Slope, unit: str) -> str:
    return f"{slope.mean:.1f}{unit}, {slope.per_hour:+.2f} ± {slope.error:.2f}{unit} an hour"


def _of_use(account: dict[str, Any]) -> list[Verdict]:
    visits, log = account["visits"], account["log"]
    answers = ", ".join(f"{count:,} × {status}" for status, count in sorted(visits["answers"].items()))
    return [
        Verdict(
            "requests meanwhile",
            f"{answers}; slowest {visits['slowest_s']:.1f} s; {len(visits['refused'])} not as they should be",
            not visits["refused"],
        ),
        Verdict("live view meanwhile", f"{visits['live_bytes'] / 1e6:,.0f} MB in {visits['lives']} views"),
        Verdict(
            "incidents whose clip was delivered",
            f"{visits['clips']} of {visits['incidents']}",
            visits["clips"] == visits["incidents"] if "incidents left" in account["end"] else None,
        ),
        Verdict("warnings in the log", f"{sum(count for count, _ in log.values())} of {len(log)} kinds", not log),
        Verdict("processes started again", str(account["restarts"]), account["restarts"] == 0),
        Verdict(
            "cameras recording, at least",
            f"{account['least_recording']} of {account['plan']['cameras']}",
            account["least_recording"] == account["plan"]["cameras"],
        ),
    ]


def _of_the_end(end: dict[str, Any]) -> list[Verdict]:
    if "verify, stopped" not in end:
        return [Verdict("the end", "isn't there yet")]
    coverage = end["coverage"]
    uncovered = sum(seconds for cause, seconds in coverage.items() if cause not in _COVERED)
    causes = ", ".join(f"{cause} {seconds:,.1f} s" for cause, seconds in sorted(coverage.items()) if seconds)
    found = [
        Verdict("coverage of all cameras", causes, bool(coverage) and uncovered < 1),
        Verdict("stop", f"exit code {end['exit code']}, {end['chunks left']} chunks left", end["exit code"] == 0),
    ]
    for when in ("verify, recording", "verify, stopped"):
        verified = end[when]
        words = f"{verified['faults']} faults in {verified.get('segments', 0):,} segments"
        if verified.get("too_new"):
            words += f", {verified['too_new']} too new to be compared"
        if verified["faults"]:
            words += f": {verified.get('counts') or verified.get('words')} {verified.get('findings', '')}"
        found.append(Verdict(when, words, verified["faults"] == 0))
    return found
