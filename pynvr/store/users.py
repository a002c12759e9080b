"""Who may log in, and as what."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from pynvr.base.errors import UsageError
from pynvr.store.database import Database
from pynvr.store.passwords import hash_password, verify_password
from pynvr.store.tables import SESSIONS, USERS

Role = Literal["viewer", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "admin")

_U = USERS.c
_ANYBODY = select(_U.id).limit(1)
# Checked for a name that doesn't exist, so that the answer takes as long as for one that does.
_NOBODY = "scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@dataclass(frozen=True, slots=True)
class User:
    """A person. Sessions that began before `password_changed_us` are void."""

    name: str
    role: Role
    made_us: int
    password_changed_us: int


class Users:
    """Table `users`. Names are the same in capitals and small letters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, password: str, role: Role, now_us: int, *, only_as_first: bool = False) -> User:
        """Make a user; raises UsageError if the name is taken, or somebody is there and it was to be the first."""
        password_hash = hash_password(password)
        statement = insert(USERS).values(
            name=name, password_hash=password_hash, role=role, made_us=now_us, password_changed_us=now_us
        )
        with self._database.writing() as connection:
            if only_as_first and connection.execute(_ANYBODY).first() is not None:
                raise UsageError("there is a user already")
            try:
                connection.execute(statement)
            except IntegrityError as err:
                raise UsageError(f"there is a user {name!r} already, or the name isn't 1 to 64 letters long") from err
        return User(name, role, now_us, now_us)

    def set_password(self, name: str, password: str, now_us: int) -> bool:
        """Change the password and end the user's sessions; False if there is no such user."""
        values = {"password_hash": hash_password(password), "password_changed_us": now_us}
        theirs = select(_U.id).where(_U.name == name).scalar_subquery()
        with self._database.writing() as connection:
            # Their time alone doesn't tell old from new when the wall clock was set back in between.
            connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == theirs))
            return connection.execute(update(USERS).where(_U.name == name).values(values)).rowcount > 0

    def set_role(self, name: str, role: Role) -> bool:
        """False if there is no such user; raises UsageError if nobody would be an admin any more."""
        with self._database.writing() as connection:
            if role != "admin":
                _leave_an_admin(connection, name)
            return connection.execute(update(USERS).where(_U.name == name).values(role=role)).rowcount > 0

    def remove(self, name: str, *, even_last_admin: bool = False) -> bool:
        """False if there is no such user; raises UsageError if nobody else is an admin, unless `even_last_admin`."""
        with self._database.writing() as connection:
            if not even_last_admin:
                _leave_an_admin(connection, name)
            return connection.execute(delete(USERS).where(_U.name == name)).rowcount > 0

    def exist(self) -> bool:
        """Whether there is any user."""
        with self._database.reading() as connection:
            return connection.execute(_ANYBODY).first() is not None

    def find(self, name: str) -> User | None:
        found = self._find(name)
        return None if found is None else found[0]

    def authenticate(self, name: str, password: str) -> User | None:
        """The user, if name and password are right. Takes about 0.2 s and 32 MB, on purpose."""
        found = self._find(name)
        if found is None:
            verify_password(password, _NOBODY)
            return None
        user, password_hash = found
        return user if verify_password(password, password_hash) else None

    def all(self) -> list[User]:
        """Every user, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(USERS).order_by(_U.name))
            return [User(row.name, row.role, row.made_us, row.password_changed_us) for row in rows]

    def _find(self, name: str) -> tuple[User, str] | None:
        with self._database.reading() as connection:
            row = connection.execute(select(USERS).where(_U.name == name)).one_or_none()
        if row is None:
            return None
        return User(row.name, row.role, row.made_us, row.password_changed_us), row.password_hash


def _leave_an_admin(connection: Connection, without: str) -> None:
    admins = connection.execute(select(_U.name == without).where(_U.role == "admin")).scalars().all()
    if admins == [True]:
        raise UsageError(f"{without!r} is the last admin; without one nobody may change anything")
