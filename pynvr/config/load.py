"""nvr.json on disk → settings, or every mistake in it."""

import logging
import stat
from collections.abc import Callable
from pathlib import Path

from pynvr.base.errors import ConfigError, ConfigUnreadableError
from pynvr.config.json_text import JsonTextError, read_json
from pynvr.config.schema import settings_from, settings_in_force
from pynvr.model.settings import Settings

_log = logging.getLogger(__name__)

NAME = "nvr.json"
SYSTEM_PATH = Path("/etc") / NAME


def find_config(option: Path | None) -> Path:
    """The file to use, absolute: the one named, else ./nvr.json, else /etc/nvr.json.

    Raises ConfigError if there is none to be found.
    """
    if option is not None:
        return option.absolute()
    for path in (Path(NAME).absolute(), SYSTEM_PATH):
        if path.exists():
            return path
    raise ConfigError([f"found neither ./{NAME} nor {SYSTEM_PATH}, expected one: `pynvr config` writes it"])


def load(path: Path) -> Settings:
    """The settings of the file, defaults applied; raises ConfigError with a line for every mistake.

    Warns when others than its owner can read the passwords in it.
    """
    path = path.absolute()
    settings = settings_from(read_document(path), path)
    _warn_if_exposed(path)
    return settings


def load_in_force(path: Path) -> tuple[Settings, list[str]]:
    """As `load`, to go on with a file that an older version accepted: with a line for every mistake that is no reason
    to record nothing."""
    path = path.absolute()
    settings, warnings = settings_in_force(read_document(path), path)
    _warn_if_exposed(path)
    return settings, warnings


def _warn_if_exposed(path: Path) -> None:
    exposed = exposure(path)
    if exposed:
        _log.warning("%s", exposed)


def read_document(path: Path) -> object:
    """The JSON value in the file, as it stands there; raises ConfigError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as err:
        raise ConfigError(
            [f"{path}: found no such file, expected the configuration: `pynvr config` writes it"]
        ) from err
    except OSError as err:
        reason = err.strerror or str(err)
        whose = _whose(path) if isinstance(err, PermissionError) else ""
        raise ConfigUnreadableError(
            [f"{path}: found a file that can't be read ({reason}{whose}), expected the configuration"]
        ) from err
    try:
        return read_json(data)
    except JsonTextError as err:
        raise ConfigError([f"{path}: {err}"]) from err


def _whose(path: Path) -> str:
    """As `; it belongs to root:root, mode 0600: run this as root`; empty if even that may not be known."""
    try:
        found = path.stat()
    except OSError:
        return ""
    owner, group = _name(path.owner, found.st_uid), _name(path.group, found.st_gid)
    return f"; it belongs to {owner}:{group}, mode {stat.S_IMODE(found.st_mode):04o}: run this as {owner}"


def _name(of_path: Callable[[], str], number: int) -> str:
    try:
        return of_path()
    except (KeyError, OSError):  # a container's users have no names
        return str(number)


def exposure(path: Path) -> str:
    """A sentence for people if others than the owner may read the file; empty if it is private, or gone."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return ""  # somebody replaces it just now
    if not mode & (stat.S_IRGRP | stat.S_IROTH):
        return ""
    return f"{path} holds camera passwords and others can read it (mode {mode:04o}): chmod 600 {path}"
