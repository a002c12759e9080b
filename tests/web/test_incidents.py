"""Incidents over HTTP: reported, listed, watched, tried again, deleted."""

from types import SimpleNamespace

import pytest

from pynvr.config.load import load
from pynvr.deliverer.cutting import Cutter
from pynvr.model.incident import IncidentStatus, clip_path
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.recording import Recording
from tests.web.making import SetClock, make_site, serve

S = 1_000_000
START_S = ANCHOR_US / S
PLAIN = make_clip(count=96)
ONLY_POSTED = {"id": "gate", "url": "rtsp://192.0.2.1/", "post_url": "https://joe:pa55word@h.example/in"}


@pytest.fixture
def place(tmp_path):
    """A site on 3.84 s of camera gate, an hour later."""
    recording = Recording(tmp_path)
    recording.add(PLAIN)
    clock = SetClock(ANCHOR_US + 3600 * S)
    site = serve(recording.store, recording.settings, clock, users=())
    cutter = Cutter(recording.store, site.site.footage, lambda: recording.settings, clock)
    return SimpleNamespace(recording=recording, site=site, client=site.token_admin(), clock=clock, cutter=cutter)


def report(place, at_s=2.0, **more):
    sent = {"camera_id": "gate", "incident_time": START_S + at_s, "pre_seconds": 1, "post_seconds": 1, **more}
    return place.client.post("/api/incidents", sent)


def test_an_incident_is_reported_and_its_clip_is_watched(place):
    made = report(place, note="gate open")
    assert made.status == 201
    assert made.header("Location") == f"/api/incidents/{made.json['id']}"
    one = made.json
    assert (one["upload_status"], one["created_by"], one["deliver"]) == ("pending", "admin program", False)
    assert (one["start"], one["end"]) == (START_S + 1, START_S + 3)
    address = f"/api/incidents/{one['id']}"
    early = place.client.get(f"{address}/clip.mp4")
    assert (early.status, early.json["error"]["message"]) == (404, f"incident {one['id']} has no clip yet")
    place.cutter.turn()
    viewer = place.site.token_viewer()
    now = viewer.get(address).json
    assert (now["upload_status"], now["clip_url"], now["missing"]) == ("extracted", f"{address}/clip.mp4", [])
    assert (now["clip_start"], now["clip_end"], now["note"]) == (START_S + 1, START_S + 3, "gate open")
    clip = viewer.get(now["clip_url"])
    assert (clip.status, clip.header("Content-Type"), len(clip.body)) == (200, "video/mp4", now["clip_bytes"])
    assert clip.header("Content-Disposition").startswith('inline; filename="gate.incident.')
    part = viewer.get(now["clip_url"] + "?download=1", headers={"Range": "bytes=4-7"})
    assert (part.status, part.body) == (206, b"ftyp")
    assert part.header("Content-Disposition").startswith("attachment")
    assert viewer.head(now["clip_url"]).header("Content-Length") == str(now["clip_bytes"])


def test_what_is_not_said_comes_from_the_camera_and_now(tmp_path):
    incident = {"pre_seconds": 3, "post_seconds": 0.5, "exact": True, "codec": "h264"}
    site = make_site(tmp_path, cameras=[{**ONLY_POSTED, "incident": incident}], users=())
    one = site.token_admin().post("/api/incidents", {"camera_id": "gate"}).json
    assert {key: one[key] for key in incident} == incident
    assert (one["incident_time"], one["deliver"]) == (site.clock.now_us() / S, True)
    own = site.token_admin().post("/api/incidents", {"camera_id": "gate", "exact": False, "post_seconds": 9}).json
    assert (own["exact"], own["pre_seconds"], own["post_seconds"]) == (False, 3, 9)


def test_a_program_that_repeats_its_report_gets_the_same_incident(place):
    key = {"Idempotency-Key": "door-17"}
    sent = {"camera_id": "gate", "incident_time": START_S}
    first = place.client.post("/api/incidents", sent, headers=key)
    again = place.client.post("/api/incidents", sent, headers=key)
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert first.json["key"] == "door-17"
    for other in ({**sent, "incident_time": START_S + 1}, {"camera_id": "yard"}):
        assert place.client.post("/api/incidents", other, headers=key).status == 409
    assert place.client.get("/api/incidents").json["total"] == 1


WRONG: list[dict[str, object]] = [
    {"pre_seconds": -1},
    {"post_seconds": 3601},
    {"pre_seconds": 0, "post_seconds": 0},
    {"pre_seconds": "5"},
    {"pre_seconds": float("inf")},
    {"exact": 1},
    {"codec": "hevc"},
    {"note": "x" * 1001},
    {"note": "a\nb"},
    {"incident_time": "yesterday"},
    {"incident_time": START_S + 8 * 86_400},
    {"incident_time": 0.5},
    {"camera_id": "../x"},
    {"camera": "gate"},
]


def test_what_makes_no_incident_is_refused_and_stores_nothing(place):
    for wrong in WRONG:
        assert report(place, **wrong).status == 400, wrong
    assert place.recording.store.incidents.open_count() == 0


def test_an_unknown_camera_and_a_strange_key_are_refused(place):
    assert report(place, camera_id="nowhere").status == 404
    sent = {"camera_id": "gate"}
    assert place.client.post("/api/incidents", sent, headers={"Idempotency-Key": "../../x"}).status == 400


def test_lists_are_filtered_and_paged(place):
    for at_s in (1.5, 2.0, 2.5):
        report(place, at_s)
    report(place, camera_id="yard")
    place.cutter.turn()
    get = place.client.get
    assert [one["incident_time"] for one in get("/api/incidents?camera_id=gate&limit=2").json["incidents"]] == [
        START_S + 2.5,
        START_S + 2.0,
    ]
    assert get("/api/incidents?status=extracted").json["total"] == 1
    assert get("/api/incidents?status=pending,waiting").json["total"] == 3
    assert get(f"/api/incidents?from={START_S + 2.2}").json["total"] == 1
    assert get("/api/incidents?status=lost").status == 400
    assert get("/api/incidents?camera_id=a/b").status == 400


def test_viewers_look_and_only_admins_change(place):
    one = report(place).json
    viewer = place.site.token_viewer()
    assert viewer.get("/api/incidents").json["total"] == 1
    address = f"/api/incidents/{one['id']}"
    assert viewer.post("/api/incidents", {"camera_id": "gate"}).status == 403
    assert viewer.post(f"{address}/retry").status == 403
    assert viewer.delete(address).status == 403


def test_a_deleted_incident_takes_its_clip_along(place):
    address = f"/api/incidents/{report(place).json['id']}"
    place.cutter.turn()
    (path,) = (place.recording.folder / "incidents").iterdir()
    assert place.client.delete(address).status == 204
    assert not path.exists()
    assert place.client.get(address).status == 404
    assert place.client.get(f"{address}/clip.mp4").status == 404
    assert place.client.delete(address).status == 404


def test_a_retry_begins_again_unless_it_was_delivered_or_is_on_its_way(place):
    incidents = place.recording.store.incidents
    address = f"/api/incidents/{report(place, 600).json['id']}"
    place.clock.move(3600)
    place.cutter.turn()
    failed = place.client.get(address).json
    assert failed["upload_status"] == "failed"
    assert failed["last_error"] == "nothing was recorded (before the first recording)"
    assert place.client.get(f"{address}/clip.mp4").json["error"]["message"].endswith(failed["last_error"])
    again = place.client.post(f"{address}/retry")
    assert (again.status, again.json["upload_status"]) == (200, "pending")
    good = incidents.get(report(place).json["id"])
    place.cutter.turn()
    place.cutter.turn()
    sending = incidents.write(incidents.get(good.id).retried(True).uploading())
    assert place.client.post(f"/api/incidents/{good.id}/retry").status == 409
    incidents.write(sending.uploaded(place.clock.now_us()))
    assert place.client.post(f"/api/incidents/{good.id}/retry").status == 409
    assert incidents.get(good.id).status == IncidentStatus.UPLOADED


def test_secrets_of_a_delivery_are_masked_and_stay(tmp_path):
    secrets = {"post_token": "t0psecret", "post_headers": {"X-Key": "k3yk3y"}}
    site = make_site(tmp_path, cameras=[{**ONLY_POSTED, **secrets}], users=())
    client = site.token_admin()
    shown = client.get("/api/cameras/gate").json
    assert (shown["post_url"], shown["post_token"]) == ("https://joe:***@h.example/in", "***")
    for path in ("/api/cameras", "/api/cameras/gate"):
        text = client.get(path).body.decode()
        assert not any(secret in text for secret in ("pa55word", "t0psecret", "k3yk3y"))
    keys = ("url", "post_url", "post_token", "post_headers")
    assert client.put("/api/cameras/gate", {key: shown[key] for key in keys}).status == 200
    stored = load(tmp_path / "nvr.json").cameras[0].delivery
    assert (stored.url, stored.token, stored.headers) == (ONLY_POSTED["post_url"], "t0psecret", (("X-Key", "k3yk3y"),))
    moved = client.patch("/api/cameras/gate", {"post_url": "https://other.example/"})
    assert (moved.status, moved.json["error"]["mistakes"][0]["key"]) == (422, "post_token")
    assert client.patch("/api/cameras/gate", {"post_url": None}).status == 200
    assert load(tmp_path / "nvr.json").cameras[0].delivery.url == ""


def test_the_deliverer_is_wanted_at_once(place, monkeypatch):
    wanted = []
    monkeypatch.setattr(type(place.site.site.wishes), "want", lambda _self, name, for_s: wanted.append(name))
    one = report(place).json
    place.client.post(f"/api/incidents/{one['id']}/retry")
    assert wanted == ["deliverer", "deliverer"]


def test_a_clip_whose_file_is_gone_is_told_without_its_path(place):
    one = report(place).json
    place.cutter.turn()
    system = place.recording.settings.system
    clip_path(system, place.recording.store.incidents.get(one["id"])).unlink()
    gone = place.client.get(f"/api/incidents/{one['id']}/clip.mp4")
    assert gone.status == 404
    assert str(system.data_dir) not in gone.body.decode()
