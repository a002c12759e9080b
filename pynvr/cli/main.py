"""The command `pynvr`: its verbs, `--config` in front of them, errors as one line and an exit code."""

import importlib
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click

from pynvr import __version__
from pynvr.base.errors import PyNVRError, UsageError
from pynvr.base.redaction import redact
from pynvr.config.load import find_config, load_in_force
from pynvr.model.settings import Settings

UNEXPECTED_EXIT_CODE = 70  # EX_SOFTWARE of sysexits(3)


class Verb(NamedTuple):
    """Where a verb's command lives, and its line in the help (known without loading the module)."""

    module: str
    help: str


VERBS: Mapping[str, Verb] = {
    "config": Verb("pynvr.cli.wizard", "Ask for everything and write nvr.json."),
    "check": Verb("pynvr.cli.check", "Check nvr.json; with --probe, open each camera too."),
    "discover": Verb("pynvr.cli.discover", "Look for ONVIF cameras on the network."),
    "start": Verb("pynvr.cli.service", "Start recording in the background."),
    "stop": Verb("pynvr.cli.service", "Stop; every frame received is on disk after it."),
    "restart": Verb("pynvr.cli.service", "Stop, then start."),
    "foreground": Verb("pynvr.cli.service", "Record in this terminal until Ctrl-C."),
    "status": Verb("pynvr.cli.status", "Say what runs and which cameras record."),
    "demo": Verb("pynvr.cli.demo", "Try it with simulated cameras; needs no nvr.json."),
    "export": Verb("pynvr.cli.export", "Write a range of a camera as one MP4."),
    "incident": Verb("pynvr.cli.incident", "Have a clip of a moment cut and delivered; list all."),
    "recover": Verb("pynvr.cli.recover", "Finish the chunks that a crash left behind."),
    "reindex": Verb("pynvr.cli.reindex", "Make the catalog again from the recordings."),
    "verify": Verb("pynvr.cli.verify", "Read every segment and compare with the catalog."),
    "report": Verb("pynvr.cli.report", "Collect what a report of trouble needs, without secrets."),
    "notify": Verb("pynvr.cli.notify", "Send a test message; say how it goes with those who are told."),
    "user": Verb("pynvr.cli.user", "Add, change, list and remove users."),
    "token": Verb("pynvr.cli.token", "Create, list and revoke tokens for programs."),
}


@dataclass
class Context:
    """What every command gets (`@click.pass_obj`)."""

    config_path: Path | None = None

    def settings(self) -> Settings:
        """The settings of nvr.json, as the program follows it; raises ConfigError."""
        return load_in_force(find_config(self.config_path))[0]


class LazyGroup(click.Group):
    """Loads a verb's module when it is called, so that no broken or missing one takes the others with it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        try:
            command = getattr(importlib.import_module(verb.module), cmd_name)
        except (ImportError, AttributeError) as err:
            raise UsageError(f"pynvr {cmd_name} can't be loaded in this installation: {err}") from err
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.help) for name, verb in VERBS.items()])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PyNVRError as err:
            for line in redact(str(err)).splitlines():
                click.echo(f"pynvr: {line}", err=True)
            ctx.exit(err.exit_code)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_path",
    type=click.Path(dir_okay=False, readable=False, path_type=Path),
    help="The configuration; otherwise ./nvr.json, otherwise /etc/nvr.json.",
)
@click.version_option(__version__, prog_name="PyNVR", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, config_path: Path | None) -> None:
    """PyNVR records network cameras, exactly as they send.

    First `pynvr config`, then `pynvr start`. To see it without a camera: `pynvr demo`.
    """
    ctx.obj = Context(config_path)


def main(verb: str | None = None) -> None:
    """Run the command line; with `verb`, as if that verb had been typed behind the options that stand before it."""
    arguments = sys.argv[1:]
    if verb is not None:
        arguments.insert(_options_in_front(arguments), verb)
    try:
        cli.main(arguments, prog_name="pynvr")
    except Exception:
        # A traceback of the unforeseen may quote a camera's URL.
        click.echo(redact(traceback.format_exc()), err=True)
        sys.exit(UNEXPECTED_EXIT_CODE)


def _options_in_front(arguments: list[str]) -> int:
    if arguments[:1] == ["--config"]:
        return min(2, len(arguments))
    return 1 if arguments and arguments[0].startswith("--config=") else 0
