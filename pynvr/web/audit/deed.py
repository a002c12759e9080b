"""What a handler knows of the change it makes, for the audit log; the rest follows from the route and the answer."""

from dataclasses import dataclass, field

from bottle import request

from pynvr.model.audit import Level

_KEY = "pynvr.deed"


@dataclass(slots=True)
class Deed:
    """Filled in by the handler as far as it has more to say. `actor`: who it was, where the route is open.

    `names`: for the sentence in `words`, beside those of the address. `detail`: figures. Neither may hold a secret.
    """

    actor: str = ""
    camera_id: str = ""
    subject: str = ""
    text: str = ""
    level: Level | None = None
    names: dict[str, object] = field(default_factory=dict)
    detail: dict[str, object] = field(default_factory=dict)


def deed() -> Deed:
    """That of the request being handled."""
    found = request.environ.get(_KEY)
    if not isinstance(found, Deed):
        found = request.environ[_KEY] = Deed()
    return found
