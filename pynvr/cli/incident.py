"""`pynvr incident`: report a moment of which a clip is wanted, and see how far each is."""

import time
from collections.abc import Callable
from typing import cast, get_args
from zoneinfo import ZoneInfo

import click

from pynvr.base.clock import SystemClock
from pynvr.base.counted import counted
from pynvr.base.errors import NothingRecordedError, PyNVRError, UsageError
from pynvr.cli.audit import tell
from pynvr.cli.main import Context
from pynvr.cli.output import note, passed, passing, write_columns, write_json
from pynvr.cli.owner import become_owner_of
from pynvr.cli.running import owner_in
from pynvr.cli.times import written_time
from pynvr.deliverer.cutting import Cutter
from pynvr.model.incident import Incident, IncidentStatus, clip_path
from pynvr.model.incident_report import Report
from pynvr.model.settings import ClipCodec, Settings
from pynvr.model.stamp import local
from pynvr.playback.footage import Footage
from pynvr.store.incidents import IncidentFilter
from pynvr.store.store import Store, open_or_repair
from pynvr.web.api.incident_json import STATUSES, incident_json

_LOOK_S = 0.3


@click.group()
def incident() -> None:
    """Report an incident, so that a clip of it is cut and delivered; list all."""


@incident.command()
@click.argument("camera")
@click.argument("at_time", metavar="TIME")
@click.option("--pre", "pre_s", type=float, help="Seconds before TIME; else as the camera has it.")
@click.option("--post", "post_s", type=float, help="Seconds after TIME; else as the camera has it.")
@click.option("--exact/--no-exact", default=None, help="Begin and end at the very frame, encoded anew.")
@click.option("--codec", type=click.Choice(get_args(ClipCodec)), help="h264: also of H.265 recordings.")
@click.option("--note", "words", default="", help="What it is about.")
@click.option("--wait", is_flag=True, help="Until the clip is there; exit code 1 if there is none.")
@click.option("--json", "as_json", is_flag=True, help="Print the incident as JSON, as the HTTP interface has it.")
@click.pass_obj
def create(
    context: Context, *, camera: str, at_time: str, pre_s: float | None, post_s: float | None, exact: bool | None,
    codec: str | None, words: str, wait: bool, as_json: bool,
) -> None:  # fmt: skip
    """Report an incident of CAMERA at TIME and print its id.

    TIME is "now", a clock time (14:05, 14:05:10: the last one that has passed), a stamp (20261121.140510), ISO 8601
    (2026-11-21T14:05:10, local time unless it says a zone) or epoch seconds. The running PyNVR cuts the clip as soon as
    its last second is there, and delivers it to the camera's post_url. If none runs, the next start does; with --wait
    it is cut by this command then.
    """
    settings = context.settings()
    become_owner_of(settings.system.data_dir)
    at_us = written_time(at_time, settings.system.timezone, SystemClock().now_us())
    report = Report(camera, at_us, pre_s, post_s, exact, cast("ClipCodec | None", codec), words)
    with open_or_repair(settings.system.database) as store:
        made = _add(store, settings, report)
        if wait:
            made = _waited_for(store, settings, made)
    if as_json:
        write_json(incident_json(made))
    elif wait and made.has_clip:
        click.echo(str(clip_path(settings.system, made)))
    else:
        click.echo(made.id)
    if wait and made.status is IncidentStatus.FAILED and not made.has_clip:
        raise NothingRecordedError(f"incident {made.id}: {made.last_error}")


@incident.command("list")
@click.option("--camera", "cameras", multiple=True, help="Only of this camera; may be given several times.")
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="Only in this state.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(context: Context, *, cameras: tuple[str, ...], statuses: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show incidents, the newest moment first: how far each is, and why it isn't further."""
    settings = context.settings()
    wanted = IncidentFilter(cameras or None, [IncidentStatus(status) for status in statuses] or None)
    with open_or_repair(settings.system.database) as store:
        found, total = store.incidents.page(wanted, limit=limit)
    if as_json:
        write_json({"incidents": [incident_json(one) for one in found], "total": total})
        return
    heading = ("id", "camera", "moment", "state", "attempts", "missing", "why")
    write_columns([heading, *(_row(one, settings.system.timezone) for one in found)])
    if total > len(found):
        note(f"{counted(total - len(found), 'older incident')} not shown; --limit shows more")


def _add(store: Store, settings: Settings, report: Report) -> Incident:
    known = {camera.id for camera in settings.cameras} | {total.camera_id for total in store.totals.cameras()}
    if report.camera_id not in known:
        raise UsageError(f"there is no camera {report.camera_id!r}; cameras are {', '.join(sorted(known)) or 'none'}")
    try:
        new = report.incident(settings.camera(report.camera_id), SystemClock().now_us(), "")
    except ValueError as err:
        raise UsageError(str(err)) from err
    with store.transaction():
        made = store.incidents.add(new)
        text = f"camera {settings.called(made.camera_id)}: incident {made.id} reported"
        tell(store, "incident.add", text, subject=str(made.id), camera_id=made.camera_id)
    return made


def _waited_for(store: Store, settings: Settings, made: Incident) -> Incident:
    """The incident when its clip is cut, or can't be."""
    cut = _by_ourselves(store, settings) if owner_in(settings.system.run_dir) is None else _nothing
    try:
        while True:
            cut()
            found = store.incidents.get(made.id)
            if found is None:
                raise PyNVRError(f"incident {made.id} was deleted meanwhile")
            if found.status is not IncidentStatus.PENDING:
                return found
            passing(f"incident {made.id}: {found.last_error or 'waits for its last second'}")
            time.sleep(_LOOK_S)
    finally:
        passed()


def _by_ourselves(store: Store, settings: Settings) -> Callable[[], object]:
    clock = SystemClock()
    return Cutter(store, Footage(store, lambda: settings, clock), lambda: settings, clock).turn


def _nothing() -> None:
    """The running PyNVR does it."""


def _row(one: Incident, zone: ZoneInfo) -> tuple[str, ...]:
    missing_us = sum(span.end_us - span.start_us for span in one.missing)
    return (
        str(one.id),
        one.camera_id,
        f"{local(one.incident_us, zone):%Y-%m-%d %H:%M:%S}",
        _state(one, SystemClock().now_us()),
        str(one.attempts),
        f"{missing_us / 1e6:.1f} s" if missing_us else "",
        ": ".join(part for part in (_more(one), one.last_error) if part),
    )


def _state(one: Incident, now_us: int) -> str:
    """How far it is, in the words of the incidents page."""
    match one.status:
        case IncidentStatus.PENDING:
            return "waiting for its end" if one.end_us > now_us else "clip is being made"
        case IncidentStatus.EXTRACTED:
            return "waiting for delivery" if one.deliver else "clip ready"
        case IncidentStatus.UPLOADING:
            return "being delivered"
        case IncidentStatus.WAITING:
            return "not delivered yet"
        case IncidentStatus.UPLOADED:
            return "delivered"
        case IncidentStatus.FAILED:
            return "refused" if one.has_clip else "no clip"


def _more(one: Incident) -> str:
    return "its clip was deleted after delivery" if one.status is IncidentStatus.UPLOADED and not one.has_clip else ""
