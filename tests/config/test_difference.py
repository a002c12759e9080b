import json

import pytest

from pynvr.config.difference import Difference, difference
from pynvr.config.load import load
from tests.config.conftest import URL


@pytest.fixture
def compared(tmp_path):
    """The difference that a change of the document makes."""

    def compare(change):
        path = tmp_path / "nvr.json"
        document = {"system": {}, "defaults": {}, "cameras": [{"id": name, "url": URL} for name in ("a", "b", "c")]}
        path.write_text(json.dumps(document))
        old = load(path)
        change(document)
        path.write_text(json.dumps(document))
        return difference(old, load(path))

    return compare


def test_nothing_changed_is_no_difference(compared):
    assert not compared(lambda document: None)


def test_another_sub_stream_stops_no_recording(compared):
    found = compared(lambda document: document["cameras"][1].update({"live": {"url": "rtsp://other/"}}))
    assert found
    assert found.changed == ()
    assert found.processes == set()


@pytest.mark.parametrize("change", [{"post_url": "http://a/"}, {"post_token": "t"}, {"incident": {"pre_seconds": 9}}])
def test_what_is_for_incidents_stops_no_recording(compared, change):
    found = compared(lambda document: document["cameras"][1].update(change))
    assert (found.changed, found.processes) == ((), set())


def test_a_new_and_a_gone_camera_touch_no_other(compared):
    def change(document):
        document["cameras"][1]["id"] = "d"

    found = compared(change)
    assert (found.added, found.removed, found.changed) == (("d",), ("b",), ())
    assert found.processes == {"finisher", "reaper"}
    assert found.needs_restart == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "rtsp://other/"),
        ("enabled", False),
        ("frame_timeout", 9),
        ("transport", "udp"),
        ("record", {"mode": "never"}),
        ("retry", {"first": 2}),
        ("audio", "off"),
    ],
)
def test_only_the_camera_that_a_change_touches_restarts(compared, key, value):
    found = compared(lambda document: document["cameras"][1].update({key: value}))
    assert found.changed == ("b",)
    assert found.processes == set()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Gate"),
        ("description", "x"),
        ("retention", {"max_days": 1}),
        ("detect", {"motion": {"enabled": True, "zones": [{"x": 0, "y": 0, "width": 1, "height": 0.5}]}}),
        ("record", {"pre_seconds": 7, "post_seconds": 8}),
    ],
)
def test_what_a_recorder_never_looks_at_stops_no_recording(compared, key, value):
    found = compared(lambda document: document["cameras"][1].update({key: value}))
    assert found
    assert found.changed == ()
    assert ("reaper" in found.processes) == (key == "retention")


def test_what_is_kept_around_motion_concerns_the_finisher_and_the_mode_the_recorder_too(compared):
    motion = {"mode": "motion", "pre_seconds": 7}
    found = compared(lambda document: document["cameras"][1].update(record=motion))
    assert (found.changed, found.processes) == (("b",), {"finisher"})


def test_another_folder_touches_finisher_and_reaper_too(compared):
    found = compared(lambda document: document["cameras"][1].update(dst="/elsewhere"))
    assert (found.changed, found.processes) == (("b",), {"finisher", "reaper"})


def test_a_change_of_defaults_touches_the_cameras_that_have_it_from_there(compared):
    def change(document):
        document["cameras"][0]["frame_timeout"] = 5
        document["defaults"]["frame_timeout"] = 7

    assert compared(change).changed == ("b", "c")


@pytest.mark.parametrize("key", ["data_dir", "database", "log_dir"])
def test_what_lies_under_the_whole_program_needs_a_restart(compared, key):
    value = "sqlite:////x/y" if key == "database" else "/x"
    assert f"system.{key}" in compared(lambda document: document["system"].update({key: value})).needs_restart


@pytest.mark.parametrize(
    ("key", "value"), [("segment_seconds", 30), ("durability_seconds", 1), ("timezone", "Asia/Tokyo")]
)
def test_what_every_recorder_goes_by_restarts_them_all(compared, key, value):
    found = compared(lambda document: document["system"].update({key: value}))
    assert (found.changed, found.needs_restart) == (("a", "b", "c"), ())


@pytest.mark.parametrize(
    ("change", "process"),
    [
        ({"system": {"server": {"port": 81}}}, {"web"}),
        ({"system": {"server": {"trusted_proxies": ["::1"]}}}, {"web"}),
        ({"system": {"server": {"tls": {"certificate": "c", "key": "k"}}}}, {"web"}),
        ({"system": {"name": "x"}}, set()),
        ({"reaper": [{"disk": "/", "percent": 9}]}, {"reaper"}),
        ({"system": {"jpg_cache_dir": "/x"}}, {"finisher", "reaper"}),
        ({"system": {"mp4_cache_dir": "/x"}}, {"reaper"}),
    ],
)
def test_other_processes_restart_alone(compared, change, process):
    found = compared(lambda document: document.update(change))
    assert found
    assert (found.processes, found.changed, found.needs_restart) == (process, (), ())


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Difference(changed=("office",), removed=("hall",)), "camera office starts anew; camera hall was removed"),
        (Difference(added=("a", "b")), "cameras a, b were added"),
        (Difference(processes=frozenset({"web", "reaper"})), "the reaper starts anew; the web starts anew"),
        (Difference(shown=True), "no recording has to start anew"),
    ],
)
def test_a_difference_is_told_in_words(found, words):
    assert found.words() == words
