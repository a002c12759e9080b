"""`pynvr start | stop | restart | foreground`: the service verbs."""

import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

import click

from pynvr.base.counted import counted
from pynvr.base.errors import AlreadyRunningError, PyNVRError
from pynvr.cli.main import Context
from pynvr.cli.parent import end_with_parent
from pynvr.cli.running import Running, find_running, owner_in
from pynvr.config.load import find_config
from pynvr.model.settings import Settings
from pynvr.web.address import site_address
from pynvr.web.listening import why_not

# A start says within this time that it is ready, or why not; a stop takes 10 s at most.
_START_WITHIN_S = 60.0
_STOP_WITHIN_S = 20.0
_LOOK_EVERY_S = 0.05


@click.command()
@click.pass_obj
def start(context: Context) -> None:
    """Start recording in the background; returns when everything has been started.

    Exit code 0 if it runs, 2 if nvr.json can't be used, 4 if it runs already.
    """
    settings = context.settings()
    config = find_config(context.config_path)
    running = find_running(config)
    if running is not None:
        raise AlreadyRunningError(f"PyNVR runs already, as process {running.pid}; `pynvr restart` starts it anew")
    _start(config, settings)


@click.command()
@click.pass_obj
def stop(context: Context) -> None:
    """Stop; every frame received is on disk after it. It is no error if nothing runs."""
    running = find_running(find_config(context.config_path))
    if running is None:
        context.settings()  # a mistake in it may be why nothing was found
        click.echo("PyNVR was not running.")
    else:
        _stop(running)
        click.echo("PyNVR has stopped.")


@click.command()
@click.pass_obj
def restart(context: Context) -> None:
    """Stop if it runs, then start. A configuration that can't be used is told before anything is stopped."""
    settings = context.settings()
    config = find_config(context.config_path)
    running = find_running(config)
    if running is not None:
        _stop(running)
    _start(config, settings)


@click.command()
@click.option("--parent", "parent_pid", type=int, hidden=True, help="End with this process, which started it.")
@click.pass_obj
def foreground(context: Context, parent_pid: int | None) -> None:
    """Record in this terminal until Ctrl-C; for systemd and containers too. The log goes to the terminal as well."""
    if parent_pid is not None:
        end_with_parent(parent_pid)
    context.settings()
    _become_the_master(find_config(context.config_path))


def _start(config: Path, settings: Settings) -> None:
    """In the background, and say what became of it. Without its site it records all the same."""
    trouble = why_not(settings.system.server)
    _start_in_background(config)
    count = len(settings.cameras)
    cameras = counted(count, "camera")
    process = owner_in(settings.system.run_dir)
    started = f"PyNVR has started, with {cameras}, as process {process}."
    if trouble:
        click.echo(f"{started} It records, but has no site yet:")
        click.echo(f"pynvr: {trouble}", err=True)
    else:
        click.echo(f"{started} Its site: {site_address(settings.system.server)}")


def _become_the_master(config: Path, *options: str) -> NoReturn:
    # -P: the folder it is started from is no place to import from.
    arguments = [sys.executable, "-P", "-m", "pynvr.supervisor", "--config", str(config), *options]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, arguments)  # noqa: S606 (our own interpreter, no shell)


def _start_in_background(config: Path) -> None:
    """Start the master as a daemon; raises PyNVRError with its own words if it doesn't get ready."""
    readable, writable = os.pipe()
    first = os.fork()
    if first == 0:
        _daemonize(config, writable)
    os.close(writable)
    os.waitpid(first, 0)
    said = _hear(readable)
    os.close(readable)
    if said.strip() != "ready":
        raise StartFailedError(said.strip() or f"PyNVR ended while it started; its log tells more ({config})")


class StartFailedError(PyNVRError):
    """The program in the background didn't get ready."""


def _daemonize(config: Path, writable: int) -> NoReturn:
    """In the first child: leave session, terminal and folder, and become the master in a second one."""
    try:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        os.chdir("/")
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nothing, fd)
        os.set_inheritable(writable, True)
        _become_the_master(config, "--ready-fd", str(writable))
    except BaseException as err:  # a forked child must never run on as the command
        os.write(writable, f"can't start the program: {err}\n".encode())
        os._exit(1)


def _hear(readable: int) -> str:
    """All that the other end says until it closes, or until the time is over."""
    said = b""
    deadline_s = time.monotonic() + _START_WITHIN_S
    while True:
        left_s = deadline_s - time.monotonic()
        if left_s <= 0 or not select.select([readable], [], [], left_s)[0]:
            return f"PyNVR isn't ready after {_START_WITHIN_S:.0f} s; it goes on trying, `pynvr status` tells more"
        data = os.read(readable, 4096)
        if not data:
            return said.decode(errors="replace")
        said += data


def _stop(running: Running) -> None:
    """Ask the master to stop and wait for it; raises PyNVRError if it doesn't end."""
    pid = running.pid
    if pid:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        except PermissionError as err:
            raise PyNVRError(f"can't stop process {pid}, it belongs to another user") from err
    deadline_s = time.monotonic() + _STOP_WITHIN_S
    while owner_in(running.run_dir) is not None:
        if time.monotonic() > deadline_s:
            raise PyNVRError(f"process {pid} hasn't stopped within {_STOP_WITHIN_S:.0f} s; its log tells more")
        time.sleep(_LOOK_EVERY_S)
