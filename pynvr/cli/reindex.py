"""`pynvr reindex`: the catalog made again from the recordings."""

from dataclasses import asdict
from pathlib import Path

import click

from pynvr.catalog.folders import all_folders, left_folders
from pynvr.catalog.reindex import Report
from pynvr.catalog.reindex import reindex as reindex_folders
from pynvr.catalog.settled import settled_s
from pynvr.cli.main import Context
from pynvr.cli.output import note, passed, passing, write_json
from pynvr.cli.owner import become_owner_of
from pynvr.model.settings import Settings
from pynvr.store.store import Store, open_or_repair

UNREADABLE_EXIT_CODE = 1
_MOST_SHOWN = 20


@click.command()
@click.option("--changed", "changed_only", is_flag=True, help="Only day folders that changed since the last look.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def reindex(ctx: click.Context, *, changed_only: bool, as_json: bool) -> None:
    """Make the catalog again from the recordings.

    Reads every day folder of every camera: what isn't in the catalog is added, what has no file is removed. Works
    while PyNVR records. Exit code 1 if there are files that can't be read.
    """
    context: Context = ctx.obj
    settings = context.settings()
    become_owner_of(settings.system.data_dir)
    with open_or_repair(settings.system.database) as store:
        if store.opening.detail:
            note(store.opening.detail)
        report = run_reindex(settings, store, everything=not changed_only)
        total = store.segments.count()
    if as_json:
        unreadable = [{"path": str(path), "reason": reason} for path, reason in report.unreadable]
        write_json({**asdict(report), "unreadable": unreadable, "segments": total})
    else:
        _show(report, total)
    if report.unreadable_count or report.skipped:
        ctx.exit(UNREADABLE_EXIT_CODE)


def run_reindex(settings: Settings, store: Store, *, everything: bool) -> Report:
    """Reindex with a word about how far it is."""

    def progress(done: int, total: int, report: Report) -> None:
        passing(f"{done} of {total} day folders, {report.added} segments added")

    report = reindex_folders(
        store,
        all_folders(settings, store),
        settings.system.timezone,
        left=left_folders(settings, store),
        everything=everything,
        settled_s=settled_s(settings),
        progress=progress,
    )
    passed()
    return report


def _show(report: Report, total: int) -> None:
    click.echo(
        f"{report.folders} day folders, {report.folders_read} read: {report.added} segments added, "
        f"{report.removed} removed, {report.records} index records made; the catalog holds {total} segments."
    )
    for line in report.skipped:
        note(line)
    for path, reason in report.unreadable[:_MOST_SHOWN]:
        note(_line(path, reason))
    if report.unreadable_count > _MOST_SHOWN:
        note(f"… and {report.unreadable_count - _MOST_SHOWN} more files that can't be read")


def _line(path: Path, reason: str) -> str:
    return reason if str(path) in reason else f"{path}: {reason}"
