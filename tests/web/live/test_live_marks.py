"""What is detected, told to those who watch: by a detector and a database that the test plays."""

import json
import threading
from contextlib import contextmanager

import pytest

from pynvr.archive.looks import Look, LooksWriter
from pynvr.model.box import Box
from pynvr.playback.live import Live
from pynvr.playback.live_items import Form
from pynvr.store.detections import Detection
from pynvr.web.live.channel import Channel
from pynvr.web.live.marks import Marks
from tests.starved import without_threads
from tests.waiting import wait_until
from tests.web.live.watching import texts, watch
from tests.web.making import NOW_US, make_site
from tests.web.serving import serving

PLACE = Box(0.25, 0.5, 0.1, 0.2)
CAMERAS = tuple({"id": name, "url": f"rtsp://192.0.2.10/{name}"} for name in ("gate", "yard"))


@pytest.fixture
def made(tmp_path):
    site = make_site(tmp_path, cameras=CAMERAS)
    site.settings.system.run_dir.mkdir()
    return site


@pytest.fixture
def site(made):
    with serving(made.app) as running:
        yield running


def viewing(made, site, path):
    return watch(site.port, path, "", headers={"Authorization": f"Bearer {made.tokens['viewer']}"}, origin=None)


@contextmanager
def looking(made, *cameras, kind="motion", seen=((0.9, PLACE),), took_us=4000):
    """A detector that sees this again and again while the `with` lasts, in the gate's pictures or these cameras'."""
    over = threading.Event()
    writer = LooksWriter(made.settings.system.run_dir)

    def look():
        number = 0
        while not over.wait(0.03):
            for camera in cameras or ("gate",):
                writer.append(Look(camera, kind, NOW_US + number, took_us, seen))
            number += 1

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        writer.close()


def alert(made, camera="gate", kind="face", at_us=NOW_US):
    stored = made.store.detections.add(Detection(0, camera, at_us, kind, 0.93, PLACE))
    return made.store.alerts.follow(stored, 0)


def subscribed(viewer, *cameras):
    for camera in cameras:
        viewer.send(json.dumps({"type": "subscribe", "camera": camera}))


def test_motion_is_told_with_its_place_and_time_and_once_more_when_it_is_over(made, site):
    with viewing(made, site, "/ws/stream/?camera=gate") as viewer:
        with looking(made):
            found = next(texts(viewer, "motion"))
        assert found == {
            "type": "motion",
            "camera": "gate",
            "kind": "motion",
            "time": found["time"],
            "boxes": [{"x": 0.25, "y": 0.5, "width": 0.1, "height": 0.2, "confidence": 0.9}],
        }
        assert NOW_US <= round(found["time"] * 1e6) < NOW_US + 1000
        with looking(made, seen=()):
            over = next(one for one in texts(viewer, "motion") if not one["boxes"])
            # Of an empty scene nothing more is said, whatever is looked at.
            figures(made, viewer)
            made.clock.move(3)
            said = [json.loads(one) for one in until_figures(viewer)]
        assert over["camera"] == "gate"
        assert {one["type"] for one in said} <= {"performance_stats", "system_status"}


def test_what_other_detectors_see_has_its_kind(made, site):
    with viewing(made, site, "/ws/stream/?camera=gate") as viewer, looking(made, kind="face"):
        assert next(texts(viewer, "seen"))["kind"] == "face"


def test_figures_of_detection_are_the_detectors_own(made, site):
    with viewing(made, site, "/ws/stream/?camera=gate") as viewer:
        with looking(made, took_us=42_000):
            next(texts(viewer, "motion"))
            for _ in range(3):
                made.store.detections.add(Detection(0, "gate", NOW_US, "motion", 0.9))
            made.store.detections.add(Detection(0, "yard", NOW_US, "motion", 0.9))
            wait_until(lambda: figures(made, viewer)["total_detections"] == 3, 60, "the detections to be counted")
            assert figures(made, viewer)["avg_detection_time"] == 42.0
        # What was written last may be read late, but then no more comes.
        wait_until(lambda: figures(made, viewer, 100)["avg_detection_time"] == 0, 60, "old looks to be forgotten")


def until_figures(viewer):
    """The texts up to the next figures."""
    for message in viewer:
        if isinstance(message, str):
            yield message
            if '"performance_stats"' in message:
                return


def figures(made, viewer, after_s=3):
    made.clock.move(after_s)
    return next(texts(viewer, "performance_stats"))


def test_an_alert_of_a_face_is_told_to_who_watches_this_camera(made, site):
    with viewing(made, site, "/ws/stream/?camera=gate") as viewer:
        with looking(made):
            motions = texts(viewer, "motion")
            next(motions), next(motions)
        alert(made, camera="yard")
        mine = alert(made)
        found = next(texts(viewer, "face_alert"))
        assert found["camera_name"] == "gate"
        assert (found["camera"], found["id"], found["kind"]) == ("gate", mine.id, "face")
        assert (found["time"], found["confidence_score"], found["viewed"]) == (NOW_US / 1e6, 0.93, False)
        assert found["box"] == PLACE._asdict()
        alert(made, kind="motion", at_us=NOW_US + 1)
        assert next(texts(viewer, "alert"))["kind"] == "motion"


def test_a_page_is_told_the_alerts_of_all_cameras_once_and_how_many_nobody_has_seen(made, site):
    first = alert(made)
    with viewing(made, site, "/ws/live") as viewer:
        viewer.send('{"type": "alerts"}')
        counts = texts(viewer, "alerts")
        assert next(counts) == {"type": "alerts", "unviewed": 1}
        subscribed(viewer, "gate")
        made.store.alerts.mark(first.id, True)
        assert next(counts)["unviewed"] == 0
        alert(made, camera="yard", at_us=NOW_US + 1)
        alert(made, camera="gate", at_us=NOW_US + 2)
        told = []
        for message in viewer:
            found = json.loads(message) if isinstance(message, str) else {"type": ""}
            told += [found["camera"]] if found["type"] == "face_alert" else []
            if found["type"] == "alerts" and found["unviewed"] == 2:
                break
        assert told == ["yard", "gate"]


def test_how_many_nobody_has_seen_is_said_again_so_that_the_page_knows_its_line(made, site):
    with viewing(made, site, "/ws/live") as viewer:
        viewer.send('{"type": "alerts"}')
        counts = texts(viewer, "alerts")
        assert next(counts)["unviewed"] == 0
        made.clock.move(11)
        assert next(counts)["unviewed"] == 0


def test_without_the_wish_for_all_alerts_a_page_is_told_those_of_its_cameras(made, site):
    with viewing(made, site, "/ws/live") as viewer:
        subscribed(viewer, "yard")
        with looking(made, "yard"):
            motions = texts(viewer, "motion")
            assert next(motions)["camera"] == next(motions)["camera"] == "yard"
        alert(made, camera="gate")
        alert(made, camera="yard", at_us=NOW_US + 7)
        assert next(texts(viewer, "face_alert"))["camera"] == "yard"


def test_who_has_paused_is_told_alerts_but_not_what_moves(made, site):
    with viewing(made, site, "/ws/live") as viewer:
        subscribed(viewer, "gate", "yard")
        viewer.send('{"type": "pause", "camera": "gate"}')
        assert next(one for one in texts(viewer, "system_status") if one["camera"] == "yard")
        with looking(made, "gate", "yard"):
            motions = texts(viewer, "motion")
            assert {next(motions)["camera"] for _ in range(3)} == {"yard"}
        alert(made, camera="gate")
        assert next(texts(viewer, "face_alert"))["camera"] == "gate"


def test_nothing_looks_for_marks_when_nobody_watches(made, site):
    def running():
        return [one.name for one in threading.enumerate() if one.name == "live marks"]

    with viewing(made, site, "/ws/live") as viewer, viewing(made, site, "/ws/stream/?camera=gate"):
        viewer.send('{"type": "alerts"}')
        next(texts(viewer, "alerts"))
        wait_until(lambda: running() == ["live marks"], 60, "one thread for both")
    wait_until(lambda: not running(), 60, "the thread to end")


def test_a_viewer_whose_camera_can_not_be_read_is_told_nothing_more(made, monkeypatch):
    """Its waker is gone by then: the number of that descriptor may be another's."""
    marks, woken = Marks(made.site), []
    other = marks.watch("gate", lambda: None)
    live = Live(made.site.settings, made.site.clock)
    with without_threads(monkeypatch), pytest.raises(RuntimeError):
        Channel(made.site, live, "gate", Form(), lambda: woken.append(1), marks=marks, framed=False)
    with looking(made):
        wait_until(other.take, what="the other one is told")
    assert woken == []
    other.close()


def test_marks_that_no_thread_could_be_started_for_are_told_to_the_next(made, monkeypatch):
    marks = Marks(made.site)
    with without_threads(monkeypatch), pytest.raises(RuntimeError):
        marks.watch("gate", lambda: None)
    view = marks.watch("gate", lambda: None)
    with looking(made):
        wait_until(view.take, what="it is told")
    view.close()
