"""The wizard's part about a camera's URL and login. What is secret is never shown, and proposed only unseen."""

from urllib.parse import unquote, urlsplit

from pynvr.base.redaction import redact
from pynvr.cli.onvif import Login
from pynvr.cli.wizard_answers import Asker
from pynvr.config.camera_url import CAMERA_URL
from pynvr.config.kinds import Kind, NotOfKindError, text
from pynvr.config.masked_url import MaskError, unmasked

# Others carry their login in ways of their own.
_WITH_LOGIN = ("rtsp", "rtsps", "http", "https")
_KEEP_REFUSED = "  Keep the password that was refused?"


class LoginDialogue:
    """`last`: the login that was given last, which the next camera probably has too."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.last = Login()

    def ask_url(self, now: str, *, is_refused: bool, is_first: bool) -> str:
        """The URL, with a login asked for if it has none, or one that was refused. The present password is never shown.

        Enter keeps a URL with its login, unless that was refused.
        """
        shown = redact(now)
        if not now and is_first:
            self._asker.hint(
                "As rtsp://192.168.1.20/stream; the camera's manual has it. User and password are asked for next."
            )
        url = self._asker.value("  URL", _url_beside(now), None, shown or None)
        if url == now:
            if not is_refused or not _takes_login(now):
                return now
            url = without_login(now)
        if urlsplit(url).username is not None or not _takes_login(url):
            return url
        login = self._ask_login(_login_in(now) if is_refused else Login())
        if login.user:
            self.last = login
        return login.in_url(url)

    def _ask_login(self, refused: Login) -> Login:
        """User and password; the refused one is proposed as far as it is no secret."""
        before = self.last
        user = self._asker.value("  User, - for none", text(100), None, refused.user or before.user or "-")
        if user in ("", "-"):
            return Login()
        if user == refused.user:
            password = self._asker.old_password("  Password")
            if not password and refused.password and self._asker.yes(_KEEP_REFUSED, None, False):
                return refused
            return Login(user, password)
        is_before = user == before.user and before.password
        password = self._asker.old_password(f"  Password{' (Enter: as for the camera before)' if is_before else ''}")
        return Login(user, password or (before.password if is_before else ""))

    def ask_for_all(self) -> Login:
        """The login for cameras whose streams are to be searched."""
        user = self._asker.value("  User of the cameras, - for none", text(100), None, self.last.user or "-")
        self.last = Login(user, self._asker.old_password("  Password")) if user not in ("", "-") else Login()
        return self.last


def _url_beside(now: str) -> Kind[str]:
    """The URL of a camera; where a part of it is masked as in the one that is shown, the password of that."""

    def read(value: object) -> str:
        try:
            return unmasked(CAMERA_URL.read(value), now)
        except MaskError as err:
            raise NotOfKindError(str(err)) from err

    return Kind(CAMERA_URL.expected, read)


def without_login(url: str) -> str:
    """The URL without user and password."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def _takes_login(url: str) -> bool:
    return url.partition(":")[0].lower() in _WITH_LOGIN


def _login_in(url: str) -> Login:
    parts = urlsplit(url)
    return Login(unquote(parts.username or ""), unquote(parts.password or ""))
