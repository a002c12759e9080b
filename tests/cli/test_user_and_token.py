"""`pynvr user` and `pynvr token`."""

import json

import pytest

from pynvr.store.audit import Wanted
from pynvr.store.store import Store
from tests.cli.archive_of_one_camera import Home

PASSWORD = "correct horse battery"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def store(home):
    """The database behind the commands."""

    def opened():
        return Store.open(f"sqlite:///{next((home.folder / 'data').glob('*.sqlite'))}")

    return opened


def test_a_user_is_made_by_a_prompt_that_shows_nothing(home, store):
    result = home.run("user", "add", "anna", "--role", "admin", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    with store() as opened:
        assert opened.users.authenticate("anna", PASSWORD).role == "admin"


def test_with_a_user_the_setup_link_of_the_log_is_over(home):
    run_dir = home.folder / "data" / "run"
    run_dir.mkdir(parents=True, exist_ok=True)
    (run_dir / "setup-code").write_text("x" * 24)
    assert home.run("user", "add", "anna", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    assert not (run_dir / "setup-code").exists()


def test_a_script_gives_the_password_on_stdin(home, store):
    assert home.run("user", "add", "bert", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    assert home.run("user", "passwd", "bert", "--password-stdin", typed="another password\n").exit_code == 0
    with store() as opened:
        assert opened.users.authenticate("bert", "another password").role == "viewer"
        assert opened.users.authenticate("bert", PASSWORD) is None
        told = [one.entry for one in opened.audit.page(Wanted(), 10)]
        assert [(one.action, one.subject, one.source) for one in told] == [
            ("user.change", "bert", "command"),
            ("user.add", "bert", "command"),
        ]
        assert all(one.actor for one in told)


@pytest.mark.parametrize(
    ("arguments", "typed", "word"),
    [
        (("user", "add", "anna", "--password-stdin"), "short\n", "8 to 1024"),
        (("user", "add", "anna", "--password-stdin"), "", "8 to 1024"),
        (("user", "add", "bert", "--password-stdin"), f"{PASSWORD}\n", "already"),
        (("user", "add", "x" * 65, "--password-stdin"), f"{PASSWORD}\n", "64"),
        (("user", "passwd", "nobody", "--password-stdin"), f"{PASSWORD}\n", "no user 'nobody'"),
        (("user", "remove", "nobody"), "", "no user 'nobody'"),
        (("token", "revoke", "nothing"), "", "no token 'nothing'"),
        (("token", "create", "door"), "", "already"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(home, arguments, typed, word):
    home.run("user", "add", "bert", "--password-stdin", typed=f"{PASSWORD}\n")
    home.run("token", "create", "door")
    result = home.run(*arguments, typed=typed)
    assert result.exit_code == 2
    assert word in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert PASSWORD not in result.output


def test_users_are_listed_and_removed(home):
    for name in ("bert", "anna"):
        home.run("user", "add", name, "--password-stdin", typed=f"{PASSWORD}\n")
    assert [line.split()[0] for line in home.run("user", "list").stdout.splitlines()] == ["anna", "bert"]
    assert [one["role"] for one in json.loads(home.run("user", "list", "--json").stdout)] == ["viewer", "viewer"]
    assert home.run("user", "remove", "anna").exit_code == 0
    assert "anna" not in home.run("user", "list").stdout


def test_the_last_admin_stays_unless_forced(home):
    for name, role in (("anna", "admin"), ("bert", "viewer")):
        home.run("user", "add", name, "--role", role, "--password-stdin", typed=f"{PASSWORD}\n")
    result = home.run("user", "remove", "Anna")
    assert result.exit_code == 2
    assert "'Anna' is the last admin" in result.stderr
    assert "--force" in result.stderr
    assert "anna" in home.run("user", "list").stdout
    assert home.run("user", "remove", "anna", "--force").exit_code == 0
    assert "anna" not in home.run("user", "list").stdout


def test_a_token_stands_alone_on_the_last_line_and_works_until_revoked(home, store):
    result = home.run("token", "create", "door", "--role", "admin")
    token = result.output.splitlines()[-1]
    assert result.stdout == token + "\n"
    with store() as opened:
        assert opened.tokens.authenticate(token).role == "admin"
    listed = home.run("token", "list")
    assert listed.stdout.split()[:2] == ["door", "admin"]
    assert token not in listed.stdout
    assert json.loads(home.run("token", "list", "--json").stdout)[0]["name"] == "door"
    assert home.run("token", "revoke", "door").exit_code == 0
    with store() as opened:
        assert opened.tokens.authenticate(token) is None
