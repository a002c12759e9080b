"""What programs log in with. Only a hash is stored: a token is shown once, when it is made."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from pynvr.base.errors import UsageError
from pynvr.store.database import Database
from pynvr.store.tables import TOKENS
from pynvr.store.users import Role

_T = TOKENS.c
# Makes a token easy to recognise where it doesn't belong (in a repository, in a log).
PREFIX = "pynvr_"


@dataclass(frozen=True, slots=True)
class Token:
    """A program's access; the token itself isn't in it."""

    name: str
    role: Role
    made_us: int


class Tokens:
    """Table `tokens`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, role: Role, now_us: int) -> str:
        """Make a token and return it, the only time that it is seen; raises UsageError if the name is taken."""
        token = PREFIX + secrets.token_urlsafe(32)
        statement = insert(TOKENS).values(name=name, token_hash=_hash(token), role=role, made_us=now_us)
        with self._database.writing() as connection:
            try:
                connection.execute(statement)
            except IntegrityError as err:
                raise UsageError(f"there is a token {name!r} already, or the name isn't 1 to 64 letters long") from err
        return token

    def revoke(self, name: str) -> bool:
        """End a token; False if there is none of this name."""
        with self._database.writing() as connection:
            return connection.execute(delete(TOKENS).where(_T.name == name)).rowcount > 0

    def authenticate(self, token: str) -> Token | None:
        """Whose token it is; None if it is nobody's. The look-up is by hash, so its time tells nothing."""
        with self._database.reading() as connection:
            row = connection.execute(select(TOKENS).where(_T.token_hash == _hash(token))).one_or_none()
        return None if row is None else Token(row.name, row.role, row.made_us)

    def all(self) -> list[Token]:
        """Every token, by name."""
        with self._database.reading() as connection:
            return [
                Token(row.name, row.role, row.made_us) for row in connection.execute(select(TOKENS).order_by(_T.name))
            ]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
