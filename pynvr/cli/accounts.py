"""Users and tokens as a list."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pynvr.cli.output import write_columns, write_json
from pynvr.cli.times import day_and_time
from pynvr.store.tokens import Token
from pynvr.store.users import User


def write_accounts(accounts: Sequence[User] | Sequence[Token], zone: ZoneInfo, *, as_json: bool) -> None:
    """Name, role and since when, a line each."""
    if as_json:
        write_json([{"name": one.name, "role": one.role, "made_us": one.made_us} for one in accounts])
    else:
        write_columns([(one.name, one.role, day_and_time(one.made_us, zone)) for one in accounts])
