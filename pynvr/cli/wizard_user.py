"""The first user, who may change everything; stored in the catalog, never in nvr.json."""

from pynvr.base.clock import SystemClock
from pynvr.base.errors import StoreError, UsageError
from pynvr.cli.wizard_answers import SHORTEST_PASSWORD, Asker
from pynvr.cli.wizard_folders import give_to_owner_of
from pynvr.cli.wizard_options import Given
from pynvr.config.kinds import text
from pynvr.model.settings import Settings


def ask_user(ask: Asker, given: Given, settings: Settings, password: str) -> tuple[str, str]:
    """Name and password of the user to make; no name for none. `password`: the one from stdin."""
    if given.no_user:
        return "", ""
    if given.user is None and (not ask.interactive or _has_users(settings)):
        return "", ""
    ask.title("First user")
    user = ask.value("  Name of the admin", text(64, empty=False), given.user, "admin", "--user")
    if not given.password_stdin:
        if not ask.interactive:
            raise UsageError("--user needs --password-stdin when nothing is asked")
        return user, ask.new_password("  Password")
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"the password on stdin needs at least {SHORTEST_PASSWORD} characters")
    return user, password


def set_user(settings: Settings, user: str, password: str) -> None:
    """Make the user an admin with this password, new or not; raises StoreError, UsageError."""
    from pynvr.store.store import Store

    now_us = SystemClock().now_us()
    with Store.open(settings.system.database) as store:
        if store.users.set_password(user, password, now_us):
            store.users.set_role(user, "admin")
        else:
            store.users.add(user, password, "admin", now_us)
    for file in store.path.parent.glob(f"{store.path.name}*"):
        give_to_owner_of(store.path.parent, file)


def _has_users(settings: Settings) -> bool:
    from pynvr.store.store import Store

    try:
        with Store.open(settings.system.database, create=False) as store:
            return bool(store.users.all())
    except StoreError:
        return False
