"""Changes of a camera in nvr.json, whatever they are: the file stays one that PyNVR reads, or isn't written."""

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.base.errors import ConfigError
from pynvr.config.camera_document import camera_in, merged, told_mistakes, with_camera, without_camera
from pynvr.config.json_text import JsonTextError, read_json
from pynvr.config.schema import settings_from
from tests.fuzz.made_json import SCALARS

FILE = Path("/x/nvr.json")
DOCUMENT: dict[str, Any] = {
    "system": {"name": "Home", "data_dir": "/x/data"},
    "cameras": [
        {
            "id": "gate",
            "url": "rtsp://root:secret@127.0.0.1/x",
            "record": {"mode": "always"},
            "live": {"url": "rtsp://127.0.0.1/z"},
        },
        {"id": "yard", "url": "rtsp://127.0.0.1/y", "post_headers": {"X-Key": "k"}},
    ],
}
LIKELY = SCALARS | st.sampled_from(
    ["rtsp://a/b", "always", "motion", "00:00-24:00", True, 5, {}, [], {"url": "rtsp://c"}]
)
KEYS = st.sampled_from(
    ["url", "name", "enabled", "record", "mode", "live", "dst", "retry", "post_headers", "X-Key", "schedule"]
)  # fmt: skip
VALUES = st.recursive(LIKELY, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=5)
PATCHES = st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=3)


@settings(max_examples=200)
@given(PATCHES, st.sampled_from(["gate", "yard", "new"]))
def test_a_changed_camera_is_one_that_is_read_again_or_a_mistake_that_is_told(patch, camera_id):
    before = copy.deepcopy(DOCUMENT)
    known = camera_in(before, camera_id) or {"url": "rtsp://127.0.0.1/new"}
    wanted = merged(known, patch)
    assert isinstance(wanted, dict)
    changed = with_camera(before, {**wanted, "id": camera_id})
    assert before == DOCUMENT, "what is known isn't changed"
    others = [camera for camera in DOCUMENT["cameras"] if camera["id"] != camera_id]
    assert without_camera(changed, camera_id) == {**DOCUMENT, "cameras": others}
    try:
        read = settings_from(read_json(json.dumps(changed).encode()), FILE)
    except JsonTextError:
        return  # nan is no JSON
    except ConfigError as err:
        place = f"cameras[{[camera['id'] for camera in changed['cameras']].index(camera_id)}]"
        mine, rest = told_mistakes(str(err).splitlines(), FILE, place)
        assert mine, "the mistake is the change's own"
        assert "secret" not in json.dumps([mine, rest])
    else:
        assert camera_id in [camera.id for camera in read.cameras]


@given(VALUES, VALUES)
def test_a_patch_that_was_applied_changes_nothing_the_second_time(known, patch):
    once = merged(known, patch)
    assert json.dumps(merged(once, patch)) == json.dumps(once)
