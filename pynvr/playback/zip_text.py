"""The text file of a ZIP: what is inside, its times, what is missing, and checksums that `sha256sum -c` reads."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from pynvr.model.stamp import local
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.range_plan import Gaps
from pynvr.playback.zip_plan import MOST_TAGS, ZipFile, ZipPlan, account_words

TEXT_NAME = "contents.txt"
_MOST_LINES = 500


def contents(plan: ZipPlan, system: str, zone: ZoneInfo, gaps: Gaps, sums: Sequence[str]) -> bytes:
    """`sums`: SHA-256 of each file, hexadecimal. UTF-8."""
    lines = [
        f"{_line(system)}: recordings of {_clock(plan.from_us, zone)} to {_clock(plan.to_us, zone)}",
        f"Times are those of {zone}. What isn't recorded "
        + ("is left out of the videos." if gaps == "close" else "takes its time in the videos."),
    ]
    for camera_id, name in plan.camera_names.items():
        title = _line(name) if name == camera_id else f"{_line(name)} ({camera_id})"
        lines += ["", title, *_camera_lines(plan, camera_id, zone)]
    lines += ["", f"SHA-256 (to be checked with: sha256sum -c {TEXT_NAME})"]
    lines += [f"{found}  {file.name}" for file, found in zip(plan.files, sums, strict=True)]
    return ("\n".join(lines) + "\n").encode()


def _camera_lines(plan: ZipPlan, camera_id: str, zone: ZoneInfo) -> Iterator[str]:
    for file in plan.files:
        if file.camera_id == camera_id:
            yield from _file_lines(file, zone)
    for left in plan.left_out:
        if left.camera_id == camera_id:
            yield f"  no file   {_clock(left.from_us, zone)} to {_clock(left.to_us, zone)}: {_line(left.message)}"


def _file_lines(file: ZipFile, zone: ZoneInfo) -> Iterator[str]:
    plan = file.plan
    yield f"  file      {file.name}"
    yield f"  from      {_clock(plan.start_us, zone)}"
    yield f"  to        {_clock(plan.end_us, zone)}"
    yield f"  plays     {plan.shown_us / MICROSECONDS:,.3f} s, {plan.length:,} bytes"
    missing_us = sum(hole.end_us - hole.start_us for hole in file.missing)
    yield f"  missing   {missing_us / MICROSECONDS:,.3f} s" if file.missing else "  missing   nothing"
    for hole in file.missing[:_MOST_LINES]:
        length_s = (hole.end_us - hole.start_us) / MICROSECONDS
        bounds = f"{_clock(hole.start_us, zone)} to {_clock(hole.end_us, zone)}"
        yield f"            {bounds} ({length_s:,.3f} s): {_line(account_words(hole))}"
    if len(file.missing) > _MOST_LINES:
        yield f"            and {len(file.missing) - _MOST_LINES} more"
    for tag in file.tags[:MOST_TAGS]:
        until = f" to {_clock(tag.end_us, zone)}" if tag.end_us > tag.start_us else ""
        yield f"  tag       {_clock(tag.start_us, zone)}{until}: {_line(tag.label)}"
    if len(file.tags) > MOST_TAGS:
        yield "            and more tags, which aren't listed here"


def _clock(at_us: int, zone: ZoneInfo) -> str:
    return local(at_us, zone).isoformat(" ", "milliseconds")


def _line(words: str) -> str:
    """Without what would begin another line."""
    return " ".join(words.split())
