"""`pynvr status`: what runs, and which cameras record."""

import os
import sys
import time
from pathlib import Path

import click

from pynvr.base.errors import ConfigError, PyNVRError
from pynvr.base.redaction import redact
from pynvr.cli.main import Context
from pynvr.cli.running import find_running
from pynvr.config.load import find_config
from pynvr.model.camera_name import named
from pynvr.model.cause import Cause
from pynvr.model.status import STALE_S, STATUS_NAME, CameraStatus, ProcessStatus, Status, is_trouble
from pynvr.web.setup_code import SetupCode, setup_link

RUNNING, IN_ERROR, STOPPED = 0, 1, 3
# A smaller share of a disk doesn't show among its figures.
_TOLD_RESERVED = 0.005

Row = tuple[str, ...]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The whole status as one JSON object (docs/status.md).")
@click.option("--processes", is_flag=True, help="List every process too.")
@click.pass_obj
def status(context: Context, as_json: bool, processes: bool) -> None:
    """Say what runs and which cameras record.

    Exit code 0 if it runs, 3 if it is stopped, 1 if it runs but something needs a person (a mistake in nvr.json
    does), 2 if nothing runs and nvr.json has a mistake.
    """
    running = find_running(find_config(context.config_path))
    if running is None:
        context.settings()  # a mistake in it may be why nothing was found
        click.echo('{"program": {"state": "stopped"}}' if as_json else "PyNVR is stopped.")
        sys.exit(STOPPED)
    mistakes = _mistakes(context)
    path = running.run_dir / STATUS_NAME
    data, age_s = _read(path)
    if as_json:
        click.echo(data.decode().rstrip())
    found = _understood(path, data)
    if not as_json:
        _show(found, age_s, mistakes, processes)
        _show_setup(context, running.run_dir)
    sys.exit(IN_ERROR if found.in_error or mistakes or age_s > STALE_S else RUNNING)


def _show_setup(context: Context, run_dir: Path) -> None:
    """The link that makes the first user, to those who may read the run folder."""
    code = SetupCode(run_dir).read()
    if code is None:
        return
    try:
        server = context.settings().system.server
    except ConfigError:
        return
    click.echo()
    click.secho(f"There is no user yet: open {setup_link(server, code)} to make the first one.", fg="yellow")


def _mistakes(context: Context) -> list[str]:
    """Those that are in nvr.json now; what runs goes on with what it read before."""
    try:
        context.settings()
    except ConfigError as err:
        return [redact(mistake) for mistake in err.mistakes]
    return []


def _read(path: Path) -> tuple[bytes, float]:
    """The file, and how many seconds ago it was written; waits a little for a master that is just starting."""
    deadline_s = time.monotonic() + 3
    while True:
        try:
            with path.open("rb") as file:
                return file.read(), max(0.0, time.time() - os.fstat(file.fileno()).st_mtime)
        except FileNotFoundError as err:
            if time.monotonic() > deadline_s:
                raise PyNVRError(f"PyNVR runs, but has written no {path}") from err
            time.sleep(0.05)
        except OSError as err:
            raise PyNVRError(f"can't read {path}: {err.strerror}") from err


def _understood(path: Path, data: bytes) -> Status:
    try:
        return Status.from_json(data)
    except ValueError as err:
        raise PyNVRError(f"{path} is of another version of PyNVR: `pynvr restart` ({err})") from err


def _show(found: Status, age_s: float, mistakes: list[str], processes: bool) -> None:
    program = found.program
    uptime = duration((program.written_us - program.since_us) / 1e6)
    version = f"PyNVR {program.version}"
    who = version if program.name == "PyNVR" else f"{program.name} ({version})"
    headline = f"{who} is {program.state}, for {uptime}, as process {program.pid}."
    click.secho(headline, fg="red" if found.in_error or mistakes else "green")
    if age_s > STALE_S:
        click.secho(f"It hasn't said anything for {duration(age_s)}: it hangs, or its disk does.", fg="red")
    click.echo(f"{program.cameras_recording} of {program.cameras_wanted} cameras record.")
    if program.recording_off_us:
        off = duration((program.written_us - program.recording_off_us) / 1e6)
        click.secho(f"Recording of all cameras is switched off, for {off}.", fg="yellow")
    for problem in found.problems:
        click.secho(f"! {problem.detail}", fg="red")
    if all(problem.about != "configuration" for problem in found.problems):  # not seen by the master yet
        for mistake in mistakes:
            click.secho(f"! {mistake}", fg="red")
    click.echo()
    heading = ("camera", "state", "since", "picture", "fps", "kbit/s", "why not")
    _table(heading, [(_camera_row(camera, program.written_us), _colour(camera)) for camera in found.cameras])
    if found.disks:
        click.echo()
        rows = [
            (disk.folder, size(disk.used_bytes), size(disk.free_bytes), size(disk.total_bytes), str(len(disk.cameras)))
            for disk in found.disks
        ]
        _table(("disk", "used", "free", "size", "cameras"), [(row, "") for row in rows])
        for disk in found.disks:
            if disk.reserved_bytes >= _TOLD_RESERVED * disk.total_bytes:
                click.echo(
                    f"Of {disk.folder}, {size(disk.reserved_bytes)} are kept for root by the file system: "
                    "neither used nor free for PyNVR."
                )
    if processes:
        click.echo()
        _table(
            ("process", "pid", "state", "up", "restarts", "last word", "memory", "detail"),
            [(_process_row(process), "") for process in found.processes],
        )


def _camera_row(camera: CameraStatus, now_us: int) -> Row:
    figures, facts = camera.figures, camera.facts
    picture = " ".join(filter(None, (facts.get("codec", ""), facts.get("size", ""))))
    why = ": ".join(filter(None, (camera.cause, camera.detail)))
    since = duration((now_us - camera.since_us) / 1e6) if camera.since_us else ""
    # Of a camera that isn't recorded they are of before.
    fps = f"{figures['fps']:.1f}" if figures.get("fps") and not camera.cause else ""
    kbps = f"{figures['kbps']:.0f}" if figures.get("kbps") and not camera.cause else ""
    return named(camera.id, camera.name), camera.state, since, picture, fps, kbps, why


def _process_row(process: ProcessStatus) -> Row:
    heard = "" if process.last_beat_s is None else f"{process.last_beat_s:.1f} s"
    up = duration(process.uptime_s) if process.pid else ""
    memory = size(process.memory_bytes) if process.memory_bytes else ""
    pid = str(process.pid or "")
    return process.name, pid, process.state, up, str(process.restarts), heard, memory, process.detail


def _colour(camera: CameraStatus) -> str:
    if not camera.cause:
        return "green"
    if is_trouble(camera.cause):
        return "red"
    return "yellow" if camera.cause == Cause.STARTING else ""


def _table(heading: Row, rows: list[tuple[Row, str]]) -> None:
    widths = [max(len(row[column]) for row in [heading, *(row for row, _ in rows)]) for column in range(len(heading))]
    click.secho(_line(heading, widths), bold=True)
    for row, colour in rows:
        click.secho(_line(row, widths), fg=colour or None)


def _line(row: Row, widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def duration(seconds: float) -> str:
    """In the two largest units: `3 d 4 h`, `12 min 5 s`."""
    left = max(0, round(seconds))
    parts = []
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def size(count_bytes: int) -> str:
    """In powers of ten, as disks are sold: `1.5 TB`, `9.3 MB`."""
    value = float(count_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} TB"
