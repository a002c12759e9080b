"""nvr.json as a report shows it."""

import json
from pathlib import Path

import pytest

from pynvr.report.configuration import hosts_in, read_configuration, users_in

TEMPLATE = Path(__file__).parents[2] / "nvr.json.template"


def written(folder, document):
    path = folder / "nvr.json"
    path.write_text(json.dumps(document))
    return read_configuration(path)


def test_of_the_template_all_is_shown_but_secrets_and_free_text(tmp_path):
    given = json.loads(TEMPLATE.read_text())
    shown = written(tmp_path, given).shown
    changed = {path: value for path, value in _leaves(shown) if value != dict(_leaves(given))[path]}
    assert changed == {
        "cameras.0.url": "rtsp://user:***@192.168.1.20/stream1",
        "cameras.0.description": "(left out)",
        "cameras.0.live.url": "rtsp://user:***@192.168.1.20/stream2",
        "cameras.0.post_url": "https://example.org/***",
        "cameras.0.post_token": "***",
        "cameras.1.url": "rtsp://user:***@192.168.1.21/stream1",
        "cameras.1.description": "(left out)",
        "notify.0.password": "***",
        "notify.1.url": "https://example.org/***",
        "notify.1.token": "***",
        "notify.2.url": "mailtos://example.org/***",
    }


@pytest.mark.parametrize(
    "url, told",
    [
        ("rtsp:/op:hunter22@gate/", "***@gate/"),
        ("op:hunter22@gate/", "***@gate/"),
        ("rtsp://op:hunt/er22@gate/", "rtsp://***@gate/"),
        ("rtsp://op:hunter 22@gate/", "rtsp://***@gate/"),
        ("rtsp://op:hunt@er22@gate/", "rtsp://op:***@gate/"),
        ("rtsp://op@gate/", "rtsp://op@gate/"),
    ],
)
def test_a_password_is_hidden_in_what_is_no_url_too(tmp_path, url, told):
    assert written(tmp_path, {"cameras": [{"id": "gate", "url": url}]}).shown["cameras"][0]["url"] == told


@pytest.mark.parametrize(
    "url", ["slack://KeyOne99/KeyTwo99/Key", "pover://KeyOne99@KeyTwo99", "tgram://KeyOne99:KeyTwo99/"]
)
@pytest.mark.parametrize("mistake", [{}, {"bogus": 1}])
def test_of_a_service_whose_key_may_be_in_the_hosts_place_the_scheme_is_told(tmp_path, url, mistake):
    found = written(tmp_path, {"cameras": [], "notify": [{"name": "a", "kind": "apprise", "url": url, **mistake}]})
    assert found.shown["notify"][0]["url"] == f"{url.partition(':')[0]}://***"


def test_a_secret_is_hidden_whatever_kind_of_value_it_is(tmp_path):
    secret = {"post_token": ["hunter22", 12345678], "post_headers": {"Authorization: Bearer hunter23": 23456789}}
    found = written(tmp_path, {"cameras": [{"id": "gate", "url": "rtsp://h/", **secret}]})
    told = found.shown["cameras"][0]
    assert (told["post_token"], told["post_headers"]) == (["***", "***"], {"***": "***"})
    assert {"hunter22", "12345678", "23456789"} <= set(found.secrets)


def test_of_keys_that_nobody_knows_the_value_is_hidden(tmp_path):
    camera = {"id": "gate", "url": "rtsp://192.0.2.1/", "passwrod": "hunter22", "pin": 4711, "record": {"fsp": [1]}}
    found = written(tmp_path, {"cameras": [camera], "post_headers": {"X-Key": "hunter23"}})
    assert found.shown == {
        "cameras": [
            {"id": "gate", "url": "rtsp://192.0.2.1/", "passwrod": "***", "pin": "***", "record": {"fsp": ["***"]}}
        ],
        "post_headers": {"X-Key": "***"},
    }
    assert found.mistakes
    assert "hunter23" in found.secrets


def test_defaults_are_shown_as_a_cameras_own(tmp_path):
    defaults = {"transport": "udp", "record": {"mode": "never"}, "post_url": "https://a.example.org/key"}
    shown = written(tmp_path, {"cameras": [{"id": "gate", "url": "rtsp://h/"}], "defaults": defaults}).shown
    assert shown["defaults"] == defaults | {"post_url": "https://a.example.org/***"}


def test_a_file_that_is_no_json_tells_its_mistake_and_nothing_of_itself(tmp_path):
    path = tmp_path / "nvr.json"
    path.write_text('{"cameras": [{"url": "rtsp://a:hunter22@b/"}]')
    found = read_configuration(path)
    assert found.shown is None
    assert len(found.mistakes) == 1
    assert "hunter22" not in str(found.mistakes)


def test_users_and_hosts_of_all_addresses_are_known(tmp_path):
    settings = written(tmp_path, json.loads(TEMPLATE.read_text())).settings
    assert users_in(settings) == {"user", "pynvr"}
    assert hosts_in(settings) == {"192.168.1.20", "192.168.1.21", "192.168.1.5", "example.org", "nvr.example.org"}


def test_a_user_is_known_from_the_query_and_from_encoded_names_too(tmp_path):
    urls = ("rtsp://h/?user=greta&pwd=x", "rtsp://h/user=heinz_password=x_channel=1.sdp", "rtsp://mat%20hilda:x@h/")
    cameras = [{"id": f"c{number}", "url": url} for number, url in enumerate(urls)]
    assert {"greta", "heinz", "mat hilda"} <= users_in(written(tmp_path, {"cameras": cameras}).settings)


def _leaves(value, path=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}.{number}")
    else:
        yield path, value
