"""Cameras of nvr.json over HTTP."""

import json
import os
import threading

import pytest

from pynvr.base.errors import StoreError
from pynvr.config.load import load_in_force
from pynvr.config.write import sole_writer
from pynvr.model.segment import Segment
from pynvr.web.camera_file import CameraFile
from pynvr.web.errors import ApiError
from tests.waiting import PATIENCE_S
from tests.web.client import Answer
from tests.web.making import NOW_US, make_site

CAMERAS = (
    {"id": "gate", "url": "rtsp://admin:camera-secret@192.0.2.10/1", "name": "Gate"},
    {"id": "yard", "url": "http://192.0.2.11/video?user=u&password=yard-secret&x=1", "frame_timeout": 7},
)


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path, cameras=CAMERAS).follow_file()


@pytest.fixture
def admin(made):
    return made.as_admin()


def test_cameras_are_listed_as_the_file_has_them_with_how_they_stand(made):
    answer = made.as_viewer().get("/api/cameras")
    gate, yard = answer.json["cameras"]
    assert (gate["name"], gate["status"], gate["enabled"]) == ("Gate", "PyNVR not running", True)
    assert gate["url"] == gate["rtsp_url"] == "rtsp://admin:***@192.0.2.10/1"
    assert (yard["frame_timeout"], yard["name"]) == (7, "yard")
    assert "dst" not in gate
    assert gate["post_url"] is None
    assert gate["created_at"].endswith("Z")


def test_what_defaults_say_of_an_incidents_clip_is_shown_and_not_written(tmp_path):
    defaults = {"post_url": "https://u:hook-secret@example.org/in", "post_headers": {"X-Key": "k"}}
    made = make_site(tmp_path, cameras=CAMERAS, defaults=defaults).follow_file()
    admin = made.as_admin()
    shown = admin.get("/api/cameras/gate").json
    assert (shown["post_url"], shown["description"]) == ("https://u:***@example.org/in", "")
    assert made.as_viewer().get("/api/cameras/gate").json["post_url"] == "https://example.org/"
    assert admin.put("/api/cameras/gate", shown).status == 200
    assert admin.patch("/api/cameras/gate", {"post_url": shown["post_url"]}).status == 200
    assert made.in_file("gate") == CAMERAS[0]


def test_no_password_is_in_any_answer(made, admin):
    for path in ("/api/cameras", "/api/cameras/gate", "/api/cameras/yard"):
        assert b"secret" not in admin.get(path).body
    for sent in ({"name": "x"}, {"url": "rtsp://admin:new-secret@192.0.2.10/1"}, {"url": "rtsp:/admin:new-secret@x"}):
        assert b"secret" not in admin.patch("/api/cameras/gate", sent).body


def test_a_camera_is_added_and_its_file_stays_private(made, admin):
    sent = {
        "name": "Hinterhof Süd",
        "rtsp_url": "rtsp://a:b@192.0.2.9/x",
        "record": {"mode": "never"},
        "enabled": False,
    }
    answer = admin.post("/api/cameras", sent)
    assert (answer.status, answer.json["id"]) == (201, "hinterhof-s-d")
    assert answer.header("Location") == "/api/cameras/hinterhof-s-d"
    assert answer.json["created_at"] == answer.json["updated_at"] == "2026-03-10T12:00:00Z"
    assert answer.json["status"] == "disabled"
    assert made.in_file("hinterhof-s-d") == {
        "id": "hinterhof-s-d",
        "name": "Hinterhof Süd",
        "record": {"mode": "never"},
        "enabled": False,
        "url": "rtsp://a:b@192.0.2.9/x",
    }
    assert os.stat(made.settings.path).st_mode & 0o777 == 0o600
    assert [camera["id"] for camera in admin.get("/api/cameras").json["cameras"]] == ["gate", "yard", "hinterhof-s-d"]


def test_an_id_that_is_taken_is_a_conflict(admin):
    assert admin.post("/api/cameras", {"id": "gate", "url": "rtsp://192.0.2.9/x"}).status == 409


@pytest.mark.parametrize(
    ("sent", "key", "words"),
    [
        ({"name": "x"}, "url", "found nothing"),
        ({"url": "rtps://192.0.2.9/x"}, "url", "rtsp"),
        ({"url": "rtsp://192.0.2.9/x", "frame_timout": 3}, "frame_timout", '"frame_timeout"'),
        ({"url": "rtsp://192.0.2.9/x", "frame_timeout": "3"}, "frame_timeout", 'found "3"'),
        ({"url": "rtsp://192.0.2.9/x", "record": {"mode": "schedule"}}, "record.mode", "schedule"),
        ({"url": "rtsp://192.0.2.9/x", "retention": {"max_days": 1, "min_days": 2}}, "retention.min_days", "at most"),
        ({"url": "rtsp://192.0.2.9/x", "id": "a/b"}, "id", "letters"),
        ({"url": "rtsp://192.0.2.9/x", "id": 5}, "id", "letters"),
        ({"url": "rtsp://a:***@192.0.2.9/x"}, "url", "none is stored"),
        ({"url": "rtsp://192.0.2.9/x", "rtsp_url": "rtsp://192.0.2.9/y"}, "url", "two addresses"),
    ],
)
def test_mistakes_are_told_as_pynvr_check_tells_them_and_nothing_is_written(made, admin, sent, key, words):
    before = made.settings.path.read_bytes()
    answer = admin.post("/api/cameras", sent)
    assert (answer.status, answer.error) == (422, "invalid_camera")
    (mistake,) = answer.json["error"]["mistakes"]
    assert mistake["key"] == key
    assert words in mistake["message"]
    assert made.settings.path.read_bytes() == before


def test_single_keys_are_changed_and_the_rest_of_the_file_stays(made, admin):
    answer = admin.patch("/api/cameras/yard", {"frame_timeout": None, "record": {"mode": "never"}, "name": "Yard"})
    assert answer.status == 200
    changed = made.in_file("yard")
    assert list(changed) == ["id", "url", "record", "name"]
    assert changed["url"].endswith("password=yard-secret&x=1")
    assert admin.patch("/api/cameras/yard", {"record": {"codec": "h264"}}).json["record"] == {
        "mode": "never",
        "codec": "h264",
    }
    assert made.in_file() == CAMERAS[0]
    assert json.loads(made.settings.path.read_text())["system"]["timezone"] == "Europe/Berlin"


def test_an_answer_sent_back_changes_nothing(made, admin):
    for camera_id in ("gate", "yard"):
        shown = admin.get(f"/api/cameras/{camera_id}").json
        assert admin.put(f"/api/cameras/{camera_id}", shown).status == 200
    assert [made.in_file("gate"), made.in_file("yard")] == list(CAMERAS)


@pytest.mark.parametrize("name", ["url", "rtsp_url"])
def test_the_mask_keeps_the_password_when_other_parts_of_the_address_change(made, admin, name):
    shown = admin.get("/api/cameras/gate").json
    shown[name] = "rtsp://root:***@192.0.2.10:8554/stream/2?x=%40"
    assert admin.put("/api/cameras/gate", shown).json["url"] == shown[name]
    assert made.in_file()["url"] == "rtsp://root:camera-secret@192.0.2.10:8554/stream/2?x=%40"
    sent = {name: "http://192.0.2.11:81/v2?password=***"}
    assert admin.patch("/api/cameras/yard", sent).status == 200
    assert made.in_file("yard")["url"] == "http://192.0.2.11:81/v2?password=yard-secret"


def test_a_sub_stream_takes_the_password_of_the_main_stream_and_keeps_its_own(made, admin):
    sent = {"live": {"url": "rtsp://admin:***@192.0.2.10/2"}}
    answer = admin.patch("/api/cameras/gate", sent)
    assert (answer.status, answer.json["live"], answer.json.get("sub_stream")) == (200, sent["live"], None)
    assert made.in_file()["live"] == {"url": "rtsp://admin:camera-secret@192.0.2.10/2"}
    own = {"live": {"url": "rtsp://viewer:sub-secret@192.0.2.77/2"}}
    assert admin.patch("/api/cameras/gate", own).status == 200
    assert admin.patch("/api/cameras/gate", {"live": {"url": "rtsp://viewer:***@192.0.2.77/3"}}).status == 200
    assert made.in_file()["live"] == {"url": "rtsp://viewer:sub-secret@192.0.2.77/3"}
    shown = admin.get("/api/cameras/gate").json
    assert admin.put("/api/cameras/gate", shown).status == 200
    assert made.in_file()["live"] == {"url": "rtsp://viewer:sub-secret@192.0.2.77/3"}
    assert admin.patch("/api/cameras/gate", {"live": None}).status == 200
    assert "live" not in made.in_file()


@pytest.mark.parametrize("host", ["192.0.2.66", "evil.example"])
def test_no_password_goes_to_another_host_as_that_of_a_sub_stream(made, admin, host):
    answer = admin.patch("/api/cameras/gate", {"live": {"url": f"rtsp://admin:***@{host}/1"}})
    assert (answer.status, answer.json["error"]["mistakes"][0]["key"]) == (422, "live.url")
    assert "live" not in made.in_file()


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://admin:***@192.0.2.66/1",
        "rtsp://admin:***@evil.example/1",
        "http://192.0.2.66/?password=***",
        "rtsp://admin:***@192.0.2.66/@192.0.2.10",
        "rtsp://admin:***@192.0.2.66?@192.0.2.10/1",
        "rtsp://admin:***@192.0.2.66#@192.0.2.10/1",
    ],
)
def test_a_stored_password_never_goes_to_another_host(made, admin, url):
    answer = admin.patch("/api/cameras/gate", {"url": url})
    assert "camera-secret" not in made.in_file()["url"].replace("rtsp://admin:camera-secret@192.0.2.10/1", "")
    assert b"camera-secret" not in answer.body
    if answer.status == 200:
        assert "camera-secret" not in made.in_file()["url"]
    else:
        assert answer.status == 422


def test_who_saves_what_somebody_else_changed_is_told(made, admin):
    seen = admin.get("/api/cameras/gate").header("ETag")
    assert admin.patch("/api/cameras/gate", {"name": "First"}, headers={"If-Match": seen}).status == 200
    refused = admin.patch("/api/cameras/gate", {"name": "Second"}, headers={"If-Match": seen})
    assert (refused.status, refused.error) == (412, "changed")
    assert admin.delete("/api/cameras/gate", headers={"If-Match": seen}).status == 412
    assert made.in_file()["name"] == "First"
    assert admin.patch("/api/cameras/gate", {"name": "Third"}).status == 200


def test_many_admins_at_once_lose_no_change(made):
    def add(number):
        answers.append(made.token_admin().post("/api/cameras", {"name": f"n{number}", "url": "rtsp://192.0.2.9/x"}))

    answers: list[Answer] = []
    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} == {201}
    assert len(json.loads(made.settings.path.read_text())["cameras"]) == 14


def test_while_another_program_changes_the_file_nothing_is_changed(made, admin, monkeypatch):
    monkeypatch.setattr("pynvr.web.camera_file.PATIENCE_S", 0)
    with sole_writer(made.settings.path):
        refused = admin.patch("/api/cameras/gate", {"name": "Other"})
    assert (refused.status, refused.error) == (503, "busy")
    assert admin.patch("/api/cameras/gate", {"name": "Other"}).status == 200


def test_what_is_followed_though_it_is_a_mistake_is_refused_for_the_camera_that_is_changed_alone(made, admin):
    document = json.loads(made.settings.path.read_text())
    document["reaper"] = [{"disk": "/", "percent": None}]
    document["cameras"].append(
        {"id": "old", "url": "rtsp://192.0.2.9/x", "record": {"mode": "schedule", "schedule": []}}
    )
    made.settings.path.write_text(json.dumps(document))
    made.settings = load_in_force(made.settings.path)[0]
    object.__setattr__(made.site, "settings", lambda: made.settings)
    assert admin.patch("/api/cameras/gate", {"name": "Other"}).status == 200
    refused = admin.patch("/api/cameras/old", {"name": "Other"})
    assert (refused.status, refused.error) == (422, "invalid_camera")
    mended = {"record": {"schedule": ["daily:08-17"]}}
    assert admin.patch("/api/cameras/old", mended).status == 200
    refused = admin.patch("/api/cameras/gate", {"record": {"mode": "schedule", "schedule": []}})
    assert (refused.status, refused.error) == (422, "invalid_camera")


def test_behind_another_request_that_changes_it_nobody_waits_for_ever(made, monkeypatch):
    file = CameraFile(lambda: made.settings.path)
    is_in, go_on = threading.Event(), threading.Event()

    def slow(document):
        is_in.set()
        assert go_on.wait(PATIENCE_S)
        return document, "gate"

    first = threading.Thread(target=file.change, args=(slow,))
    first.start()
    try:
        assert is_in.wait(PATIENCE_S)
        monkeypatch.setattr("pynvr.web.camera_file.PATIENCE_S", 0.01)
        with pytest.raises(ApiError) as refused:
            file.change(lambda document: (document, "gate"))
        assert (refused.value.status, refused.value.code) == (503, "busy")
    finally:
        go_on.set()
        first.join()
    monkeypatch.undo()
    file.change(lambda document: (document, "gate"))


def test_a_removed_camera_leaves_its_recordings(made, admin):
    made.store.segments.add(Segment("gate", "20260310.1200", NOW_US, NOW_US + 60_000_000, "/v", 1, 99, "h264", 2, 2))
    assert admin.delete("/api/cameras/gate").status == 204
    assert made.in_file() is None
    assert admin.delete("/api/cameras/gate").status == 404
    assert admin.get("/api/cameras/gate").status == 404
    (removed,) = admin.get("/api/cameras").json["removed"]
    assert (removed["id"], removed["bytes"]) == ("gate", 99)
    assert made.as_viewer().get("/api/1/camera/gate.json").payload["removed"] is True


def test_a_change_by_hand_shows_as_a_change(made, admin):
    before = admin.get("/api/cameras/gate").json
    document = json.loads(made.settings.path.read_text())
    document["cameras"][0]["name"] = "By hand"
    made.settings.path.write_text(json.dumps(document))
    os.utime(made.settings.path, (4e9, 4e9))
    after = admin.get("/api/cameras/gate").json
    assert (after["created_at"], after["updated_at"]) == (before["created_at"], "2096-10-02T07:06:40Z")


def test_a_file_with_mistakes_of_its_own_is_left_alone(made, admin):
    good = made.settings.path.read_text()
    made.settings.path.write_text(good.replace('"timezone": "Europe/Berlin"', '"timezone": "Mars"'))
    object.__setattr__(made.site, "settings", lambda: made.settings)
    answer = admin.patch("/api/cameras/gate", {"name": "x"})
    assert (answer.status, answer.error) == (409, "conflict")
    assert "system.timezone" in answer.json["error"]["mistakes"][0]["message"]
    made.settings.path.write_text(good.replace('"cameras":', '"cameras": [], "cameras":'))
    assert admin.patch("/api/cameras/gate", {"name": "x"}).status == 409
    made.settings.path.write_text("{")
    assert admin.get("/api/cameras").status == 409


def test_a_broken_camera_can_be_put_right(made, admin):
    good = made.settings.path.read_text()
    made.settings.path.write_text(good.replace('"frame_timeout": 7', '"frame_timeout": "7"'))
    object.__setattr__(made.site, "settings", lambda: made.settings)
    assert admin.patch("/api/cameras/yard", {"frame_timeout": 8}).status == 200
    assert made.in_file("yard")["frame_timeout"] == 8


def test_viewers_see_and_change_nothing(made):
    viewer = made.as_viewer()
    assert viewer.get("/api/cameras/gate").status == 200
    assert viewer.post("/api/cameras", {"url": "rtsp://192.0.2.9/x"}).status == 403
    assert viewer.patch("/api/cameras/gate", {"name": "x"}).status == 403
    assert viewer.put("/api/cameras/gate", {"url": "rtsp://192.0.2.9/x"}).status == 403
    assert viewer.delete("/api/cameras/gate").status == 403


def test_the_list_comes_in_pages(admin):
    page = admin.get("/api/cameras?limit=1&offset=1").json
    assert ([camera["id"] for camera in page["cameras"]], page["total"]) == (["yard"], 2)
    assert admin.get("/api/cameras?limit=0").status == 400


def test_viewers_see_of_an_address_of_clips_its_host_alone(made, admin):
    url = "https://joe:pa55word@[2001:db8::1]:8443/hooks/k3y-in-the-path?code=k3y-in-the-query"
    assert admin.patch("/api/cameras/gate", {"post_url": url}).status == 200
    viewer = made.as_viewer()
    every = {camera["id"]: camera for camera in viewer.get("/api/cameras").json["cameras"]}
    for seen in (every["gate"], viewer.get("/api/cameras/gate").json):
        assert seen["post_url"] == "https://[2001:db8::1]:8443/"
    assert not every["yard"].get("post_url")
    assert "k3y-in-the-path" in admin.get("/api/cameras/gate").json["post_url"]


def test_who_looks_at_cameras_waits_once_for_a_database_that_takes_nothing(made, monkeypatch, caplog):
    tried = []

    def held_up(*notes):
        tried.append([note.id for note in notes])
        raise StoreError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(made.store.cameras, "put", held_up)
        for _ in range(3):
            assert made.token_viewer().get("/api/cameras").status == 200
    assert len(tried) == 1
    assert "can't note when cameras were changed: database is locked" in caplog.text
    made.clock.move(61)
    assert made.token_viewer().get("/api/cameras").status == 200
    assert set(made.store.cameras.all()) == set(tried[0])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("{tmp}/file/below", "{tmp}/file/below can't be used: Not a directory"),
        ("/proc/foo", "/proc/foo can't be used: "),
        ("rel/ative", 'found "rel/ative", expected the whole name of a folder, as /srv/video/gate'),
    ],
)
def test_a_folder_that_recordings_can_not_go_to_is_refused(made, admin, tmp_path, name, told):
    (tmp_path / "file").touch()
    before, dst = made.settings.path.read_bytes(), name.format(tmp=tmp_path)
    whole = {"url": "rtsp://192.0.2.9/x", "dst": dst}
    for refused, place in (
        (admin.post("/api/cameras", whole), "cameras[]"),
        (admin.put("/api/cameras/yard", whole), "cameras[1]"),
        (admin.patch("/api/cameras/yard", {"dst": dst}), "cameras[1]"),
    ):
        assert (refused.status, refused.error) == (422, "invalid_camera")
        (mistake,) = refused.json["error"]["mistakes"]
        assert (mistake["key"], mistake["path"]) == ("dst", f"{place}.dst")
        assert mistake["message"].startswith(told.format(tmp=tmp_path))
    assert made.settings.path.read_bytes() == before
    assert admin.patch("/api/cameras/none", {"dst": str(tmp_path)}).status == 404


def test_a_folder_that_can_be_used_is_taken_and_nothing_made_yet(made, admin, tmp_path):
    dst = str(tmp_path / "disk" / "yard")
    answer = admin.patch("/api/cameras/yard", {"dst": dst})
    assert (answer.status, answer.json["dst"]) == (200, dst)
    assert not (tmp_path / "disk").exists()


@pytest.mark.parametrize("dst", ["/proc/away", "relative"])
def test_the_folder_that_a_camera_has_stays_while_its_disk_is_away(tmp_path, dst):
    made = make_site(tmp_path, cameras=[{**CAMERAS[0], "dst": dst}]).follow_file()
    admin = made.as_admin()
    shown = admin.get("/api/cameras/gate").json
    assert admin.put("/api/cameras/gate", {**shown, "name": "x"}).status == 200
    now = str(made.settings.cameras[0].dst)
    assert admin.patch("/api/cameras/gate", {"dst": now, "name": "y"}).status == 200
    assert made.in_file("gate")["name"] == "y"


def test_a_disk_that_does_not_answer_keeps_nobody(made, admin, tmp_path, monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr("pynvr.web.api.camera_folder._PATIENCE_S", 0.05)
    monkeypatch.setattr("pynvr.web.api.camera_folder.try_folder", lambda _folder: ended.wait(PATIENCE_S))
    answer = admin.patch("/api/cameras/yard", {"dst": str(tmp_path / "hung")})
    ended.set()
    assert (answer.status, "no answer within" in answer.json["error"]["message"]) == (422, True)
