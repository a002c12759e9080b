"""Passwords, names of users and addresses out of a report; the same one is called the same in all of it."""

import ipaddress
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pynvr.base.conceal import Conceal
from pynvr.base.redaction import MASK

Json = object

# Words of PyNVR itself: as somebody's name they tell nothing, and masked they would make the text unreadable.
_VOCABULARY = frozenset(
    (
        "admin",
        "viewer",
        "user",
        "users",
        "token",
        "tokens",
        "root",
        "pynvr",
        "camera",
        "cameras",
        "web",
        "system",
        "demo",
    )
)
_SHORTEST_NAME = 3
_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|\[?::1?\]?|0\.0\.0\.0", re.IGNORECASE)
_URL = re.compile(
    r"://(?:(?P<user>[^\s/@:\"']*)(?P<secret>:[^\s/@]*)?@)?(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\s/:?#\"'<>,;()\[\]]+)"
)
# Of the link that makes the first user: it works until somebody used it.
_ONE_TIME = re.compile(r"(?<=[?&]code=)[\w-]+")
_HOME = re.compile(r"(?<=/home/)[^/\s\"':,;]+")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAC = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})(?![\w:-])")
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)")
# Where a word begins, also behind an escape that ends in a letter or digit (`\n`, `%40`).
_BEGIN = r"(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")


class Disguise:
    """For one report. `users`: names that may turn up anywhere; `hosts`: names of machines, likewise.

    Addresses of the machine itself (localhost, 0.0.0.0) stay, for they say how PyNVR is set up.
    """

    def __init__(
        self,
        secrets: Iterable[str] = (),
        users: Iterable[str] = (),
        hosts: Iterable[str] = (),
        *,
        keep_addresses: bool = False,
    ) -> None:
        self._conceal = Conceal(secrets)
        self._users = _any_of({name for name in users if _is_telling(name)})
        # A name without a dot may be a word of any kind; within a URL it is masked all the same.
        self._hosts = _any_of({host for host in hosts if "." in host.strip(".")})
        self._keep_addresses = keep_addresses
        self._called: dict[tuple[str, str], str] = {}
        self._count = Counter[str]()

    def text(self, text: str) -> str:
        found = _URL.sub(self._in_url, self._conceal(text))
        found = _ONE_TIME.sub(MASK, found)
        found = _HOME.sub(lambda match: self._name("user", match.group()), found)
        found = _MAIL.sub(lambda match: self._name("mail", match.group()), found)
        if self._users is not None:
            found = self._users.sub(lambda match: self._name("user", match.group()), found)
        return found if self._keep_addresses else self._without_addresses(found)

    def value(self, value: Json) -> Json:
        """JSON with each text in it disguised, keys too."""
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def _without_addresses(self, text: str) -> str:
        text = _MAC.sub(lambda match: self._name("mac", match.group()), text)
        text = _IPV4.sub(lambda match: self._address(match.group()), text)
        text = _IPV6.sub(lambda match: self._address(match.group()), text)
        return self._hosts.sub(lambda match: self._name("host", match.group()), text) if self._hosts else text

    def _in_url(self, match: re.Match[str]) -> str:
        user, secret, host = match["user"], match["secret"] or "", match["host"]
        if user and user != MASK:
            user = self._name("user", user)
        before = "" if user is None else f"{user}{secret}@"
        return f"://{before}{host if self._keep_addresses else self._host(host)}"

    def _host(self, host: str) -> str:
        if _LOCAL.fullmatch(host) or host == MASK:
            return host
        address = self._address(host.strip("[]"))
        return self._name("host", host) if address == host.strip("[]") else address

    def _address(self, text: str) -> str:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return text
        return text if _LOCAL.fullmatch(text) else self._name("address", str(address))

    def _name(self, kind: str, name: str) -> str:
        key = kind, name.casefold()
        if key not in self._called:
            self._count[kind] += 1
            self._called[key] = f"{kind}-{self._count[kind]}"
        return self._called[key]


def _is_telling(name: str) -> bool:
    return len(name) >= _SHORTEST_NAME and name.casefold() not in _VOCABULARY


def _any_of(words: set[str]) -> re.Pattern[str] | None:
    """Each of the words where it stands alone, the longest first."""
    if not words:
        return None
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"{_BEGIN}(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)
