"""`pynvr incident`: reported and listed, with and without a running PyNVR."""

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.paths import segment_path
from pynvr.model.incident import Clip, IncidentStatus
from pynvr.model.stamp import stamp_start_us
from pynvr.store.audit import Wanted
from pynvr.store.store import Store
from tests.cli.archive_of_one_camera import Home

STAMP = "20260105.1200"


@pytest.fixture
def home(tmp_path):
    """One second of camera gate is recorded, from noon on."""
    one = Home(tmp_path)
    one.put(STAMP)
    assert one.run("reindex").exit_code == 0
    return one


def store_of(home):
    return Store.open(f"sqlite:///{home.folder / 'data/pynvr.sqlite'}")


def test_an_incident_waits_for_the_next_start(home):
    result = home.run("incident", "create", "gate", "20260105.120000", "--pre", "0", "--post", "0.5", "--note", "x")
    assert (result.exit_code, result.stdout) == (0, "1\n")
    with store_of(home) as store:
        made = store.incidents.get(1)
        assert (made.status, made.pre_us, made.post_us, made.note) == (IncidentStatus.PENDING, 0, 500_000, "x")
        (entry,) = store.audit.page(Wanted(), 9)
        assert (entry.entry.action, entry.entry.subject) == ("incident.add", "1")
    listed = json.loads(home.run("incident", "list", "--json").stdout)
    assert (listed["total"], listed["incidents"][0]["upload_status"]) == (1, "pending")


def test_who_waits_gets_the_clip_without_a_running_program(home):
    result = home.run(
        "incident", "create", "gate", "2026-01-05T12:00:00Z", "--pre", "0", "--post", "0.5", "--wait", "--json"
    )
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    assert (made["upload_status"], made["missing_seconds"]) == ("extracted", 0)
    (clip,) = (home.folder / "data/incidents").iterdir()
    assert clip.stat().st_size == made["clip_bytes"]
    again = home.run("incident", "create", "gate", STAMP, "--pre", "0", "--post", "0.3", "--exact", "--wait")
    assert again.exit_code == 0, again.output
    assert again.stdout.strip().endswith(".mp4")
    assert segment_path(home.dst, "gate", STAMP).exists()


def test_who_waits_for_what_was_never_recorded_is_told_why(home):
    result = home.run("incident", "create", "gate", "20260104.120000", "--wait")
    assert result.exit_code == 1
    assert "incident 1: nothing was recorded" in result.output
    shown = home.run("incident", "list").stdout
    assert "nothing was recorded (before the first recording)" in shown
    assert "gate" in shown and "no clip" in shown and "2026-01-04 12:00:00" in shown
    assert home.run("incident", "list", "--status", "pending", "--json").stdout.count('"id"') == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gat", "now"), "cameras are gate"),
        (("gate", "noon"), "is no time"),
        (("gate", "25:00"), "is no time"),
        (("gate", "now", "--pre", "-1"), "pre_seconds must be from 0 to 3600"),
        (("gate", "now", "--pre", "0", "--post", "0"), "nothing is left"),
        (("gate", "20990101.0000"), "more than a week ahead"),
    ],
)
def test_a_mistake_of_use_stores_nothing(home, arguments, words):
    result = home.run("incident", "create", *arguments)
    assert (result.exit_code, words in result.output) == (2, True), result.output
    with store_of(home) as store:
        assert store.incidents.open_count() == 0


def test_now_is_now(home):
    assert home.run("incident", "create", "gate", "now").exit_code == 0
    with store_of(home) as store:
        assert store.incidents.get(1).incident_us > stamp_start_us(STAMP, ZoneInfo("UTC"))


def test_the_list_says_what_each_waits_for(home):
    home.run("incident", "create", "gate", STAMP, "--pre", "0", "--post", "0.5")
    with store_of(home) as store:
        made = store.incidents.get(1)
        one = store.incidents.write(replace(made, deliver=True).extracted(Clip(1, 2, 3), made.created_us))
        assert "waiting for delivery" in home.run("incident", "list").stdout
        store.incidents.write(replace(one, deliver=False))
        assert "clip ready" in home.run("incident", "list").stdout
        one = store.incidents.write(replace(store.incidents.get(1), deliver=True))
        store.incidents.write(replace(one.uploading().uploaded(made.created_us), clip_bytes=None))
        assert "its clip was deleted after delivery" in home.run("incident", "list").stdout
