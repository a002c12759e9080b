"""`pynvr notify`, and what `pynvr check` says of targets that can't work."""

import importlib.util
import json

import pytest

from pynvr.store.notices import TargetRecord, WaitingNotice
from pynvr.store.store import Store
from tests.cli.archive_of_one_camera import Home
from tests.notifier.servers import Receiver

NOW = 1_800_000_000_000_000


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.end()


@pytest.fixture
def home(tmp_path, receiver):
    one = Home(tmp_path)
    document = json.loads(one.config.read_text())
    document["notify"] = [
        {"name": "hook", "kind": "webhook", "url": receiver.url, "token": "t0psecret"},
        {"name": "other", "kind": "mqtt", "host": "127.0.0.1", "cameras": ["gate"]},
    ]
    one.config.write_text(json.dumps(document))
    (tmp_path / "data").mkdir(exist_ok=True)
    return one


def change(home, **keys):
    document = json.loads(home.config.read_text())
    document["notify"][1] |= keys
    home.config.write_text(json.dumps(document))


def test_a_test_is_sent_at_once(home, receiver):
    result = home.run("notify", "test", "hook")
    assert (result.exit_code, result.stderr) == (0, "hook took it.\n")
    (body,) = receiver.bodies
    assert (body["event"], body["title"]) == ("test", "PyNVR: a test")


def test_a_test_that_isnt_taken_says_why_without_secrets(home, receiver):
    receiver.always = (403, {})
    result = home.run("notify", "test", "hook")
    assert result.exit_code == 1
    assert "hook didn't take it: it answers 403 Forbidden" in result.output
    assert "t0psecret" not in result.output and receiver.url not in result.output


def test_an_unknown_target_is_a_mistake_of_use_that_names_the_known_ones(home):
    result = home.run("notify", "test", "hok")
    assert result.exit_code == 2
    assert "there is hook, other" in result.output


def test_the_list_says_how_it_goes_with_each(home):
    with Store.open(f"sqlite:///{home.folder}/data/pynvr.sqlite") as store:
        store.notices.write_target(TargetRecord("hook", 1, 5, 2, NOW, NOW + 60_000_000, "it answers 500"))
        store.notices.add([WaitingNotice("hook", "k", NOW, "{}")])
    lines = home.run("notify", "list").stdout.splitlines()
    assert lines[1].split() == [
        "hook",
        "webhook",
        "5",
        "1",
        "2",
        "2027-01-15",
        "08:00",
        "2027-01-15",
        "08:01",
        "it",
        "answers",
        "500",
    ]
    assert lines[2].split() == ["other", "mqtt", "0", "0", "0"]
    listed = json.loads(home.run("notify", "list", "--json").stdout)
    assert [(one["name"], one["waiting"], one["failure"]) for one in listed] == [
        ("hook", 1, "it answers 500"), ("other", 0, ""),
    ]  # fmt: skip


def test_check_says_nothing_of_targets_that_can_work(home):
    assert "notify" not in home.run("check").output


@pytest.mark.parametrize(
    ("keys", "warning"),
    [
        ({"cameras": ["gte"]}, "notify other: there is no camera gte"),
        ({"tls": True, "ca": "/nowhere/ca.pem"}, "notify other: /nowhere/ca.pem: found no certificates"),
        (
            {"kind": "apprise", "host": None, "url": "nonsense://t0psecret"},
            "notify other: found a URL that Apprise can't",
        ),
    ],
)
def test_check_warns_of_targets_that_cant(home, keys, warning):
    change(home, **keys)
    document = json.loads(home.config.read_text())
    document["notify"][1] = {name: value for name, value in document["notify"][1].items() if value is not None}
    home.config.write_text(json.dumps(document))
    result = home.run("check")
    assert result.exit_code == 0
    assert warning in result.output and "t0psecret" not in result.output


def test_check_says_which_library_is_missing(home, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "paho" else found(name))
    assert "notify other: mqtt needs the library paho: pip install 'pynvr[notify]'" in home.run("check").output
