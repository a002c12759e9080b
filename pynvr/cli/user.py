"""`pynvr user`: who may log in."""

import click

from pynvr.base.clock import SystemClock
from pynvr.base.errors import UsageError
from pynvr.cli.accounts import write_accounts
from pynvr.cli.audit import tell
from pynvr.cli.main import Context
from pynvr.cli.output import ask_password, note
from pynvr.model.audit import Level
from pynvr.store.passwords import password_mistake
from pynvr.store.store import Store, open_or_repair
from pynvr.store.users import ROLES, Role
from pynvr.web.setup_code import SetupCode


@click.group()
def user() -> None:
    """Add, change, list and remove users."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin instead of asking for it.")
@click.pass_obj
def add(context: Context, *, name: str, role: Role, password_stdin: bool) -> None:
    """Make a user who may see (viewer) or change anything (admin)."""
    with _store(context) as store:
        if store.users.find(name) is not None:
            raise UsageError(f"there is a user {name!r} already; `pynvr user passwd {name}` gives a new password")
        password = _new_password(name, password_stdin)
        made = store.users.add(name, password, role, SystemClock().now_us())
        tell(store, "user.add", f"user {made.name} added, with the role {made.role}", subject=made.name)
    SetupCode(context.settings().system.run_dir).forget()
    note(f"User {made.name} ({made.role}) was made.")


@user.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin instead of asking for it.")
@click.pass_obj
def passwd(context: Context, *, name: str, password_stdin: bool) -> None:
    """Give a user a new password; who is logged in with the old one is logged out."""
    with _store(context) as store:
        if store.users.find(name) is None:
            raise _unknown(name)
        password = _new_password(name, password_stdin)
        store.users.set_password(name, password, SystemClock().now_us())
        tell(store, "user.change", f"user {name}: another password", subject=name)
    note(f"User {name} has a new password.")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(context: Context, *, as_json: bool) -> None:
    """Show all users."""
    settings = context.settings()
    with open_or_repair(settings.system.database) as store:
        users = store.users.all()
    write_accounts(users, settings.system.timezone, as_json=as_json)


@user.command()
@click.argument("name")
@click.option("--force", is_flag=True, help="Remove even the last admin.")
@click.pass_obj
def remove(context: Context, *, name: str, force: bool) -> None:
    """Remove a user; the last admin only with --force."""
    with _store(context) as store:
        try:
            was_there = store.users.remove(name, even_last_admin=force)
        except UsageError as err:
            raise UsageError(f"{err}. Make another first (`pynvr user add NAME --role admin`), or use --force") from err
        if not was_there:
            raise _unknown(name)
        tell(store, "user.remove", f"user {name} removed", subject=name, level=Level.WARNING)
    note(f"User {name} was removed.")


def _store(context: Context) -> Store:
    return open_or_repair(context.settings().system.database)


def _new_password(name: str, from_stdin: bool) -> str:
    password = ask_password(from_stdin, f"Password for {name}", confirm=True)
    mistake = password_mistake(password)
    if mistake is not None:
        raise UsageError(mistake)
    return password


def _unknown(name: str) -> UsageError:
    return UsageError(f"there is no user {name!r}; `pynvr user list` shows all")
