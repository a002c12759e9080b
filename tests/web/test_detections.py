"""Streams, detections and alerts over HTTP."""

import base64

import pytest

from pynvr.model.box import Box
from pynvr.store.detections import Detection
from tests.web.client import HOST
from tests.web.making import NOW_US, make_site

CAMERAS = (
    {
        "id": "gate",
        "url": "rtsp://admin:camera-secret@192.0.2.10/1",
        "name": "Gate",
        "detect": {"faces": {"enabled": True, "confidence_threshold": 0.6}, "motion": {"cooldown_seconds": 5}},
    },
    {"id": "yard", "url": "rtsp://192.0.2.11/1"},
)
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
S = 1_000_000


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path, cameras=CAMERAS).follow_file()


@pytest.fixture
def admin(made):
    return made.as_admin()


def report(client, at_us=NOW_US, **changes):
    given = {"stream": "gate", "timestamp": at_us / S, "confidence_score": 0.7, "kind": "face", **changes}
    return client.post("/api/detections/", given)


@pytest.mark.parametrize("slash", ["/", ""])
def test_cameras_are_streams_with_and_without_the_last_slash(made, slash):
    answer = made.as_viewer().get(f"/api/streams{slash}").json
    assert answer["total"] == 2
    gate = answer["streams"][0]
    assert gate == made.as_viewer().get(f"/api/streams/gate{slash}").json
    assert (gate["id"], gate["name"], gate["status"]) == ("gate", "Gate", "PyNVR not running")
    assert (gate["detection_enabled"], gate["confidence_threshold"]) == (True, 0.6)
    assert gate["rtsp_url"] == "rtsp://admin:***@192.0.2.10/1"
    assert gate["ws_url"] == f"ws://{HOST}/ws/stream/?camera=gate"
    assert made.as_viewer().get("/api/streams/nobody/").status == 404


def test_where_a_stream_is_watched_is_told_by_a_trusted_proxy_alone(tmp_path):
    made = make_site(tmp_path, system={"server": {"trusted_proxies": ["192.0.2.7"]}})
    said = {"X-Forwarded-Host": "inner.example, nvr.example", "X-Forwarded-Proto": "https"}

    def told(client, **more):
        return client.get("/api/streams/gate/", **more).json["ws_url"]

    assert told(made.as_viewer(), headers=said) == "wss://nvr.example/ws/stream/?camera=gate"
    foreign = {"REMOTE_ADDR": "192.0.2.8"}
    assert told(made.as_viewer(), headers=said, environ=foreign) == f"ws://{HOST}/ws/stream/?camera=gate"
    assert told(made.as_viewer(), headers={"Host": None}) == "/ws/stream/?camera=gate"


def test_a_stream_is_added_changed_and_removed_in_the_file(made, admin):
    added = admin.post(
        "/api/streams/", {"name": "Back door", "rtsp_url": "rtsp://192.0.2.9/", "detection_enabled": True}
    )
    assert (added.status, added.json["id"]) == (201, "back-door")
    assert admin.get(added.header("Location")).json == added.json
    assert made.in_file("back-door")["detect"] == {"faces": {"enabled": True}}
    changed = admin.patch("/api/streams/gate/", {"confidence_threshold": 0.9, "description": "north"}).json
    assert (changed["confidence_threshold"], changed["description"]) == (0.9, "north")
    gate = made.in_file("gate")
    assert gate["detect"]["faces"] == {"enabled": True, "confidence_threshold": 0.9}
    assert gate["detect"]["motion"] == {"cooldown_seconds": 5}
    assert gate["url"] == CAMERAS[0]["url"]
    assert admin.delete("/api/streams/back-door/").status == 204
    assert admin.get("/api/streams/back-door/").status == 404


def test_what_is_wrong_with_a_stream_is_said_and_nothing_is_written(made, admin):
    before = made.settings.path.read_text()
    assert admin.patch("/api/streams/gate/", {"confidence_threshold": 7}).status == 422
    assert admin.patch("/api/streams/gate/", {"treshold": 0.5}).status == 400
    assert admin.post("/api/streams/", {"name": "x"}).status == 422
    assert made.settings.path.read_text() == before


def test_a_stream_is_paused_and_resumed_by_its_switch_in_the_file(made, admin):
    assert admin.patch("/api/streams/gate/status/", {"action": "pause"}).json["status"] == "disabled"
    assert made.in_file("gate")["enabled"] is False
    for action in ("resume", "start"):
        assert admin.patch("/api/streams/gate/status", {"action": action}).status == 200
        assert made.in_file("gate")["enabled"] is True
    assert admin.patch("/api/streams/gate/status/", {"action": "explode"}).status == 400
    assert admin.patch("/api/streams/nobody/status/", {"action": "pause"}).status == 404
    assert made.as_viewer().patch("/api/streams/gate/status/", {"action": "pause"}).status == 403


def test_a_script_reports_what_it_saw_with_its_picture(made, admin):
    box = {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}
    answer = report(admin, box=box, image=base64.b64encode(JPEG).decode())
    assert answer.status == 201, answer.json
    found = made.as_viewer().get(f"/api/detections/{answer.json['id']}/").json
    assert (found["stream"], found["kind"], found["confidence_score"], found["box"]) == ("gate", "face", 0.7, box)
    assert (found["time"], found["timestamp"]) == (NOW_US / S, "2026-03-10T12:00:00.000+00:00")
    assert found["made_by"] == "admin"
    picture = made.as_viewer().get(found["image_path"])
    assert (picture.body, picture.header("Content-Type")) == (JPEG, "image/jpeg")
    assert admin.delete(f"/api/detections/{answer.json['id']}/").status == 204
    assert list(made.settings.system.jpg_cache_dir.rglob("*.jpg")) == []
    assert admin.get(found["image_path"]).status == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"stream": "nobody"}, 404),
        ({"stream": 5}, 400),
        ({"confidence_score": 1.5}, 400),
        ({"confidence_score": True}, 400),
        ({"timestamp": "yesterday"}, 400),
        ({"kind": "../face"}, 400),
        ({"box": {"x": 0}}, 400),
        ({"box": {"x": 0, "y": 0, "width": 3, "height": 1}}, 400),
        ({"image": "not base64!"}, 400),
        ({"image": base64.b64encode(b"<svg>").decode()}, 400),
        ({"colour": "red"}, 400),
    ],
)
def test_what_a_script_reports_wrongly_is_refused_and_leaves_nothing(made, admin, wrong, status):
    assert report(admin, **wrong).status == status
    assert admin.get("/api/detections/").json["total"] == 0
    assert not list(made.settings.system.jpg_cache_dir.rglob("*.jpg"))


def test_an_alert_follows_from_the_threshold_on_once_in_a_cooldown(admin):
    assert report(admin, confidence_score=0.59).json["alert"] is None
    first = report(admin, NOW_US + S).json
    assert first["alert"] is not None
    assert report(admin, NOW_US + 20 * S).json["alert"] is None
    assert report(admin, NOW_US + 31 * S).json["alert"] is not None
    assert report(admin, NOW_US + 2 * S, kind="motion", confidence_score=0.79).json["alert"] is None
    assert report(admin, NOW_US + 2 * S, kind="motion", confidence_score=0.8).json["alert"] is not None
    assert report(admin, NOW_US + 8 * S, kind="motion", confidence_score=0.8).json["alert"] is not None


def test_alerts_are_listed_marked_as_viewed_and_deleted(made, admin):
    stored = made.site.store.detections.add(Detection(0, "gate", NOW_US, "face", 0.9, Box(0, 0, 0.5, 0.5)))
    alert = made.site.store.alerts.follow(stored, 1)
    viewer = made.as_viewer()
    listed = viewer.get("/api/alerts/?viewed=false").json
    assert listed["total"] == 1
    assert (listed["alerts"][0]["id"], listed["alerts"][0]["detection"]) == (alert.id, stored.id)
    assert viewer.patch(f"/api/alerts/{alert.id}/", {"viewed": True}).status == 403
    assert admin.patch(f"/api/alerts/{alert.id}/", {"viewed": True}).json["viewed"] is True
    assert viewer.get("/api/alerts?viewed=false").json["total"] == 0
    assert viewer.get("/api/alerts?viewed=maybe").status == 400
    assert admin.patch(f"/api/alerts/{alert.id}/", {"viewed": "yes"}).status == 400
    assert admin.delete(f"/api/alerts/{alert.id}/").status == 204
    assert admin.get(f"/api/alerts/{alert.id}/").status == 404
    assert viewer.get(f"/api/detections/{stored.id}/").status == 200


def test_lists_take_what_they_say(made, admin):
    for number in range(5):
        report(admin, NOW_US + number * S, stream=("gate", "yard")[number % 2], confidence_score=number / 10)
    viewer = made.as_viewer()

    def times(query):
        found = viewer.get(f"/api/detections/?{query}").json
        return [round(one["time"] - NOW_US / S) for one in found["detections"]]

    assert times("") == [4, 3, 2, 1, 0]
    assert times("camera_ids=yard") == [3, 1]
    assert times("limit=2&offset=1") == [3, 2]
    assert times("confidence=0.3") == [4, 3]
    assert times(f"from={NOW_US / S + 1}&to={NOW_US / S + 3}") == [2, 1]
    assert viewer.get("/api/detections/?confidence=2").status == 400
    assert viewer.get("/api/detections/?kind=A/B").status == 400
    assert viewer.get("/api/detections/?camera_ids=nobody").status == 404


def alerts_of(made, *moments):
    """One alert of each (instant, kind, camera); gives their ids."""
    stored = [made.site.store.detections.add(Detection(0, camera, at_us, kind, 0.9)) for at_us, kind, camera in moments]
    return [made.site.store.alerts.follow(one, 1).id for one in stored]


def test_all_up_to_one_are_marked_and_those_since_are_not(made, admin):
    ids = alerts_of(made, *((NOW_US + n * S, "face", ("gate", "yard")[n % 2]) for n in range(4)))
    assert made.as_viewer().post("/api/alerts/viewed/", {"newest": ids[2]}).status == 403
    assert admin.post("/api/alerts/viewed", {"newest": ids[2], "camera_ids": ["gate"]}).json == {"changed": 2}
    assert admin.post("/api/alerts/viewed/", {"newest": ids[2], "kind": "motion"}).json == {"changed": 0}
    assert admin.post("/api/alerts/viewed/", {"newest": ids[2]}).json == {"changed": 1}
    assert [one["id"] for one in admin.get("/api/alerts/?viewed=false").json["alerts"]] == [ids[3]]
    for wrong in (
        {},
        {"newest": "all"},
        {"newest": True},
        {"newest": 1, "camera_ids": "gate"},
        {"newest": 1, "kind": 5},
    ):
        assert admin.post("/api/alerts/viewed/", wrong).status == 400, wrong
    assert admin.post("/api/alerts/viewed/", {"newest": 1, "camera_ids": ["nobody"]}).status == 404


def test_the_next_alert_is_the_first_of_those_after_it(made, admin):
    ids = alerts_of(made, *((NOW_US + n * S, "face", "gate") for n in range(3)))
    after = f"from={NOW_US / S + 0.5}&limit=1"
    assert [one["id"] for one in admin.get(f"/api/alerts/?{after}&order=oldest").json["alerts"]] == [ids[1]]
    assert [one["id"] for one in admin.get(f"/api/alerts/?{after}").json["alerts"]] == [ids[2]]
    assert admin.get("/api/alerts/?order=random").status == 400


def test_the_time_axis_shows_what_was_seen(made, admin):
    alerts_of(made, (NOW_US, "face", "gate"), (NOW_US + 2 * S, "face", "gate"), (NOW_US + 4 * S, "motion", "gate"))
    viewer = made.as_viewer()

    def axis(resolution, camera="gate"):
        query = f"camera_ids=gate,yard&from={NOW_US / S - 60}&to={NOW_US / S + 60}&resolution={resolution}"
        return viewer.get(f"/api/1/timeline?{query}").json["payload"]["cameras"][camera]

    fine = axis(1)
    assert [(one["kind"], round(one["start"] - NOW_US / S), one["viewed"]) for one in fine["alerts"]] == [
        ("face", 0, False),
        ("face", 2, False),
        ("motion", 4, False),
    ]
    assert [[round(start - NOW_US / S), round(end - NOW_US / S), kind] for start, end, kind in fine["detections"]] == [
        [0, 2, "face"],
        [4, 4, "motion"],
    ]
    assert (axis(1, "yard")["alerts"], axis(1, "yard")["detections"]) == ([], [])
    coarse = axis(60)
    assert [one["kind"] for one in coarse["alerts"]] == ["face", "motion"]
    assert coarse["detections"] == []
    # One that somebody has to look at isn't hidden by one that was looked at.
    first = fine["alerts"][0]["id"]
    assert admin.patch(f"/api/alerts/{first}/", {"viewed": True}).status == 200
    assert [one["viewed"] for one in axis(60)["alerts"]] == [False, False]
