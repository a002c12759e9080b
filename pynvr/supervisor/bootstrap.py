"""The first lines of every child: its name, its log, its heart; then the `run` of its package."""

import importlib
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import setproctitle

from pynvr.base.errors import ConfigError, PyNVRError, UsageError
from pynvr.base.heart import Heart
from pynvr.base.logs import LogPlace, configure
from pynvr.supervisor.restart import CANNOT_START_EXIT

# What a child has left when its master is gone, before it ends itself.
ORPHAN_GRACE_S = 3.0
_NICENESS = 10
_LOWEST_OF_BEST_EFFORT = 7

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a child is told, through the forkserver's pipe. `target`: "package.module:function", its `run`."""

    name: str
    target: str
    order: object = field(repr=False)
    channel: socket.socket
    log: LogPlace
    low_priority: bool


def main(duty: Duty) -> None:
    """Do the duty; ends the process with an exit code of `restart`."""
    setproctitle.setproctitle(f"pynvr: {duty.name}")
    configure(duty.log, duty.name)
    heart = Heart(duty.channel)
    heart.listen_to_signals()
    threading.Thread(target=_end_with_master, args=(duty.channel.fileno(),), name="orphan", daemon=True).start()
    if duty.low_priority:
        _step_back()
    try:
        run = _found(duty.target)
    except Exception:
        _log.exception("%s can't be loaded", duty.target)
        sys.exit(CANNOT_START_EXIT)
    sys.exit(_exit_code(run, heart, duty.order))


def _exit_code(run: Callable[[Heart, object], None], heart: Heart, order: object) -> int:
    try:
        run(heart, order)
    except (ConfigError, UsageError) as err:
        _log.error("%s", err)
        return CANNOT_START_EXIT
    except PyNVRError as err:
        _log.error("%s", err)
        return 1
    except Exception:
        _log.exception("died of an error that nobody expected")
        return 1
    return 0


def _found(target: str) -> Callable[[Heart, object], None]:
    module, _, function = target.partition(":")
    run: Callable[[Heart, object], None] = getattr(importlib.import_module(module), function)
    return run


def _end_with_master(channel: int) -> None:
    """Wait until the other end of the channel is closed; then stop, in order or else by force.

    This is a thread because a child that hangs in a library doesn't come round to notice.
    """
    waiting = select.poll()
    waiting.register(channel, 0)  # hang-up is always reported
    waiting.poll()
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    time.sleep(ORPHAN_GRACE_S)
    os.kill(os.getpid(), signal.SIGKILL)


def _step_back() -> None:
    """Recording goes first, for the processor and for the disk."""
    import psutil

    os.nice(_NICENESS)
    try:
        psutil.Process().ionice(psutil.IOPRIO_CLASS_BE, _LOWEST_OF_BEST_EFFORT)
    except OSError as err:
        _log.info("the disk priority stays as it is: %s", err)
