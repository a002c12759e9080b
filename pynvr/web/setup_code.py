"""The one-time code that lets the first user be made: who can read the log or the run folder owns the machine."""

import hmac
import logging
import re
import secrets
from pathlib import Path

from pynvr.base.files import make_folder, write_atomic
from pynvr.model.settings import Server
from pynvr.web.address import site_address

FILE_NAME = "setup-code"
_FORM = re.compile(r"[A-Za-z0-9_-]{20,64}")

_log = logging.getLogger(__name__)


class SetupCode:
    """The code's file, 0600 in the run folder: it outlives a restart of the web process, so the logged link holds."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / FILE_NAME

    def announce(self, server: Server) -> None:
        """Make the code if there is none yet, and say in the log where to go with it; raises OSError."""
        code = self.read()
        if code is None:
            code = secrets.token_urlsafe(18)
            make_folder(self._path.parent)
            write_atomic(self._path, f"{code}\n".encode(), mode=0o600)
        _log.warning("there is no user yet: open %s to make the first one", setup_link(server, code))

    def matches(self, code: str) -> bool:
        known = self.read()
        return known is not None and hmac.compare_digest(known.encode(), code.encode("utf-8", "replace"))

    def read(self) -> str | None:
        """The code; None if there is none (any more)."""
        try:
            text = self._path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return text if _FORM.fullmatch(text) else None

    def forget(self) -> None:
        """There is a user now, so the code opens nothing any more."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as err:
            _log.warning("can't delete %s, which opens nothing any more: %s", self._path, err)


def setup_link(server: Server, code: str) -> str:
    """The page that makes the first user."""
    return f"{site_address(server)}/setup?code={code}"
