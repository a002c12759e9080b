"""The template and docs/config.md, held against the keys that the schema asks for."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pynvr.config.json_text import read_json
from pynvr.config.load import load
from pynvr.config.schema import known_paths, settings_from

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "nvr.json.template"
DOCS = (ROOT / "docs/config.md").read_text()
DOCUMENT = read_json(TEMPLATE.read_bytes())
KNOWN = sorted(known_paths(DOCUMENT, TEMPLATE))


def paths_of(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            joined = f"{path}.{key}" if path else key
            yield joined.replace("defaults", "cameras[]") if joined.startswith("defaults.") else joined
            yield from paths_of(inner, joined)
    elif isinstance(value, list):
        for inner in value:
            yield from paths_of(inner, f"{path}[]")


def test_the_template_loads_without_a_mistake(tmp_path):
    copy = tmp_path / "nvr.json"
    copy.write_bytes(TEMPLATE.read_bytes())
    assert [camera.id for camera in load(copy).cameras] == ["gate", "office"]


def test_the_template_shows_every_key_and_no_other():
    assert len(KNOWN) > 50
    shown = set(paths_of(DOCUMENT)) | {"cameras[]"}
    assert shown - {"defaults"} == set(KNOWN) - {"defaults"} | {"cameras[]"}


@pytest.mark.parametrize("path", KNOWN)
def test_every_key_has_its_row_in_the_docs(path):
    section, _, key = path.rpartition(".")
    if not section or key.endswith("[]"):
        assert f"`{key.removesuffix('[]')}`" in DOCS
        return
    heading = {
        "system": "## `system`",
        "system.incidents": "### `system.incidents`",
        "system.server": "### `system.server`",
        "system.server.tls": "### `system.server.tls`",
        "cameras[]": "## `cameras` and `defaults`",
        "cameras[].retry": "### `retry`",
        "cameras[].record": "### `record`",
        "cameras[].record.schedule[]": "### `record`",
        "cameras[].retention": "### `retention`",
        "cameras[].detect": "### `detect`",
        "cameras[].live": "### `live`",
        "cameras[].incident": "### `incident`",
        "cameras[].detect.motion": "### `detect.motion` and `detect.faces`",
        "cameras[].detect.faces": "### `detect.motion` and `detect.faces`",
        "reaper[]": "## `reaper`",
        "notify[]": "## `notify`",
        "notify[].quiet_seconds": "### `quiet_seconds`",
    }[section]
    part = re.split(r"^##", DOCS.split(heading + "\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    assert re.search(rf"^\| `{key}` \|", part, re.MULTILINE), f"{path} has no row under {heading}"


# Where the rows under a heading stand in a document; each of the values of a row's default is for one place.
PLACES: dict[str, list[tuple[str | int, ...]]] = {
    "## `system`": [("system",)],
    "### `system.incidents`": [("system", "incidents")],
    "### `system.server`": [("system", "server")],
    "## `cameras` and `defaults`": [("cameras", 0)],
    "### `retry`": [("cameras", 0, "retry")],
    "### `record`": [("cameras", 0, "record")],
    "### `detect.motion` and `detect.faces`": [("cameras", 0, "detect", "motion"), ("cameras", 0, "detect", "faces")],
    "### `incident`": [("cameras", 0, "incident")],
    "## `reaper`": [("reaper", 0)],
    "## `notify`": [("notify", 0)],
    "### `quiet_seconds`": [("notify", 0, "quiet_seconds")],
}
OF_MQTT = {"tls", "topic", "discovery_prefix"}


def documented_defaults() -> Iterator[tuple[str, str, list[str]]]:
    """Heading, key, and the default's values as they stand there; words that explain a default are none."""
    for heading in PLACES:
        part = re.split(r"^##", DOCS.split(heading + "\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
        for key, cell in re.findall(r"^\| `(\w+)` \| ([^|]*) \|", part, re.MULTILINE):
            values = re.findall(r"`([^`]+)`", cell) or re.findall(r"true|false|[\d.]+", cell)
            is_plain = not re.sub(r"`[^`]*`|true|false|[\d., ]", "", cell)
            if values and is_plain and key not in {"days", "period"}:
                yield heading, key, values


def document_with(places: list[tuple[str | int, ...]], key: str, values: list[object]) -> dict[str, object]:
    target = {"name": "a", "kind": "webhook", "url": "https://example.org/a"}
    if key in OF_MQTT:
        target = {"name": "a", "kind": "mqtt", "host": "192.168.1.5"}
    document: dict[str, Any] = {
        "cameras": [{"id": "gate", "url": "rtsp://192.168.1.20/1"}],
        "reaper": [{"disk": "/srv", "percent": 90}],
        "notify": [target],
    }
    for place, value in zip(places, values, strict=False):
        inner: Any = document
        for step in place:
            inner = inner[step] if isinstance(step, int) else inner.setdefault(step, {})
        inner[key] = value
    return document


def value_of(text: str) -> object:
    text = text.replace("<data_dir>", "/etc/pynvr-test/pynvr-data").replace("<id>", "gate")
    try:
        return json.loads(text)
    except ValueError:
        return text


def test_a_default_that_is_written_down_changes_nothing():
    path = Path("/etc/pynvr-test/nvr.json")
    told = list(documented_defaults())
    assert len(told) > 45
    for heading, key, texts in told:
        places, values = PLACES[heading], [value_of(text) for text in texts]
        values = values if len(values) > 1 else values * len(places)
        without = settings_from(read_json(json.dumps(document_with([], key, [])).encode()), path)
        written = settings_from(read_json(json.dumps(document_with(places, key, values)).encode()), path)
        assert written == without, f"{key} under {heading} isn't {texts}"
