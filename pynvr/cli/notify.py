"""`pynvr notify`: does a message come through, and how goes it with those who are told."""

import uuid

import click

from pynvr.base.clock import SystemClock
from pynvr.base.conceal import Conceal
from pynvr.base.errors import PyNVRError, UsageError
from pynvr.cli.main import Context
from pynvr.cli.output import note, write_columns, write_json
from pynvr.cli.times import day_and_time
from pynvr.model.notify import Target
from pynvr.model.settings import Settings
from pynvr.notifier.channels import channel_for
from pynvr.notifier.message import Sender
from pynvr.notifier.wording import of_test
from pynvr.store.notices import TargetRecord
from pynvr.store.store import open_or_repair


@click.group()
def notify() -> None:
    """Try those whom `notify` in nvr.json names, and say how it goes with them."""


@notify.command()
@click.argument("name")
@click.pass_obj
def test(context: Context, *, name: str) -> None:
    """Send a test message to a target, at once. Exit code 1 if it wasn't taken; PyNVR need not run."""
    settings = context.settings()
    target = _target(settings, name)
    sender = Sender(settings.system.name, settings.system.timezone)
    message = of_test(target, sender, uuid.uuid4().hex, SystemClock().now_us())
    try:
        channel = channel_for(target, sender, presence=False)
        try:
            channel.send(message, None)
        finally:
            channel.close()
    except PyNVRError as err:
        raise PyNVRError(Conceal(target.secrets)(f"{name} didn't take it: {err}")) from err
    note(f"{name} took it.")


@notify.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(context: Context, *, as_json: bool) -> None:
    """Show all targets: when each last took a message, when it failed last and why, how many wait."""
    settings = context.settings()
    with open_or_repair(settings.system.database) as store:
        records = store.notices.targets()
    found = [(target, records.get(target.name) or TargetRecord(target.name)) for target in settings.notify]
    if as_json:
        write_json([_as_json(target, record) for target, record in found])
        return
    heading = ("target", "kind", "sent", "waiting", "given up", "last taken", "last failure", "why")
    write_columns([heading, *(_row(target, record, settings) for target, record in found)])


def _target(settings: Settings, name: str) -> Target:
    for target in settings.notify:
        if target.name == name:
            return target
    names = ", ".join(target.name for target in settings.notify)
    raise UsageError(f"there is no target {name!r} in notify; there is {names or 'none at all'}")


def _row(target: Target, record: TargetRecord, settings: Settings) -> tuple[str, ...]:
    def moment(at_us: int | None) -> str:
        return "" if at_us is None else day_and_time(at_us, settings.system.timezone)

    figures = (str(record.sent), str(record.waiting), str(record.given_up))
    return (
        target.name,
        target.channel.kind,
        *figures,
        moment(record.sent_us),
        moment(record.failed_us),
        record.failure,
    )


def _as_json(target: Target, record: TargetRecord) -> dict[str, object]:
    return {
        "name": target.name,
        "kind": target.channel.kind,
        "sent": record.sent,
        "waiting": record.waiting,
        "given_up": record.given_up,
        "sent_us": record.sent_us,
        "failed_us": record.failed_us,
        "failure": record.failure,
    }
