"""The template and docs/config.md, held against the keys that the schema asks for."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pynvr.config.json_text import read_json
from pynvr.config.later import LATER_KEYS, LATER_VALUES
from pynvr.config.load import load
from pynvr.config.schema import known_paths

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


def test_the_docs_name_what_is_coming():
    coming = DOCS.partition("## Coming")[2]
    words = {key for keys in (*LATER_KEYS.values(), *LATER_VALUES.values()) for key in keys}
    assert [word for word in sorted(words) if f"{word}`" not in coming] == []
    assert bool(coming) == bool(words)
