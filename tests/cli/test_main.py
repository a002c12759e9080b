import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pynvr import __version__
from pynvr.base.errors import AlreadyRunningError, ConfigError, PyNVRError
from pynvr.cli import main as main_module
from pynvr.cli.main import VERBS, Context, Verb, cli

ROOT = Path(__file__).parents[2]
SPEC_VERBS = {
    "start", "stop", "restart", "status", "foreground", "config", "check", "discover", "demo", "reindex", "recover",
    "user", "token", "verify", "export",
}  # fmt: skip


@pytest.fixture
def verb(monkeypatch):
    """Makes `pynvr try` run a function."""

    def make(function):
        module = type(sys)("tests.cli.tried")
        module.__dict__["try"] = click.command()(click.pass_obj(function))
        monkeypatch.setitem(sys.modules, "tests.cli.tried", module)
        monkeypatch.setattr(main_module, "VERBS", {"try": Verb("tests.cli.tried", "Try it.")})
        return lambda *front: CliRunner().invoke(cli, [*front, "try"])

    return make


def test_every_verb_of_the_specification_is_in_the_help_without_its_module_being_loaded():
    code = (
        "import sys; from pynvr.cli.main import main; sys.argv = ['pynvr', '--help']\n"
        "try: main()\n"
        "finally: print(*sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    help_text, loaded = output.rsplit("\n", 2)[0], output.rsplit("\n", 2)[1].split()
    assert set(VERBS) == SPEC_VERBS | {"notify", "incident", "report"}
    assert all(f"  {verb} " in help_text for verb in SPEC_VERBS)
    assert {name for name in loaded if name.startswith("pynvr.cli.")} == {"pynvr.cli.main"}
    assert not {"av", "sqlalchemy", "onveef", "watchdog"} & set(loaded)


def test_the_version_is_told():
    assert CliRunner().invoke(cli, ["--version"]).stdout == f"PyNVR {__version__}\n"


def test_an_unknown_verb_is_a_mistake_of_use():
    result = CliRunner().invoke(cli, ["sart"])
    assert result.exit_code == 2
    assert "No such command 'sart'" in result.stderr


def test_a_verb_whose_module_is_broken_takes_no_other_with_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvr.cli.check", None)
    result = CliRunner().invoke(cli, ["check"])
    assert result.exit_code == 2
    assert result.stderr.startswith("pynvr: pynvr check can't be loaded in this installation: ")
    assert CliRunner().invoke(cli, ["discover", "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (PyNVRError("can't"), 1),
        (ConfigError(["one", "two"]), 2),
        (AlreadyRunningError("running"), 4),
    ],
)
def test_an_expected_error_is_a_line_each_and_its_exit_code(verb, error, exit_code):
    def fail(_context):
        raise error

    result = verb(fail)()
    assert result.exit_code == exit_code
    assert result.stderr == "".join(f"pynvr: {line}\n" for line in str(error).splitlines())
    assert result.stdout == ""


def test_no_password_gets_into_the_line(verb):
    def fail(_context):
        raise PyNVRError("can't open rtsp://admin:secret@cam/")

    assert "secret" not in verb(fail)().output


def test_an_unforeseen_error_shows_its_traceback_without_passwords():
    code = (
        "import sys; import pynvr.cli.main as m\n"
        "def broken(option): raise KeyError('rtsp://admin:secret@cam/')\n"
        "m.find_config = broken; sys.argv = ['pynvr', 'check']\n"
        "import pynvr.cli.check as c; c.find_config = broken\n"
        "m.main()"
    )
    result = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert result.returncode == main_module.UNEXPECTED_EXIT_CODE
    assert "KeyError" in result.stderr
    assert "rtsp://admin:***@cam/" in result.stderr
    assert "secret" not in result.stderr


def test_config_stands_before_the_verb(verb, tmp_path):
    seen: list[Context] = []
    path = tmp_path / "other.json"
    path.write_text('{"system": {"name": "other"}}')
    path.chmod(0o600)
    result = verb(seen.append)("--config", str(path))
    assert result.exit_code == 0
    assert seen[0].config_path == path
    assert seen[0].settings().system.name == "other"


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        (["--yes"], ["config", "--yes"]),
        (["--config", "x", "--yes"], ["--config", "x", "config", "--yes"]),
        (["--config=x"], ["--config=x", "config"]),
        ([], ["config"]),
    ],
)
def test_the_wizards_own_script_takes_the_same_options(monkeypatch, typed, rest):
    seen = []
    monkeypatch.setattr(sys, "argv", ["pynvr_config.py", *typed])
    monkeypatch.setattr(cli, "main", lambda arguments, prog_name: seen.append(arguments))
    main_module.main("config")
    assert seen == [rest]


@pytest.mark.parametrize("script", ["pynvr", "pynvr_config.py"])
def test_the_scripts_in_bin_run(script):
    result = subprocess.run(
        [sys.executable, ROOT / "bin" / script, "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Usage: pynvr" in result.stdout
