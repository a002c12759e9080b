"""`pynvr recover`: finish the chunks that a crash left behind, once, without the service."""

import json
import sys

import click

from pynvr.base.clock import SystemClock
from pynvr.base.counted import counted
from pynvr.base.errors import PyNVRError
from pynvr.catalog.settled import settled_s
from pynvr.cli.main import Context
from pynvr.cli.owner import become_owner_of
from pynvr.finisher.recovery import Recovered, last_folders, left_chunks
from pynvr.finisher.recovery import recover as recover_chunks
from pynvr.store.opening import prepare_or_repair
from pynvr.store.store import Store


@click.command(short_help="Finish the chunks that a crash left behind.")
@click.option("--json", "as_json", is_flag=True, help="Say what was done as one JSON object.")
@click.pass_obj
def recover(context: Context, as_json: bool) -> None:
    """Turn every left chunk of all cameras into an MP4 with its pictures, and give those to the newest MP4s that a
    crash left without.

    The service does this by itself when it starts. Chunks that are being recorded are left alone. What can't be
    finished is kept as .bad, with the reason in a file beside it. Exit code 1 if there was such a one, or an MP4 that
    could not be given its record.
    """
    settings = context.settings()
    become_owner_of(settings.system.data_dir)
    clock = SystemClock()
    dsts = sorted({camera.dst for camera in settings.cameras})
    try:
        chunks = left_chunks(dsts)
        # While PyNVR runs they are its finisher's, who may be at them just now.
        folders = [] if settled_s(settings) else last_folders(dsts, clock.now_us(), settings.system)
    except OSError as err:
        raise PyNVRError(f"{err.filename} can't be read: {err.strerror}") from err

    def open_store() -> Store:
        prepare_or_repair(settings.system.database)
        return Store.open(settings.system.database)

    hidden = as_json or not sys.stderr.isatty()
    with click.progressbar(length=len(chunks), label="Finishing chunks", file=sys.stderr, hidden=hidden) as bar:
        found = recover_chunks(
            chunks, settings.system, clock, open_store, progress=lambda: bar.update(1), folders=folders
        )
    click.echo(_as_json(found) if as_json else _in_words(found))
    if found.set_aside or found.postponed:
        raise click.exceptions.Exit(1)


def _in_words(found: Recovered) -> str:
    lines = [f"{counted(len(found.finished), 'chunk')} finished."]
    if found.entered:
        lines.append(f"{len(found.entered)} MP4s were missing in their day index and are entered.")
    lines += [f"Kept as {path}: {reason}" for path, reason in found.set_aside.items()]
    lines += [f"Not now: {reason}" for reason in found.postponed.values()]
    if found.removed:
        lines.append(f"{len(found.removed)} without any video removed.")
    if found.in_use:
        lines.append(f"{len(found.in_use)} are being recorded just now and were left alone.")
    if found.database_failure:
        lines.append(
            f"{found.rows_waiting} rows aren't in the catalog ({found.database_failure}); `pynvr reindex` adds them."
        )
    return "\n".join(lines)


def _as_json(found: Recovered) -> str:
    return json.dumps(
        {
            "finished": [str(path) for path in found.finished],
            "entered": [str(path) for path in found.entered],
            "set_aside": {str(path): reason for path, reason in found.set_aside.items()},
            "removed": [str(path) for path in found.removed],
            "postponed": {str(path): reason for path, reason in found.postponed.items()},
            "in_use": [str(path) for path in found.in_use],
            "rows_waiting": found.rows_waiting,
            "database_failure": found.database_failure,
        }
    )
