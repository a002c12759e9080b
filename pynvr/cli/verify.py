"""`pynvr verify`: the archive's tables and sizes read and compared with the catalog."""

import time

import click

from pynvr.base.counted import counted
from pynvr.catalog.folders import all_folders
from pynvr.catalog.mend import mend_finding
from pynvr.catalog.settled import settled_s
from pynvr.catalog.verify import Counts, Finding, Kind, Verifier
from pynvr.cli.main import Context
from pynvr.cli.output import note, passed, passing, write_json
from pynvr.cli.owner import become_owner_of
from pynvr.model.settings import Settings
from pynvr.store.store import Store, open_or_repair

FAULTS_EXIT_CODE = 1
_MOST_LISTED = 1000
_GROWING: Kind = "being recorded"


@click.command()
@click.option("--repair", is_flag=True, help="Then make the catalog and the day indexes equal to the recordings.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def verify(ctx: click.Context, *, repair: bool, as_json: bool) -> None:
    """Compare every segment with the catalog and the day index.

    Of each MP4 its tables are read: that it is whole, its size, its start and end, its codec, and where each frame
    lies. The frames themselves aren't read: a byte changed within one isn't found. While PyNVR records, files that
    are too new for the catalog and the index are left out, and counted.

    Changes nothing without --repair. Exit code 1 if anything is wrong (and, with --repair, still is).
    """
    context: Context = ctx.obj
    settings = context.settings()
    become_owner_of(settings.system.data_dir)
    with open_or_repair(settings.system.database) as store:
        # The same for both looks: what was too new to be mended is too new to be wrong, however long they take.
        began_ns = time.time_ns()
        young_s = settled_s(settings)
        counts, findings = _verified(settings, store, young_s, began_ns, show=not as_json, mend=repair)
        if repair and counts.faults:
            note("Mended what could be; looking once more.")
            counts, findings = _verified(settings, store, young_s, began_ns, show=not as_json, mend=False)
    if as_json:
        listed = [{"kind": one.kind, "path": str(one.path), "detail": one.detail} for one in findings]
        found = {
            "segments": counts.segments,
            "bytes": counts.file_bytes,
            "pictures": counts.pictures,
            "too_new": counts.too_new,
        }
        write_json({**found, "faults": counts.faults, "counts": counts.found, "findings": listed})
    else:
        click.echo(_summary(counts))
    if counts.faults:
        ctx.exit(FAULTS_EXIT_CODE)


def _verified(
    settings: Settings, store: Store, young_s: float, began_ns: int, *, show: bool, mend: bool
) -> tuple[Counts, list[Finding]]:
    """Counts, and the first thousand findings; each is shown, and mended, as it is found."""
    counts = Counts()
    listed: list[Finding] = []

    def progress(done: int, total: int) -> None:
        passing(f"{done} of {total} day folders, {counts.segments} segments, {counted(counts.faults, 'fault')}")

    system = settings.system
    verifier = Verifier(store, system.timezone, system.jpg_cache_dir, young_s, progress, began_ns=began_ns)
    for finding in verifier.verify(all_folders(settings, store), counts):
        if mend:
            mend_finding(store, system.timezone, finding)
        if len(listed) < _MOST_LISTED:
            listed.append(finding)
            if show and finding.kind != _GROWING:
                passed()
                click.echo(f"{finding.kind}: {finding.path}{': ' if finding.detail else ''}{finding.detail}")
    passed()
    return counts, listed


def _summary(counts: Counts) -> str:
    segments, pictures = counted(counts.segments, "segment"), counted(counts.pictures, "picture")
    looked_at = f"{segments} ({counts.file_bytes / 1e9:.3f} GB) and {pictures}"
    verdict = counted(counts.faults, "fault") if counts.faults else "nothing is wrong"
    growing = counts.found.get(_GROWING, 0)
    found = ", ".join(f"{count} × {kind}" for kind, count in sorted(counts.found.items()) if kind != _GROWING)
    lines = [f"{looked_at}: {verdict}" + (f" ({found})" if found else "")]
    if growing:
        lines.append(f"{counted(growing, 'chunk is', 'chunks are')} being recorded now, as should be")
    return "\n".join([*lines, *([_too_new(counts.too_new)] if counts.too_new else [])])


def _too_new(count: int) -> str:
    if count == 1:
        return "1 file is too new to be in the catalog and was not compared"
    return f"{count} files are too new to be in the catalog and were not compared"
