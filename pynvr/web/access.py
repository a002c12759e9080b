"""Who asks, as a handler sees it."""

from dataclasses import dataclass
from typing import Literal

from bottle import request

from pynvr.store.users import Role

_KEY = "pynvr.principal"


@dataclass(frozen=True, slots=True)
class Principal:
    """A user's browser (`session`) or a program (`token`). `session_id`: row of the session, 0 for a token."""

    name: str
    role: Role
    kind: Literal["session", "token"]
    session_id: int = 0


def who() -> Principal:
    """Who sent the request being handled; in routes that aren't open only."""
    principal = request.environ.get(_KEY)
    if not isinstance(principal, Principal):
        raise AssertionError("an open route asked who it serves")
    return principal


def who_if_known() -> Principal | None:
    """Who sent it; None in open routes, and for who isn't let in."""
    principal = request.environ.get(_KEY)
    return principal if isinstance(principal, Principal) else None


def remember(principal: Principal) -> None:
    """Let `who()` of this request answer so."""
    request.environ[_KEY] = principal
