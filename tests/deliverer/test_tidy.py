"""Rows and clips after a crash between any two steps, and what is let go when its time is over."""

import os
from dataclasses import replace

import pytest

from pynvr.deliverer import tidy
from pynvr.model.incident import IncidentStatus
from pynvr.model.settings import IncidentKeeping
from tests.archive.clips import make_clip
from tests.deliverer.scene import S, Scene

PLAIN = make_clip(count=96)
DAY = 86_400 * S


@pytest.fixture
def scene(tmp_path):
    made = Scene(tmp_path)
    made.made.add(PLAIN)
    return made


def keep(scene, **days):
    settings = scene.made.settings
    scene.made.settings = replace(settings, system=replace(settings.system, incidents=IncidentKeeping(**days)))


def cut(scene, **how):
    incident = scene.report(0, 2, **how)
    found, path = scene.cut(incident)
    assert path.exists()
    return found, path


def deliver(scene, incident):
    sent = scene.store.incidents.write(incident.uploading())
    return scene.store.incidents.write(sent.uploaded(scene.clock.at_us))


def test_a_crash_before_the_row_knew_of_its_clip_cuts_it_again(scene):
    found, path = cut(scene)
    other = scene.store.incidents.write(replace(found, status=IncidentStatus.PENDING, clip_bytes=None))
    assert other is not None
    left = path.parent / f".{path.name}.abc.part"
    left.write_bytes(b"half")
    folder = path.parent / f".{path.name}.xyz.part"
    folder.mkdir()
    (folder / "0.mp4").write_bytes(b"half")
    scene.cutter.begin()
    assert list(path.parent.iterdir()) == []
    found, path = scene.cut(other)
    assert (found.status, path.exists()) == (IncidentStatus.EXTRACTED, True)


def test_a_clip_that_is_gone_or_cut_short_is_cut_again(scene):
    found, path = cut(scene, deliver=True)
    for spoil in (path.unlink, lambda: os.truncate(path, 100)):
        spoil()
        scene.cutter.begin()
        assert scene.now(found).status == IncidentStatus.PENDING
        assert scene.cut(found)[0].has_clip
    sending = scene.store.incidents.write(scene.now(found).uploading())
    path.unlink()
    scene.cutter.begin()
    assert scene.now(sending).status == IncidentStatus.PENDING


def test_what_is_delivered_needs_no_clip_any_more(scene):
    found, path = cut(scene, deliver=True)
    done = deliver(scene, found)
    path.unlink()
    scene.cutter.begin()
    assert scene.now(done) == replace(done, clip_bytes=None, revision=done.revision + 1)


def test_a_clip_nobody_knows_stays_a_day_and_goes(scene):
    _, path = cut(scene)
    stray = path.with_name("stray.mp4")
    foreign = path.with_name("notes.txt")
    for file in (stray, foreign):
        file.write_bytes(b"x")
        os.utime(file, ns=(scene.clock.at_us * 1000,) * 2)
    scene.cutter.begin()
    assert stray.exists()
    scene.clock.at_us += DAY + S
    scene.cutter.begin()
    assert (stray.exists(), foreign.exists(), path.exists()) == (False, True, True)


def test_a_clip_that_is_deleted_while_it_is_looked_at_is_no_error(scene, monkeypatch):
    _, path = cut(scene)
    seen = tidy._entries(path.parent)
    path.unlink()
    monkeypatch.setattr(tidy, "_entries", lambda _folder: seen)
    scene.cutter.begin()


def test_a_delivered_clip_goes_at_once_or_when_its_days_are_over(scene):
    found, path = cut(scene, deliver=True)
    done = deliver(scene, found)
    keep(scene, keep_delivered_days=2)
    scene.clock.at_us += DAY
    scene.cutter.turn()
    assert path.exists()
    keep(scene)
    scene.clock.at_us += DAY
    scene.cutter.turn()
    assert not path.exists()
    assert not scene.now(done).has_clip
    assert scene.now(done).status == IncidentStatus.UPLOADED


def test_ended_incidents_are_forgotten_and_open_ones_never(scene):
    ended, path = cut(scene)
    waits, its_path = cut(scene, deliver=True)
    scene.clock.at_us += 29 * DAY
    scene.cutter.turn()
    assert path.exists()
    scene.clock.at_us += 2 * DAY
    tidy.let_go(scene.store, scene.made.settings.system, scene.clock.at_us)
    assert scene.store.incidents.get(ended.id) is None
    assert not path.exists()
    assert (scene.now(waits), its_path.exists()) == (waits, True)


def test_a_failed_one_is_forgotten_too(scene):
    incident = scene.report(-50, -40)
    assert scene.cut(incident)[0].status == IncidentStatus.FAILED
    scene.clock.at_us += 31 * DAY
    scene.cutter.turn()
    assert scene.store.incidents.get(incident.id) is None
