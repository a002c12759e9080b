"""`pynvr token`: what programs log in with."""

import click

from pynvr.base.clock import SystemClock
from pynvr.base.errors import UsageError
from pynvr.cli.accounts import write_accounts
from pynvr.cli.audit import tell
from pynvr.cli.main import Context
from pynvr.cli.output import note
from pynvr.model.audit import Level
from pynvr.store.store import open_or_repair
from pynvr.store.users import ROLES, Role


@click.group()
def token() -> None:
    """Create, list and revoke tokens for programs."""


@token.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True)
@click.pass_obj
def create(context: Context, *, name: str, role: Role) -> None:
    """Make a token and print it, alone on the last line. It can't be shown again."""
    with open_or_repair(context.settings().system.database) as store:
        made = store.tokens.create(name, role, SystemClock().now_us())
        tell(store, "token.add", f"token {name} made, with the role {role}", subject=name)
    note(f"Token {name} ({role}); keep it now, only a hash of it is stored:")
    click.echo(made)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(context: Context, *, as_json: bool) -> None:
    """Show all tokens by name; the tokens themselves aren't stored."""
    settings = context.settings()
    with open_or_repair(settings.system.database) as store:
        tokens = store.tokens.all()
    write_accounts(tokens, settings.system.timezone, as_json=as_json)


@token.command()
@click.argument("name")
@click.pass_obj
def revoke(context: Context, *, name: str) -> None:
    """End a token; from now on it opens nothing."""
    with open_or_repair(context.settings().system.database) as store:
        if not store.tokens.revoke(name):
            raise UsageError(f"there is no token {name!r}; `pynvr token list` shows all")
        tell(store, "token.remove", f"token {name} ended", subject=name, level=Level.WARNING)
    note(f"Token {name} was revoked.")
