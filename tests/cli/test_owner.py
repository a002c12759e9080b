"""Root's commands on a service's recordings."""

import os
from pathlib import Path

import pytest

from pynvr.cli.owner import become_owner_of

NOBODY = 65534


def groups_and_user_after(folder: Path) -> str:
    """In a child, for there is no way back."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        become_owner_of(folder)
        os.write(writable, f"{os.getresuid()} {os.getresgid()} {os.getgroups()}".encode())
        os._exit(0)
    os.close(writable)
    os.waitpid(pid, 0)
    with open(readable, encoding="ascii") as file:
        return file.read()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_root_goes_on_as_the_user_whose_recordings_they_are(tmp_path):
    before = f"{os.getresuid()} {os.getresgid()} {os.getgroups()}"
    assert groups_and_user_after(tmp_path) == before, "root's own"
    assert groups_and_user_after(tmp_path / "missing") == before
    os.chown(tmp_path, NOBODY, NOBODY)
    assert groups_and_user_after(tmp_path) == f"{(NOBODY,) * 3} {(NOBODY,) * 3} [{NOBODY}]"
    os.chown(tmp_path, 54321, 54321)  # without a name
    assert groups_and_user_after(tmp_path) == f"{(54321,) * 3} {(54321,) * 3} []"


@pytest.mark.parametrize("command", ["recover", "reindex", "verify"])
def test_commands_that_write_recordings_do_so(command, monkeypatch, tmp_path):
    from importlib import import_module

    from click.testing import CliRunner

    from pynvr.cli.main import cli

    asked: list[Path] = []
    monkeypatch.setattr(import_module(f"pynvr.cli.{command}"), "become_owner_of", asked.append)
    (tmp_path / "nvr.json").write_text(f'{{"system": {{"data_dir": "{tmp_path}/data"}}, "cameras": []}}')
    assert CliRunner().invoke(cli, ["--config", f"{tmp_path}/nvr.json", command]).exit_code == 0
    assert asked == [tmp_path / "data"]
