"""Logged-in browsers. A browser holds a random id; only its hash is stored."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from pynvr.base.errors import UsageError
from pynvr.store.database import Database
from pynvr.store.tables import SESSIONS, USERS
from pynvr.store.users import Role

LIFETIME_US = 30 * 86_400_000_000
# The time of the last request is kept to the minute: a page asks many times a second, and each write costs a sync.
_SEEN_EVERY_US = 60_000_000
# A user who logs in by a program each time would fill the table; the browsers used last stay logged in.
_MOST_PER_USER = 50
_LONGEST_ADDRESS, _LONGEST_AGENT = 64, 300

_S, _U = SESSIONS.c, USERS.c
_COLUMNS = (_S.id, _S.made_us, _S.seen_us, _S.address, _S.agent, _U.name, _U.role)
# What holds at `now_us`.
_VALID = (_S.seen_us > bindparam("now_us", type_=Integer) - LIFETIME_US, _S.made_us >= _U.password_changed_us)
# Asked with every request: made once, as making it costs more than running it.
_FIND = select(*_COLUMNS).join(USERS, _S.user_id == _U.id).where(_S.id_hash == bindparam("id_hash"), *_VALID)


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in browser and its user as they are now. `agent`: what the browser calls itself."""

    id: int
    name: str
    role: Role
    made_us: int
    seen_us: int
    address: str
    agent: str


class Sessions:
    """Table `sessions`. A session ends 30 days after its last use, and with a change of its user's password."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, user_name: str, now_us: int, *, address: str, agent: str) -> str:
        """Open a session and return its id for the cookie, the only time that it is seen.

        Ends the user's sessions that nobody used for long. Raises UsageError if there is no such user.
        """
        session_id = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            user = connection.execute(select(_U.id, _U.password_changed_us).where(_U.name == user_name)).one_or_none()
            if user is None:
                raise UsageError(f"there is no user {user_name!r}")
            # A wall clock that was set back doesn't make the session older than the password.
            made_us = max(now_us, user.password_changed_us)
            values = {
                "id_hash": _hash(session_id),
                "user_id": user.id,
                "made_us": made_us,
                "seen_us": made_us,
                "address": address[:_LONGEST_ADDRESS],
                "agent": agent[:_LONGEST_AGENT],
            }
            connection.execute(insert(SESSIONS).values(values))
            connection.execute(delete(SESSIONS).where(_S.seen_us <= now_us - LIFETIME_US))
            newest = select(_S.id).where(_S.user_id == user.id).order_by(_S.seen_us.desc(), _S.id.desc())
            connection.execute(delete(SESSIONS).where(_S.id.in_(newest.limit(-1).offset(_MOST_PER_USER))))
        return session_id

    def find(self, session_id: str, now_us: int) -> Session | None:
        """The session of a cookie, if it still holds; its user's role is the one of this moment."""
        values = {"id_hash": _hash(session_id), "now_us": now_us}
        with self._database.reading() as connection:
            row = connection.execute(_FIND, values).one_or_none()
        return None if row is None else Session(**row._mapping)

    def touch(self, session: Session, now_us: int) -> bool:
        """Note that it was used now; True if that was written, which happens once a minute."""
        if now_us - session.seen_us < _SEEN_EVERY_US:
            return False
        with self._database.writing(durable=False) as connection:
            connection.execute(update(SESSIONS).where(_S.id == session.id).values(seen_us=now_us))
        return True

    def of(self, user_name: str, now_us: int) -> list[Session]:
        """The user's sessions that hold, the one used last first."""
        query = select(*_COLUMNS).join(USERS, _S.user_id == _U.id).where(_U.name == user_name, *_VALID)
        query = query.order_by(_S.seen_us.desc(), _S.id.desc())
        with self._database.reading() as connection:
            return [Session(**row._mapping) for row in connection.execute(query, {"now_us": now_us})]

    def end(self, row_id: int, user_name: str) -> bool:
        """End a session of this user; False if the user has none of this number."""
        own = select(_U.id).where(_U.name == user_name).scalar_subquery()
        with self._database.writing() as connection:
            return connection.execute(delete(SESSIONS).where(_S.id == row_id, _S.user_id == own)).rowcount > 0


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()
