"""Who is told: the keys of `notify`, and that nothing of them which may be a secret is shown."""

import json

import pytest

from pynvr.base.conceal import Conceal
from pynvr.config.difference import difference
from pynvr.config.load import load
from pynvr.model.notify import Mqtt, Quiet, Service, Target, Webhook
from tests.config.conftest import URL

HOOK = {"name": "hook", "kind": "webhook", "url": "https://example.org/secret-path"}
BROKER = {"name": "house", "kind": "mqtt", "host": "broker.lan"}
MAIL = {"name": "mail", "kind": "apprise", "url": "mailtos://me:secret@example.org"}
PLAIN = {"webhook": "https://example.org/", "apprise": "mailtos://me:hidden@example.org"}


@pytest.fixture
def targets(loaded):
    return lambda *items: loaded({"notify": list(items)}).notify


@pytest.fixture
def wrong(mistakes):
    """What is said about one target with these keys."""

    def lines(target, **keys):
        return [line.removeprefix("notify[0].") for line in mistakes({"notify": [{**target, **keys}]})]

    return lines


def test_without_the_key_nobody_is_told(loaded):
    assert loaded({}).notify == ()


def test_a_target_needs_little(targets):
    hook, house, mail = targets(HOOK, BROKER, MAIL)
    assert hook == Target("hook", Webhook("https://example.org/secret-path"))
    assert house == Target("house", Mqtt("broker.lan", 1883, topic="pynvr", discovery_prefix="homeassistant"))
    assert mail == Target("mail", Service("mailtos://me:secret@example.org"))
    assert hook.events == ("alert", "camera", "disk", "system")


def test_a_target_may_say_much(targets, tmp_path):
    limits = {"events": ["camera", "alert"], "cameras": ["gate"], "kinds": ["face"], "after_seconds": 5}
    hook, house = targets(
        {**HOOK, **limits, "headers": {"X-Key": "abc"}, "token": "t", "ca": "ca.pem", "quiet_seconds": {"alert": 60}},
        {**BROKER, "tls": True, "discovery_prefix": None, "pictures": False, "site": "https://nvr.lan/"},
    )
    assert hook.channel == Webhook(HOOK["url"], (("X-Key", "abc"),), "t", tmp_path / "ca.pem")
    assert (hook.events, hook.cameras, hook.kinds) == (("alert", "camera"), ("gate",), ("face",))
    assert (hook.after_s, hook.quiet) == (5, Quiet(alert_s=60))
    assert house.channel == Mqtt("broker.lan", 8883, tls=True, discovery_prefix="")
    assert (house.pictures, house.site) == (False, "https://nvr.lan")


@pytest.mark.parametrize(
    ("target", "keys", "line"),
    [
        (HOOK, {"name": "a b"}, 'name: found "a b", expected 1 to 64 letters, digits, - or _'),
        (HOOK, {"events": []}, 'events: found a list, expected a list of "alert", "camera", "disk", "system"'),
        (HOOK, {"host": "x"}, "host: found an unknown key, expected it as system.server.host"),
        (BROKER, {"topic": "a/#"}, 'topic: found "a/#", expected an MQTT topic without +, #, $'),
        (BROKER, {"host": "mqtt://x"}, 'host: found "mqtt://x", expected a host name or an address'),
        (BROKER, {"host": "a" * 64}, "host: found"),
        (BROKER, {"port": 0}, "port: found 0, expected a whole number from 1 to 65535"),
        (MAIL, {"kind": "mail"}, 'kind: found "mail", expected "webhook", "mqtt" or "apprise"'),
        (HOOK, {"site": "https://nvr.lan?x=1"}, "site: found"),
        (HOOK, {"quiet_seconds": {"alert": -1}}, "quiet_seconds.alert: found -1"),
    ],
)
def test_mistakes_are_named(wrong, target, keys, line):
    found = wrong(target, **keys)
    assert any(one.startswith(line) for one in found), found


@pytest.mark.parametrize(
    ("target", "keys", "key"),
    [
        (HOOK, {"url": "secret-without-scheme"}, "url"),
        (HOOK, {"url": "ftp://secret.example.org"}, "url"),
        (HOOK, {"token": ["secret"]}, "token"),
        (HOOK, {"token": "secret\x7f"}, "token"),
        (HOOK, {"headers": {"Host": "secret"}}, "headers"),
        (HOOK, {"headers": {"X-Key": "secret\r\nX: y"}}, "headers"),
        (MAIL, {"url": "secret"}, "url"),
        (BROKER, {"password": {"secret": 1}}, "password"),
    ],
)
def test_a_mistake_in_what_may_be_a_password_does_not_show_it(wrong, target, keys, key):
    # That no line says "secret" is looked at by `mistakes`.
    (line,) = wrong({**target, **({} if target is BROKER else {"url": PLAIN[target["kind"]]})}, **keys)
    assert line.startswith(f"{key}: found something else (not shown, it may be a password), expected")


def test_two_targets_never_share_a_name(mistakes):
    lines = mistakes({"notify": [{**BROKER}, {**BROKER, "topic": "other"}]})
    assert lines == ['notify[1].name: found "house", expected a name of its own for each target']


def test_two_targets_never_share_a_broker_and_its_topic(mistakes, targets):
    other: dict[str, object] = {**BROKER, "name": "other", "host": "BROKER.lan", "port": 1883, "discovery_prefix": None}
    (line,) = mistakes({"notify": [BROKER, HOOK, other]})
    assert line.startswith("notify[2].topic: found the same broker and topic as another target's")
    ways: list[dict[str, object]] = [{"topic": "x"}, {"port": 1884}, {"tls": True, "port": 8883}, {"host": "b"}]
    apart = [other | keys | {"name": str(number)} for number, keys in enumerate(ways)]
    assert len(targets(BROKER, *apart)) == 5


def test_every_secret_of_a_target_is_known_in_its_forms(targets):
    (hook, broker, mail, chat) = targets(
        {**HOOK, "url": "https://u:p%40ssword@h.org/services/T0k3nT0k3n?key=qu3rykey", "headers": {"X-K": "h3ader"}},
        {**BROKER, "password": 'pa"ss word'},
        {**MAIL, "url": "mailtos://me:m41lpass@example.org?to=me@example.org"},
        {"name": "chat", "kind": "apprise", "url": "discord://4811122334455/T1JJ3T3L2Token"},
    )
    said = (
        "POST /services/T0k3nT0k3n?key=qu3rykey p@ssword h3ader "
        'pa"ss word pa\\"ss word m41lpass 4811122334455 T1JJ3T3L2Token h.org example.org'
    )
    secrets = [secret for target in (hook, broker, mail, chat) for secret in target.secrets]
    concealed = Conceal(secrets)(said)
    for word in ("T0k3n", "qu3ry", "p@ss", "h3ader", 'pa"', 'pa\\"', "m41l", "48111", "T1JJ"):
        assert word not in concealed
    assert "h.org example.org" in concealed
    for target in (hook, broker, mail, chat):
        assert not any(secret in repr(target) for secret in target.secrets if len(secret) > 6), repr(target)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "abcdefg_hijklmnop"),
        ("ntfys://tk_keyOfMine@ntfy.example.org/topic", "tk_keyOfMine"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "T1JJ3T3L2"),
    ],
)
def test_a_key_in_the_place_of_user_or_host_is_a_secret(targets, url, secret):
    (target,) = targets({"name": "chat", "kind": "apprise", "url": url})
    (hook,) = targets({**HOOK, "url": "https://keyOfAHook@h.example.org/"})
    said = f"POST bot123456789:{secret}/send to ntfy.example.org, host 127.0.0.1:25, keyOfAHook"
    concealed = Conceal([*target.secrets, *hook.secrets])(said)
    assert secret not in concealed and "keyOfAHook" not in concealed
    assert "to ntfy.example.org, host 127.0.0.1:25" in concealed


def test_a_host_with_its_port_is_no_secret(targets):
    (target,) = targets({"name": "mail", "kind": "apprise", "url": "mailto://mailhost:2525?from=a@b.c&to=a@b.c"})
    assert Conceal(target.secrets)("mailhost:2525 refuses") == "mailhost:2525 refuses"


def test_a_change_of_the_targets_starts_the_notifier_alone_anew(tmp_path):
    def settings(**changes):
        path = tmp_path / "nvr.json"
        path.write_text(json.dumps({"cameras": [{"id": "gate", "url": URL}], "notify": [{**BROKER}], **changes}))
        return load(path)

    found = difference(settings(), settings(notify=[{**BROKER, "port": 99}]))
    assert set(found.processes) == {"notifier"} and found.changed == ()
    camera = {"id": "gate", "url": URL, "name": "Gate"}
    assert difference(settings(), settings(cameras=[camera])).processes == {"notifier"}
    assert difference(settings(notify=[]), settings(notify=[], cameras=[camera])).processes == set()
