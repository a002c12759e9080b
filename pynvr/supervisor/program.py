"""The program from its first line to its last: what is made ready before the loop, and undone after it."""

import logging
import os
import resource
import shutil
import sys
from collections.abc import Callable, Mapping
from multiprocessing import util
from pathlib import Path

import setproctitle

from pynvr.base.errors import PyNVRError
from pynvr.base.files import clear_away, clear_temporaries, make_folder
from pynvr.base.logs import LogPlace, configure
from pynvr.base.single import SingleInstance
from pynvr.model.settings import Settings
from pynvr.supervisor.child import start_forkserver
from pynvr.supervisor.configuration import Configuration
from pynvr.supervisor.master import Master
from pynvr.supervisor.roster import TARGETS, main_log
from pynvr.supervisor.temporary import use_folder_in

LOCK_NAME = "pynvr.lock"
PROCESS_TITLE = "pynvr: master"
# Files 0640, folders 0750, whatever the shell says.
UMASK = 0o027

_log = logging.getLogger(__name__)


def run(
    config: Path,
    to_stderr: bool,
    on_ready: Callable[[], None] = lambda: None,
    targets: Mapping[str, str] = TARGETS,
) -> None:
    """Record until told to stop. Raises PyNVRError if the start fails: configuration, folders, a second instance."""
    os.umask(UMASK)
    # A core file would hold the cameras' passwords, of whichever process it is.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    setproctitle.setproctitle(PROCESS_TITLE)
    configuration = Configuration(config)
    settings = configuration.settings
    _make_folders(settings)
    with _locked(settings.system.run_dir / LOCK_NAME):
        configure(LogPlace(main_log(settings), to_stderr, settings.secrets), "master")
        clear_away(settings.system.live_dir)  # what a crash left of sub-streams
        clear_temporaries(settings.system.run_dir)
        # One of these holds passwords.
        file = settings.path.resolve()
        clear_temporaries(file.parent, lambda name: name == file.name)
        use_folder_in(settings.system.run_dir)
        # First of all that costs memory or starts threads: what it loads is shared by all children.
        start_forkserver()
        master = Master(configuration, to_stderr, on_ready, targets)
        try:
            master.run()
        except Exception:
            _log.critical("the master died of an error that nobody expected", exc_info=True)
            raise
        if master.left:
            _leave_at_once()


def _make_folders(settings: Settings) -> None:
    system = settings.system
    for folder in (system.data_dir, system.run_dir, system.log_dir, system.camera_log_dir):
        try:
            make_folder(folder)
        except OSError as err:
            raise PyNVRError(f"can't make the folder {folder}: {err.strerror or err}") from err
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PyNVRError(f"can't write in the folder {folder}: {_why_not_written(folder)}")


def _why_not_written(folder: Path) -> str:
    is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
    return "its file system is mounted read-only" if is_read_only else "it belongs to another user"


def _locked(path: Path) -> SingleInstance:
    """Raises AlreadyRunningError, PyNVRError."""
    try:
        return SingleInstance(path)
    except OSError as err:
        hint = "; did another user start PyNVR here before? chown it" if isinstance(err, PermissionError) else ""
        raise PyNVRError(f"can't lock {path}: {err.strerror or err}{hint}") from err


def _leave_at_once() -> None:
    """multiprocessing would wait for the children that nothing can end; the kernel ends them when it can."""
    shutil.rmtree(util.get_temp_dir(), ignore_errors=True)
    sys.stderr.flush()
    os._exit(1)
