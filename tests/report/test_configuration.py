"""nvr.json as a report shows it."""

import json
from pathlib import Path

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


def _leaves(value, path=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}.{number}")
    else:
        yield path, value
