"""What was recorded, as version 1 of the interface tells of it."""

import base64
from zoneinfo import ZoneInfo

import pytest

from pynvr.model.cause import STOPPED, Cause, Transition
from pynvr.model.incident import Incident
from pynvr.model.segment import Segment
from pynvr.model.stamp import stamp_of, stamp_start_us
from pynvr.model.status import CameraStatus, ProgramStatus, Status
from pynvr.store.deletions import DeletedSpan
from tests.web.making import NOW_US, SetClock, make_site

S = 1_000_000
MINUTE = 60 * S
ZONE = ZoneInfo("Europe/Berlin")
NOW = NOW_US / S
CAMERAS = (
    {"id": "gate", "url": "rtsp://192.0.2.10/1", "name": "Gate"},
    {"id": "yard", "url": "rtsp://192.0.2.11/1"},
    {"id": "shed", "url": "rtsp://192.0.2.12/1", "enabled": False},
)


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path, cameras=CAMERAS)


@pytest.fixture
def viewer(made):
    return made.token_viewer()


def record(made, camera_id, at_us, minutes=1, activity=bytes(60), **facts):
    """Whole minutes from `at_us` on."""
    for number in range(minutes):
        start_us = at_us + number * MINUTE
        given = {"frames": 1500, "file_bytes": 1000, "codec": "h264", "width": 640, "height": 360, **facts}
        stamp = given.pop("stamp", stamp_of(start_us, ZONE))
        made.store.segments.add(
            Segment(camera_id, stamp, start_us, start_us + MINUTE, f"/v/{camera_id}", activity=activity, **given)
        )


def tell(made, camera_id, *causes):
    transitions = [Transition(camera_id, at_us, cause, detail) for at_us, cause, detail in causes]
    made.store.causes.ingest(transitions, "test", 1)


def status(made, *cameras, state="running"):
    made.status = Status(
        ProgramStatus("PyNVR", "0", state, 7, 1, NOW_US - 2 * S, "/nvr.json"),
        cameras=tuple(
            CameraStatus(name, name, True, "waiting" if cause else "recording", cause, detail, NOW_US - 5 * S)
            for name, cause, detail in cameras
        ),
    )


def test_the_system_runs_while_every_wanted_camera_is_recorded(made, viewer):
    status(made, ("gate", "", ""), ("yard", "", ""))
    answer = viewer.get("/api/1/system.json")
    assert answer.payload == {"status": "running", "cameras": {"gate": True, "yard": True}}
    assert answer.json["date"] == "2026-03-10T13:00:00"
    assert set(answer.json["system"]) == {"name", "version"}
    status(made, ("gate", "", ""), ("yard", "unreachable", "no answer"))
    assert viewer.get("/api/1/system.json").payload == {"status": "error", "cameras": {"gate": True, "yard": False}}


def test_who_has_nothing_to_record_now_is_told_apart_from_who_is_in_trouble(made, viewer):
    status(made, ("gate", "", ""), ("yard", "schedule", ""))
    expected = {"status": "running", "cameras": {"gate": True, "yard": False}, "resting": ["yard"]}
    assert viewer.get("/api/1/system.json").payload == expected
    status(made, ("gate", "stalled", ""), ("yard", "disabled", 'record.mode is "never"'))
    expected = {"status": "error", "cameras": {"gate": False, "yard": False}, "resting": ["yard"]}
    assert viewer.get("/api/1/system.json").payload == expected


@pytest.mark.parametrize("written_s_ago", [31, 1e6])
def test_a_master_that_says_nothing_records_nothing(made, viewer, written_s_ago):
    status(made, ("gate", "", ""), ("yard", "", ""))
    made.clock.move(written_s_ago)
    assert viewer.get("/api/1/system.json").payload == {"status": "error", "cameras": {"gate": False, "yard": False}}


def test_enabled_cameras_are_listed_and_removed_ones_flagged(made, viewer):
    record(made, "barn", NOW_US - MINUTE)
    assert viewer.get("/api/1/cameras.json").payload == {"cameras": ["gate", "yard"], "removed": ["barn"]}


def test_a_day_lists_its_stamps_with_the_cameras_that_have_just_them(made, viewer):
    noon_us = stamp_start_us("20260310.1200", ZONE)
    record(made, "gate", noon_us, 3)
    record(made, "yard", noon_us + MINUTE)
    record(made, "yard", noon_us + MINUTE + 30 * S, stamp="20260310.120130")
    record(made, "barn", noon_us + 9 * MINUTE)
    record(made, "gate", noon_us - 86_400 * S)
    payload = viewer.get("/api/1/cameras/20260310").payload
    assert payload == {
        "min": "20260310.1200",
        "max": "20260310.1209",
        "camera_ids": ["gate", "yard", "barn"],
        "dates": {
            "20260310.1200": ["gate"],
            "20260310.1201": ["gate", "yard"],
            "20260310.120130": ["yard"],
            "20260310.1202": ["gate"],
            "20260310.1209": ["barn"],
        },
    }
    only = viewer.get("/api/1/cameras/20260310?camera_ids=yard,yard").payload
    assert (only["camera_ids"], only["min"], only["max"]) == (["yard"], "20260310.1201", "20260310.120130")


def test_a_day_without_recordings_is_empty(viewer):
    assert viewer.get("/api/1/cameras/20200101").payload == {
        "min": None,
        "max": None,
        "camera_ids": ["gate", "yard"],
        "dates": {},
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/1/cameras/20260230", 400),
        ("/api/1/cameras/00000000", 400),
        ("/api/1/cameras/20260310?camera_ids=nobody", 404),
        ("/api/1/cameras/20260310?camera_ids=a/b", 400),
        ("/api/1/cameras/2026031", 404),
        ("/api/1/camera/nobody.json", 404),
        ("/api/1/camera/nobody/segments?from=1&to=2", 404),
        ("/api/1/camera/gate/segments?from=2&to=1", 400),
        ("/api/1/camera/gate/segments", 400),
        ("/api/1/camera/gate/segments?from=1&to=2&limit=99999", 400),
        ("/api/1/camera/gate/segments?from=1&to=2&cursor=x", 400),
        ("/api/1/timeline?from=1", 400),
        ("/api/1/timeline?from=5&to=5", 400),
        ("/api/1/timeline?from=9&to=5", 400),
        ("/api/1/timeline?from=5&to=9&camera_ids=nobody", 404),
        ("/api/1/timeline?from=5&to=9&resolution=0.5", 400),
        ("/api/1/timeline?from=5&to=9&resolution=nan", 400),
        ("/api/1/timeline?from=5&to=9&resolution=-60", 400),
        ("/api/1/timeline?from=5&to=9&resolution=inf", 400),
        ("/api/1/timeline?from=5&to=9&encoding=hex", 400),
        ("/api/1/timeline?from=1000000000&to=1100000000&resolution=1", 400),
        ("/api/1/timeline?from=1&to=1100000000", 400),
        ("/api/1/coverage?from=9&to=5", 400),
        ("/api/1/coverage?from=5&to=9&by=week", 400),
        ("/api/1/keeps?limit=0", 400),
        ("/api/1/keeps?offset=-1", 400),
        ("/api/1/tags?limit=x", 400),
        ("/api/1/tags?camera_ids=nobody", 404),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(viewer, path, expected):
    answer = viewer.get(path)
    assert answer.status == expected
    assert answer.json["error"]["message"]


def test_the_night_that_repeats_an_hour_has_both_of_them_in_order(tmp_path):
    clock = SetClock(stamp_start_us("20261026.0000", ZONE))
    made = make_site(tmp_path, cameras=CAMERAS, clock=clock)
    first_us = stamp_start_us("20261025.0258", ZONE)
    record(made, "gate", first_us, 64)
    stamps = list(made.token_viewer().get("/api/1/cameras/20261025?camera_ids=gate").payload["dates"])
    assert stamps[:3] == ["20261025.0258", "20261025.0259", "20261025.0200b"]
    assert stamps[-3:] == ["20261025.0259b", "20261025.0300", "20261025.0301"]
    days = made.token_viewer().get("/api/1/coverage?from=20261024.0000&to=20261026.0000&by=day&camera_ids=gate")
    one, two = days.payload["cameras"]["gate"]["days"]
    assert (one["day"], one["end"] - one["start"]) == ("20261024", 24 * 3600)
    assert (two["day"], two["end"] - two["start"]) == ("20261025", 25 * 3600)
    assert two["sums"] == {"unknown": 25 * 3600 - 64 * 60, "recorded": 64 * 60}


def test_the_day_that_lacks_an_hour_has_23(tmp_path):
    made = make_site(tmp_path, cameras=CAMERAS, clock=SetClock(stamp_start_us("20260331.0000", ZONE)))
    days = made.token_viewer().get("/api/1/coverage?from=20260329.0000&to=20260330.0000&by=day&camera_ids=gate")
    (day,) = days.payload["cameras"]["gate"]["days"]
    assert (day["end"] - day["start"], day["sums"]) == (23 * 3600, {"unknown": 23 * 3600})


def test_of_each_day_it_is_told_how_long_it_was_stopped_in_order(made, viewer):
    def known(minutes, cause, detail=""):
        return NOW_US - minutes * MINUTE, cause, detail

    killed = known(40, Cause.NOT_RUNNING, "PyNVR was not running")
    tell(made, "gate", known(60, Cause.NOT_RUNNING, STOPPED), killed, known(10, Cause.UNREACHABLE))
    path = f"/api/1/coverage?camera_ids=gate&from={NOW - 3600}&to={NOW}"
    gate = viewer.get(f"{path}&by=day").payload["cameras"]["gate"]
    assert (gate["sums"]["PyNVR not running"], gate["stopped"]) == (3000, 1200)
    assert sum(day["stopped"] for day in gate["days"]) == 1200
    assert viewer.get(path).payload["cameras"]["gate"]["stopped"] == 1200


def test_a_camera_tells_its_days_and_ranges(made, viewer):
    record(made, "gate", NOW_US - 10 * MINUTE, 3)
    record(made, "gate", NOW_US - 5 * MINUTE, 2)
    record(made, "gate", NOW_US - 86_400 * S - 5 * MINUTE)
    status(made, ("gate", "refused", "401: wrong user or password"))
    payload = viewer.get("/api/1/camera/gate.json").payload
    assert (payload["status"], payload["detail"]) == ("refused", "401: wrong user or password")
    assert payload["days"] == ["20260309", "20260310"]
    assert payload["ranges"] == [
        [NOW - 86_400 - 300, NOW - 86_400 - 240],
        [NOW - 600, NOW - 420],
        [NOW - 300, NOW - 180],
    ]
    assert (payload["first"], payload["last"], payload["bytes"]) == (NOW - 86_400 - 300, NOW - 180, 6000)


def test_cameras_that_left_the_configuration_and_that_have_nothing_are_told_too(made, viewer):
    record(made, "barn", NOW_US - MINUTE)
    barn = viewer.get("/api/1/camera/barn.json").payload
    assert (barn["removed"], barn["enabled"], barn["status"], barn["name"]) == (True, False, "removed", "barn")
    shed = viewer.get("/api/1/camera/shed.json").payload
    assert (shed["removed"], shed["status"]) == (False, "disabled")
    assert (shed["days"], shed["ranges"], shed["first"], shed["last"], shed["bytes"]) == ([], [], None, None, 0)


def test_segments_come_in_pages_that_miss_none(made, viewer):
    record(made, "gate", NOW_US - 10 * MINUTE, 7, audio_codec="aac")
    path = f"/api/1/camera/gate/segments?from={NOW - 600}&to={NOW}&limit=3"
    found, cursor = [], ""
    while True:
        page = viewer.get(path + cursor).payload
        found += page["segments"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert [segment["start"] for segment in found] == [NOW - 600 + 60 * number for number in range(7)]
    assert found[0] == {
        "stamp": "20260310.1250",
        "start": NOW - 600,
        "end": NOW - 540,
        "frames": 1500,
        "bytes": 1000,
        "codec": "h264",
        "width": 640,
        "height": 360,
        "audio": "aac",
        "growing": False,
    }
    assert viewer.get(f"/api/1/camera/gate/segments?from={NOW - 560}&to={NOW - 550}").payload["segments"] == found[:1]


def test_the_time_axis_shows_spans_gaps_activity_keeps_and_tags(made, viewer):
    record(made, "gate", NOW_US - 10 * MINUTE, 3, activity=bytes([0] * 30 + [254] + [0] * 29))
    record(made, "gate", NOW_US - 6 * MINUTE, 2)
    tell(made, "gate", (NOW_US - 7 * MINUTE, Cause.UNREACHABLE, "no answer"), (NOW_US - 6 * MINUTE, Cause.RECORDED, ""),
         (NOW_US - 4 * MINUTE, Cause.DISABLED, ""))  # fmt: skip
    keep = made.store.keeps.add("gate", NOW_US - 9 * MINUTE, NOW_US, reason="fox", made_by="anna", now_us=NOW_US)
    tag = made.store.tags.add("gate", NOW_US - MINUTE, NOW_US - MINUTE, label="fox", made_by="", now_us=NOW_US)
    payload = viewer.get(f"/api/1/timeline?camera_ids=gate&from={NOW - 660}&to={NOW + 60}&resolution=60").payload
    gate = payload["cameras"]["gate"]
    assert (payload["from"], payload["to"], payload["now"], payload["resolution"]) == (NOW - 660, NOW + 60, NOW, 60)
    assert payload["timezone"] == "Europe/Berlin"
    assert gate["spans"] == [[NOW - 600, NOW - 420], [NOW - 360, NOW - 240]]
    assert gate["gaps"] == [
        [NOW - 660, NOW - 600, "unknown", ""],
        [NOW - 420, NOW - 360, "unreachable", "no answer"],
        [NOW - 240, NOW, "disabled", ""],
    ]
    assert gate["activity"] == [None, 1, 1, 1, None, 0, 0, None, None, None, None, None]
    assert [kept["id"] for kept in gate["keeps"]] == [keep.id]
    assert (gate["tags"][0]["id"], gate["tags"][0]["label"]) == (tag.id, "fox")
    packed = viewer.get(
        f"/api/1/timeline?camera_ids=gate&from={NOW - 660}&to={NOW + 60}&resolution=60&encoding=base64"
    ).payload["cameras"]["gate"]["activity"]
    assert base64.b64decode(packed) == bytes([255, 254, 254, 254, 255, 0, 0, *[255] * 5])


def test_the_time_axis_shows_incidents_with_what_their_clips_hold(made, viewer):
    def reported(camera_id, at_s):
        reports = Incident(camera_id, round(at_s * 1e6), 5_000_000, 8_000_000, f"{camera_id}-{round(at_s)}", NOW_US)
        return made.store.incidents.add(reports)

    one = reported("gate", NOW - 60.5)
    for camera_id, at_s in (("yard", NOW - 60), ("gate", NOW - 120), ("gate", NOW)):
        reported(camera_id, at_s)
    cameras = viewer.get(f"/api/1/timeline?camera_ids=gate,yard&from={NOW - 90}&to={NOW}").payload["cameras"]
    span = {"time": NOW - 60.5, "start": NOW - 65.5, "end": NOW - 52.5}
    assert cameras["gate"]["incidents"] == [{"id": one.id, **span, "status": "pending"}]
    assert len(cameras["yard"]["incidents"]) == 1


def test_the_time_axis_goes_down_to_the_second(made, viewer):
    record(made, "gate", NOW_US - 10 * MINUTE, activity=bytes(range(60)))
    path = f"/api/1/timeline?camera_ids=gate&from={NOW - 602}&to={NOW - 592}&resolution=1&encoding=base64"
    assert base64.b64decode(viewer.get(path).payload["cameras"]["gate"]["activity"]) == bytes([255, 255, *range(8)])


def test_the_future_is_empty(made, viewer):
    payload = viewer.get(f"/api/1/timeline?from={NOW + 60}&to={NOW + 180}").payload
    assert set(payload["cameras"]) == {"gate", "yard", "shed"}
    assert payload["cameras"]["gate"] == {
        "spans": [],
        "gaps": [],
        "activity": [None, None],
        "keeps": [],
        "tags": [],
        "incidents": [],
        "alerts": [],
        "detections": [],
    }
    coverage = viewer.get(f"/api/1/coverage?from={NOW + 60}&to={NOW + 180}&camera_ids=gate").payload
    assert coverage["cameras"]["gate"] == {"accounts": [], "sums": {}, "stopped": 0}


def test_every_second_is_accounted_for(made, viewer):
    record(made, "gate", NOW_US - 10 * MINUTE, 3)
    made.store.deletions.add([DeletedSpan("gate", NOW_US - 15 * MINUTE, NOW_US - 10 * MINUTE)])
    tell(made, "gate", (NOW_US - 7 * MINUTE, Cause.REFUSED, "401"))
    gate = viewer.get(f"/api/1/coverage?camera_ids=gate&from={NOW - 1200}&to={NOW + 600}").payload["cameras"]["gate"]
    assert gate["sums"] == {"unknown": 300, "deleted by retention": 300, "recorded": 180, "refused": 420}
    assert gate["accounts"][-1] == [NOW - 420, NOW, "refused", "401"]
    assert [account[1] for account in gate["accounts"][:-1]] == [account[0] for account in gate["accounts"][1:]]


def test_a_keep_says_how_much_of_it_is_there(made, viewer):
    record(made, "gate", NOW_US - 10 * MINUTE, 3)
    made.store.deletions.add([DeletedSpan("gate", NOW_US - 15 * MINUTE, NOW_US - 10 * MINUTE)])
    sent = {"camera_id": "gate", "from": NOW - 900, "to": NOW - 420, "reason": " the fox "}
    answer = made.token_admin().post("/api/1/keeps", sent)
    kept = answer.payload
    assert (answer.status, kept["reason"], kept["made_by"], kept["made"]) == (201, "the fox", "admin program", NOW)
    assert (kept["recorded_seconds"], kept["missing_seconds"], kept["deleted_seconds"]) == (180, 300, 300)
    assert kept["note"] == "180 of 480 s are there; 300 s were deleted before"
    whole = made.token_admin().post("/api/1/keeps", {**sent, "from": NOW - 600}).payload
    assert (whole["note"], whole["missing_seconds"]) == ("", 0)
    listed = viewer.get("/api/1/keeps").payload
    assert ([one["id"] for one in listed["keeps"]], listed["total"]) == ([kept["id"], whole["id"]], 2)
    assert viewer.get(f"/api/1/keeps?to={NOW - 700}").payload["total"] == 1
    assert viewer.get("/api/1/keeps?camera_ids=yard").payload["keeps"] == []
    assert made.token_admin().delete(f"/api/1/keeps/{kept['id']}").status == 204
    assert made.token_admin().delete(f"/api/1/keeps/{kept['id']}").status == 404
    assert [keep.id for keep in made.store.keeps.all()] == [whole["id"]]


def test_a_keep_may_begin_in_the_future(made):
    sent = {"camera_id": "gate", "from": "2026-03-11T00:00", "to": "2026-03-12T00:00+01:00"}
    kept = made.token_admin().post("/api/1/keeps", sent).payload
    assert (kept["start"], kept["end"], kept["note"]) == (1773183600, 1773270000, "")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"camera_id": "gate", "from": 5, "to": 5}, 400),
        ({"camera_id": "gate", "from": 9, "to": 5}, 400),
        ({"camera_id": "gate", "from": 9}, 400),
        ({"camera_id": "gate", "from": True, "to": 99}, 400),
        ({"camera_id": "gate", "from": 1, "to": 1e300}, 400),
        ({"camera_id": "nobody", "from": 5, "to": 9}, 404),
        ({"from": 5, "to": 9}, 400),
        ({"camera_id": ["gate"], "from": 5, "to": 9}, 400),
        ({"camera_id": "gate", "from": 5, "to": 9, "reason": "x" * 501}, 400),
        ({"camera_id": "gate", "from": 5, "to": 9, "reason": "a\nb"}, 400),
        ({"camera_id": "gate", "from": 5, "to": 9, "raeson": "x"}, 400),
    ],
)
def test_a_keep_that_makes_no_sense_is_refused(made, sent, status):
    assert made.token_admin().post("/api/1/keeps", sent).status == status
    assert made.store.keeps.all() == []


def test_moments_and_spans_are_tagged_found_and_taken_away(made, viewer):
    admin = made.as_admin()
    one = admin.post("/api/1/tags", {"camera_id": "gate", "time": NOW - 60, "label": "Fox at the gate"})
    two = admin.post("/api/1/tags", {"camera_id": "yard", "from": NOW - 600, "to": NOW - 300, "label": "100% rain_y"})
    assert (one.status, one.payload["start"], one.payload["end"]) == (201, NOW - 60, NOW - 60)
    assert (two.payload["end"], two.payload["made_by"]) == (NOW - 300, "admin")

    def found(query):
        return [tag["id"] for tag in viewer.get(f"/api/1/tags?{query}").payload["tags"]]

    first, second = one.payload["id"], two.payload["id"]
    assert found("") == [second, first]
    assert found("q=fOX") == [first]
    assert found("q=%25") == [second]
    assert found("q=rain%5Fy") == [second]
    assert found("q=n_x") == []
    assert found("camera_ids=gate") == [first]
    assert found(f"from={NOW - 60}") == [first]
    assert found(f"to={NOW - 60}") == [second]
    assert found(f"from={NOW - 300}&to={NOW - 60}") == []
    assert found("limit=1&offset=1") == [first]
    assert found("order=newest") == [first, second]
    assert viewer.get("/api/1/tags?order=best").status == 400
    assert viewer.get("/api/1/tags?limit=1").payload["total"] == 2
    renamed = admin.patch(f"/api/1/tags/{first}", {"label": " Marten "})
    assert (renamed.status, renamed.payload) == (200, {**one.payload, "label": "Marten"})
    assert (found("q=fox"), found("q=marten")) == ([], [first])
    assert admin.patch(f"/api/1/tags/{first}", {"label": ""}).status == 400
    assert admin.patch(f"/api/1/tags/{first}", {"label": "x", "time": 5}).status == 400
    assert admin.delete(f"/api/1/tags/{first}").status == 204
    assert admin.patch(f"/api/1/tags/{first}", {"label": "x"}).status == 404
    assert admin.delete(f"/api/1/tags/{first}").status == 404
    assert found("") == [second]


@pytest.mark.parametrize(
    "sent",
    [
        {"time": 5, "label": ""},
        {"time": 5, "label": "  "},
        {"time": 5},
        {"time": 5, "label": "x" * 201},
        {"time": 5, "label": 7},
        {"label": "x"},
        {"time": 5, "from": 5, "to": 9, "label": "x"},
        {"from": 9, "to": 5, "label": "x"},
        {"to": 5, "label": "x"},
        {"time": "soon", "label": "x"},
    ],
)
def test_a_tag_that_makes_no_sense_is_refused(made, sent):
    answer = made.token_admin().post("/api/1/tags", {"camera_id": "gate", **sent})
    assert (answer.status, answer.error) == (400, "bad_request")


def test_viewers_change_neither_keeps_nor_tags(made, viewer):
    assert viewer.post("/api/1/keeps", {"camera_id": "gate", "from": 5, "to": 9}).status == 403
    assert viewer.post("/api/1/tags", {"camera_id": "gate", "time": 5, "label": "x"}).status == 403
    assert viewer.delete("/api/1/keeps/1").status == 403
    assert viewer.delete("/api/1/tags/1").status == 403
    assert viewer.patch("/api/1/tags/1", {"label": "x"}).status == 403
