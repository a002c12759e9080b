"""nvr.json written: whole or not at all, for its owner alone, and never with a mistake in it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pynvr.base.errors import ConfigError
from pynvr.base.files import write_atomic
from pynvr.config.json_text import JsonTextError, read_json
from pynvr.config.schema import settings_from
from pynvr.model.settings import Settings

SETTINGS_MODE = 0o600


def write_settings_file(path: Path, document: Mapping[str, object]) -> Settings:
    """Replace the file by the document, 0600, and give the settings it holds.

    An existing file keeps its owner, a symbolic link its place. Raises ConfigError, with the file as it was, if the
    document has mistakes or the folder can't be written.
    """
    path = path.absolute()
    data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(errors="surrogatepass")
    try:
        settings = settings_from(read_json(data), path)
    except JsonTextError as err:
        raise ConfigError([f"{path}: {err}"]) from err
    target = path.resolve()
    try:
        owner = (target.stat().st_uid, target.stat().st_gid) if os.geteuid() == 0 and target.exists() else None
        write_atomic(target, data, mode=SETTINGS_MODE, owner=owner)
    except OSError as err:
        raise ConfigError([f"{path}: can't be written: {err.strerror or err}"]) from err
    return settings
