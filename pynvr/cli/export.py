"""`pynvr export`: a range of a camera's recordings as one MP4 in a file."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn, get_args
from zoneinfo import ZoneInfo

import click

from pynvr.archive.disk import disk_error
from pynvr.base.clock import SystemClock
from pynvr.base.errors import DiskError, FormatChangesError, NothingRecordedError, PyNVRError, UsageError
from pynvr.base.new_file import new_file
from pynvr.cli.audit import tell
from pynvr.cli.main import Context
from pynvr.cli.output import note, passed, passing, write_json
from pynvr.cli.times import written_time
from pynvr.model.cause import Cause
from pynvr.model.settings import Settings
from pynvr.model.stamp import local
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.cause_of_hole import cause_of_hole
from pynvr.playback.footage import Footage
from pynvr.playback.range_plan import Gaps, RangePlan
from pynvr.playback.ranges import Ranges
from pynvr.store.store import Store

_MB = 1_000_000


class ChangesInsideError(PyNVRError):
    """The range can't be one MP4; the message names its parts."""


@dataclass(frozen=True, slots=True)
class _Wish:
    camera_id: str
    from_us: int
    to_us: int
    out: Path


@click.command()
@click.argument("camera")
@click.argument("from_time", metavar="FROM")
@click.argument("to_time", metavar="TO")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--gaps",
    type=click.Choice(get_args(Gaps)),
    default="close",
    show_default=True,
    help="What wasn't recorded is left out, or takes its time (the last picture stands).",
)
@click.option("--split", is_flag=True, help="If codec or size change inside, write one file for each part.")
@click.option("--force", is_flag=True, help="Overwrite OUT.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@click.pass_obj
def export(
    context: Context, *, camera: str, from_time: str, to_time: str, out: Path, gaps: Gaps, split: bool, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write what CAMERA recorded from FROM up to TO into OUT, as one MP4.

    Times are clock times (14:05, 14:05:10: the last one that has passed, and as TO the first one after FROM, which
    must have come), "now", stamps (20261121.1403, 20261121.140510), ISO 8601 (2026-11-21T14:03, local time unless it
    says a zone) or epoch seconds. Nothing is encoded anew; PyNVR needn't run. The MP4 shows exactly the range that is
    asked for.
    """
    settings = context.settings()
    zone = settings.system.timezone
    now_us = SystemClock().now_us()
    from_us = written_time(from_time, zone, now_us)
    wish = _Wish(camera, from_us, written_time(to_time, zone, now_us, after_us=from_us), out)
    if wish.to_us <= wish.from_us:
        raise UsageError("TO must lie after FROM")
    with Store.open(settings.system.database, create=False) as store:
        exporter = _Exporter(settings, store, gaps, force)
        try:
            with _ending_in_order():
                written = exporter.export(wish, split)
        finally:
            exporter.close()
        called = settings.called(camera)
        for path, plan in written:
            span = f"{local(plan.start_us, zone):%Y-%m-%d %H:%M:%S} to {local(plan.end_us, zone):%Y-%m-%d %H:%M:%S}"
            tell(store, "video.download", f"camera {called}, {span}: exported as {path.name}", camera_id=camera)
    if as_json:
        write_json({"files": [_json(path, plan) for path, plan in written]})
    else:
        for path, plan in written:
            click.echo(_words(path, plan, zone))


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """A `kill` or a closed terminal ends it as Ctrl-C does, and nothing half written is left."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    # One that is ignored (`nohup`) stays so.
    numbers = [one for one in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(one) is signal.SIG_DFL]
    for one in numbers:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one in numbers:
            signal.signal(one, signal.SIG_DFL)


class _Exporter:
    def __init__(self, settings: Settings, store: Store, gaps: Gaps, force: bool) -> None:
        self._settings = settings
        self._store = store
        self._gaps: Gaps = gaps
        self._force = force
        self._clock = SystemClock()
        self._footage = Footage(store, lambda: settings, self._clock)
        self._ranges = Ranges(self._footage, store, self._clock)

    def close(self) -> None:
        self._footage.close()

    def export(self, wish: _Wish, split: bool) -> list[tuple[Path, RangePlan]]:
        """The files written. Raises PyNVRError."""
        try:
            return [self._write(wish)]
        except FormatChangesError as err:
            if not split:
                raise ChangesInsideError(self._advice(err)) from err
            parts = [
                _Wish(wish.camera_id, begin_us, end_us, wish.out.with_stem(f"{wish.out.stem}-{number}"))
                for number, (begin_us, end_us) in enumerate(err.parts, 1)
            ]
        for part in parts:
            self._check_free(part.out)
        return [self._write(part) for part in parts]

    def _write(self, wish: _Wish) -> tuple[Path, RangePlan]:
        self._check_free(wish.out)
        try:
            plan = self._ranges.plan(wish.camera_id, wish.from_us, wish.to_us, self._gaps)
        except NothingRecordedError as err:
            raise NothingRecordedError(f"{err}: {self._cause(wish)}") from err
        source = self._ranges.source(plan, wish.out.name)
        try:
            _check_room(wish.out, plan.length)
            with new_file(wish.out, overwrite=self._force, mode=0o666 & ~_umask()) as fd:
                done = 0
                for piece in source.read(0, source.length):
                    _write_all(fd, piece)
                    done += len(piece)
                    passing(f"{done * 100 // plan.length} %  {done / _MB:,.0f} of {plan.length / _MB:,.0f} MB")
        except FileExistsError as err:
            raise UsageError(f"{wish.out} has appeared meanwhile; --force overwrites it") from err
        except OSError as err:
            raise disk_error(err, f"write {wish.out}") from err
        finally:
            passed()
            source.close()
        return wish.out, plan

    def _check_free(self, out: Path) -> None:
        if out.exists() and not self._force:
            raise UsageError(f"{out} is there already; --force overwrites it")
        if not out.parent.is_dir():
            raise UsageError(f"{out.parent}: there is no such folder")

    def _cause(self, wish: _Wish) -> str:
        now_us = self._clock.now_us()
        if wish.from_us > now_us:
            return "that time has yet to come"
        cause, detail = cause_of_hole(self._store, wish.camera_id, wish.from_us, now_us)
        if cause is Cause.UNKNOWN:
            if self._settings.camera(wish.camera_id) is None:
                return f"there is no such camera; there are {', '.join(camera.id for camera in self._settings.cameras)}"
            zone = self._settings.system.timezone
            return f"nothing is known of {_clock(wish.from_us, zone)} to {_clock(wish.to_us, zone)}"
        return f"{cause.value}{': ' + detail if detail else ''}"

    def _advice(self, err: FormatChangesError) -> str:
        zone = self._settings.system.timezone
        lines = [f"{err}; --split does that, into files numbered -1, -2, …:"]
        lines += [f"  {_clock(begin_us, zone)}  to  {_clock(end_us, zone)}" for begin_us, end_us in err.parts]
        return "\n".join(lines)


def _check_room(path: Path, length: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < length:
        raise DiskError(f"{path.parent} has {free / _MB:,.0f} MB free, {length / _MB:,.0f} are needed", Cause.DISK_FULL)


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _clock(at_us: int, zone: ZoneInfo) -> str:
    return f"{local(at_us, zone):%Y-%m-%dT%H:%M:%S.%f}"


def _json(path: Path, plan: RangePlan) -> dict[str, object]:
    return {
        "path": str(path),
        "bytes": plan.length,
        "start": plan.start_us / MICROSECONDS,
        "end": plan.end_us / MICROSECONDS,
        "seconds": plan.shown_us / MICROSECONDS,
        "missing": [[begin / MICROSECONDS, end / MICROSECONDS] for begin, end in plan.missing],
    }


def _words(path: Path, plan: RangePlan, zone: ZoneInfo) -> str:
    for begin_us, end_us in plan.missing:
        seconds = (end_us - begin_us) / MICROSECONDS
        note(f"not recorded: {_clock(begin_us, zone)} to {_clock(end_us, zone)} ({seconds:,.1f} s)")
    return f"{path}: {plan.shown_us / MICROSECONDS:,.3f} s, {plan.length / _MB:,.1f} MB"
