"""Commands in the audit log: what was done on the machine itself, and by which account."""

import getpass
import os

from pynvr.base.clock import SystemClock
from pynvr.base.errors import StoreError
from pynvr.cli.output import note
from pynvr.model.audit import Entry, Level, Source
from pynvr.store.store import Store


def tell(
    store: Store, action: str, text: str, *, subject: str = "", camera_id: str = "", level: Level = Level.INFO
) -> None:
    """File that a command did this; it is done, so if the entry can't be written that is only said."""
    now_us = SystemClock().now_us()
    try:
        entry = Entry(now_us, level, Source.COMMAND, action, text, account(), camera_id=camera_id, subject=subject)
        store.audit.add(entry)
    except StoreError as err:
        note(f"It isn't in the audit log: {err}")


def account() -> str:
    """Who gives the command; before sudo, if it goes through that."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (OSError, KeyError):  # an id without a name
        return f"uid {os.getuid()}"
