"""nvr.json written: whole or not at all, for its owner alone, and never with a mistake in it."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pynvr.base.errors import ConfigBusyError, ConfigError
from pynvr.base.files import write_atomic
from pynvr.config.json_text import JsonTextError, read_json
from pynvr.config.schema import settings_from
from pynvr.model.settings import Settings

SETTINGS_MODE = 0o600
# Whoever changes the file reads it, checks what it makes of it and writes it: far below a second.
PATIENCE_S = 10.0
_AGAIN_S = 0.02


@contextmanager
def sole_writer(path: Path, patience_s: float | None = None) -> Iterator[None]:
    """While no other process of PyNVR changes the file: to be held from reading it to `write_settings_file`.

    The lock is the kernel's, on the file's folder: the file itself is another one after each change. Where a folder
    can't be locked (network file systems) there is none. Raises ConfigBusyError after `patience_s`, None = 10 s.
    """
    try:
        fd = os.open(path.resolve().parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield  # the write will tell why
        return
    try:
        _lock(fd, path, PATIENCE_S if patience_s is None else patience_s)
        yield
    finally:
        os.close(fd)


def _lock(fd: int, path: Path, patience_s: float) -> None:
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline_s:
                raise ConfigBusyError([f"{path}: another program is changing it; try again"]) from None
            time.sleep(_AGAIN_S)
        except OSError:
            return
        else:
            return


def write_settings_file(
    path: Path, document: Mapping[str, object], read: Callable[[object, Path], Settings] = settings_from
) -> Settings:
    """Replace the file by the document, 0600, and give the settings it holds, as `read` has them.

    An existing file keeps its owner, a symbolic link its place. Raises ConfigError, with the file as it was, if the
    document has mistakes or the folder can't be written.
    """
    path = path.absolute()
    data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(errors="surrogatepass")
    try:
        settings = read(read_json(data), path)
    except JsonTextError as err:
        raise ConfigError([f"{path}: {err}"]) from err
    target = path.resolve()
    try:
        owner = (target.stat().st_uid, target.stat().st_gid) if os.geteuid() == 0 and target.exists() else None
        write_atomic(target, data, mode=SETTINGS_MODE, owner=owner)
    except OSError as err:
        raise ConfigError([f"{path}: can't be written: {err.strerror or err}"]) from err
    return settings
