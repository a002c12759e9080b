"""`pynvr report`: what is needed to understand trouble from afar, as one ZIP without secrets."""

import os
from pathlib import Path
from typing import BinaryIO

import click

from pynvr.base.clock import SystemClock
from pynvr.base.errors import PyNVRError, UsageError
from pynvr.cli.main import Context
from pynvr.cli.output import note, passed, passing
from pynvr.cli.owner import become_owner_of
from pynvr.cli.seconds import Seconds
from pynvr.config.load import find_config
from pynvr.report.bundle import entries, file_name, write_zip
from pynvr.report.configuration import read_configuration

_PRIVATE = 0o600


def _created(path: Path) -> BinaryIO:
    """The empty file, for its owner alone; who gave the command through sudo is that."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE)
    except FileExistsError as err:
        raise UsageError(f"{path} exists already") from err
    except OSError as err:
        raise PyNVRError(f"can't write {path}: {err.strerror}") from err
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdigit():
        os.fchown(fd, int(os.environ["SUDO_UID"]), int(os.environ.get("SUDO_GID", "0")))
    return os.fdopen(fd, "wb")


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; must not exist.")
@click.option("--keep-addresses", is_flag=True, help="Leave addresses and names of machines as they are.")
@click.option(
    "--verify-seconds",
    type=Seconds(0, 3600),
    default=60,
    show_default=True,
    help="How long the segments of today and yesterday may be looked at; 0 = not at all.",
)
@click.pass_obj
def report(context: Context, *, output: Path | None, keep_addresses: bool, verify_seconds: float) -> None:
    """Collect what is needed to understand trouble, in one ZIP.

    Versions, machine, configuration without secrets, status, ends of the logs, processes, database, disks, coverage,
    and what `verify` says of today and yesterday. Never video, pictures, passwords or names of users, but for those
    of one or two letters and words of PyNVR (admin, demo). Changes nothing, works whatever is broken, and says what it
    put in: look at it before you send it.
    """
    now_us = SystemClock().now_us()
    path = (output or Path(file_name(now_us))).absolute()
    configuration = read_configuration(find_config(context.config_path))
    listed = []
    file = _created(path)
    try:
        with file:
            # Root may write the report anywhere, and then reads what the service may read: what a look at the
            # database leaves beside it must stay the service's own.
            become_owner_of(configuration.settings.system.data_dir)
            parts = entries(configuration, now_us, keep_addresses=keep_addresses, verify_s=verify_seconds)
            for entry in write_zip(file, parts):
                passing(f"{entry.name}: {entry.about}")
                listed.append(entry)
    except OSError as err:
        raise PyNVRError(f"{path} is incomplete: {err.strerror or err}") from err
    passed()
    for entry in sorted(listed, key=lambda entry: entry.name):
        click.echo(f"  {entry.name:28} {entry.about}{f': {entry.problem}' if entry.problem else ''}")
    note("Without video, pictures, passwords and names of users; names of cameras and folders are in it,")
    note("and users whose names are of one or two letters or words of PyNVR, as admin and demo.")
    click.echo(path)
