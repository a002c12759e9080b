"""Who did what: requests as the audit log tells them."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from pynvr.archive.audit_journal import audit_files, read_entries
from pynvr.base.errors import StoreError
from pynvr.model.audit import Entry, Level, Source
from pynvr.model.cause import Cause, Transition
from pynvr.web.app import all_routes
from pynvr.web.audit.desk import Desk
from pynvr.web.audit.downloads import Downloads
from pynvr.web.audit.record import is_told
from tests.starved import without_threads
from tests.waiting import wait_until
from tests.web.making import NOW_US, PASSWORDS, SetClock, make_site


@pytest.fixture
def made(tmp_path, monkeypatch):
    site = make_site(tmp_path)
    # Real ones take half a second each.
    monkeypatch.setattr("pynvr.store.users.hash_password", lambda password: "scrypt$of a password")
    monkeypatch.setattr("pynvr.store.users.verify_password", lambda password, _stored: password in PASSWORDS.values())
    return site


def logs(made, query=""):
    answer = made.token_admin().get(f"/api/logs?{query}")
    assert answer.status == 200, answer.body
    return answer.json["logs"]


def the_last(made):
    return logs(made, "limit=1")[0]


def test_each_route_that_changes_something_has_words(made):
    changing = [route for route in all_routes(made.site) if route.method != "GET"]
    assert len(changing) > 30
    assert [f"{route.method} {route.rule}" for route in changing if not is_told(route)] == []


def test_logins_are_told_good_and_bad_ones(made):
    made.anonymous(address="198.51.100.4").login("Admin", "wrong password")
    made.anonymous(address="198.51.100.5").login("hunter2", "admin")
    made.anonymous().login("admin", PASSWORDS["admin"])
    told = [(one["action"], one["level"], one["actor"], one["address"]) for one in logs(made)]
    assert told == [
        ("login", "info", "admin", "192.0.2.7"),
        ("login.refused", "warning", "", "198.51.100.5"),
        ("login.refused", "warning", "admin", "198.51.100.4"),
    ]
    assert "hunter2" not in json.dumps(logs(made))


def test_guessing_is_told_in_sums(made):
    guesser = made.anonymous(address="198.51.100.4")
    answers = [guesser.login("admin", "wrong password").status for _ in range(12)]
    assert 429 in answers
    made.clock.move(61)
    made.site.audit.tend()
    told = logs(made)
    assert {one["action"] for one in told} == {"login.refused", "login.limited"}
    assert len(told) == 4
    assert sum(1 + one["detail"].get("times", 0) - bool(one["detail"]) for one in told) == 12


def test_a_change_tells_who_did_what_to_which_camera_and_no_secret(made):
    url = "rtsp://admin:another-secret@192.0.2.11/1"
    answer = made.as_admin().patch("/api/cameras/gate", {"url": url, "retention": {"max_days": 7}})
    assert answer.status == 200, answer.body
    told = the_last(made)
    assert (told["actor"], told["address"], told["camera_id"]) == ("admin", "192.0.2.7", "gate")
    assert told["text"] == "camera Gate (gate) changed: retention, url"
    assert told["detail"] == {"changed": {"retention": [None, "…"], "url": ["…", "…"]}}
    made.as_admin().patch("/api/cameras/gate", {"retention": {"max_days": 9}})
    assert the_last(made)["detail"] == {"changed": {"retention.max_days": [7, 9]}}
    assert "secret" not in json.dumps(logs(made))
    made.site.audit.settle(5)
    for file in made.store.path.parent.glob(made.store.path.name + "*"):
        assert b"another-secret" not in file.read_bytes()


def test_users_and_tokens_are_told_without_what_opens_them(made):
    admin = made.as_admin()
    admin.post("/api/users", {"name": "carl", "password": "battery staple"})
    admin.patch("/api/users/carl", {"role": "admin", "password": "another staple"})
    token = admin.post("/api/tokens", {"name": "script", "role": "viewer"}).json["token"]
    admin.delete("/api/tokens/script")
    admin.delete("/api/users/carl")
    assert [(one["action"], one["subject"], one["text"]) for one in logs(made)] == [
        ("user.remove", "carl", "user carl removed"),
        ("token.remove", "script", "token script ended"),
        ("token.add", "script", "token script made, with the role viewer"),
        ("user.change", "carl", "user carl: role admin, another password"),
        ("user.add", "carl", "user carl added, with the role viewer"),
    ]
    assert token not in json.dumps(logs(made))
    assert "staple" not in json.dumps(logs(made))


def test_marks_tell_what_they_were_also_when_they_go(made):
    admin = made.token_admin()
    keep = admin.post("/api/1/keeps", {"camera_id": "gate", "from": "2026-03-10T10:00Z", "to": "2026-03-10T10:05Z"})
    tag = admin.post("/api/1/tags", {"camera_id": "gate", "time": "2026-03-10T10:00Z", "label": "van {x} %s"})
    admin.delete(f"/api/1/keeps/{keep.payload['id']}")
    admin.delete(f"/api/1/tags/{tag.payload['id']}")
    begin = datetime(2026, 3, 10, 10, tzinfo=UTC).astimezone(made.settings.system.timezone)
    span = f"{begin:%Y-%m-%d %H:%M:%S} to {begin + timedelta(minutes=5):%H:%M:%S}"
    assert [(one["camera_id"], one["text"]) for one in logs(made)] == [
        ("gate", f"camera Gate (gate), {begin:%Y-%m-%d %H:%M:%S}: tag “van {{x}} %s” taken away"),
        ("gate", f"camera Gate (gate), {span}: not kept any more"),
        ("gate", f"camera Gate (gate), {begin:%Y-%m-%d %H:%M:%S}: tag “van {{x}} %s”"),
        ("gate", f"camera Gate (gate), {span}: kept"),
    ]
    assert all(one["detail"] == {"token": True} for one in logs(made))


def test_who_may_not_is_told_once_a_minute(made):
    viewer = made.as_viewer()
    for _ in range(5):
        assert viewer.post("/api/system/stop").status == 403
    (told,) = logs(made)
    assert (told["action"], told["level"], told["actor"]) == ("refused", "warning", "viewer")
    assert told["text"] == "was not allowed to switch recording of all cameras off"
    made.clock.move(61)
    made.site.audit.tend()
    assert the_last(made)["detail"] == {"times": 4}


def test_a_wrong_token_is_told_and_a_browser_without_session_is_not(made):
    made.anonymous(token="pnv_nonsense", address="198.51.100.9").get("/api/cameras")
    made.anonymous().get("/api/cameras")
    (told,) = logs(made)
    assert (told["action"], told["address"]) == ("token.refused", "198.51.100.9")


def test_what_is_wrong_in_a_request_changes_nothing_and_is_not_told(made):
    admin = made.token_admin()
    assert admin.post("/api/1/tags", {"camera_id": "nowhere"}).status == 404
    assert admin.post("/api/users", {"name": "carl"}).status == 400
    assert admin.get("/api/cameras").status == 200
    assert logs(made) == []


def test_states_of_cameras_stand_between_the_entries(made):
    told = [
        Transition("gate", NOW_US - 9_000_000, Cause.RECORDED),
        Transition("gate", NOW_US - 5_000_000, Cause.STALLED, "no video for 5 s"),
        Transition("gate", NOW_US - 4_000_000, Cause.STALLED, "no video for 6 s"),
        Transition("gate", NOW_US + 5_000_000, Cause.RECORDED),
        Transition("yard", NOW_US + 5_000_000, Cause.FAULT, "the recorder died"),
    ]
    made.store.causes.ingest(told, "causes.20260310.jsonl", 1)
    made.as_admin().post("/api/tokens", {"name": "script", "role": "viewer"})
    made.clock.move(10)
    texts = [one["text"] for one in logs(made)]
    assert texts == [
        "camera yard isn't recorded: a fault in PyNVR (the recorder died)",
        "camera Gate (gate) is recorded",
        "token script made, with the role viewer",
        "camera Gate (gate) sends nothing more (no video for 5 s)",
        "camera Gate (gate) is recorded",
    ]
    paged: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = made.token_admin().get(f"/api/logs?limit=1&cursor={cursor}").json
        paged += [one["text"] for one in page["logs"]]
        cursor = page["next"]
    assert paged == texts
    assert [one["text"] for one in logs(made, "level=error")] == texts[:1]
    assert [one["text"] for one in logs(made, "source=camera&camera_ids=gate&q=VIDEO")] == [texts[3]]
    assert [one["text"] for one in logs(made, "actor=admin")] == [texts[2]]
    assert [one["text"] for one in logs(made, f"since={NOW_US / 1e6}&until={NOW_US / 1e6 + 1}")] == [texts[2]]


def test_states_are_found_by_the_name_of_their_camera(tmp_path):
    cameras = [
        {"id": one, "url": "rtsp://192.0.2.10/1", "name": name} for one, name in (("c1", "Front gate"), ("c2", ""))
    ]
    made = make_site(tmp_path, cameras=cameras)
    made.store.causes.ingest(
        [Transition(one, NOW_US - 9, Cause.RECORDED) for one in ("c1", "c2")], "causes.20260310.jsonl", 1
    )
    assert [one["text"] for one in logs(made, "q=front%20GATE")] == ["camera Front gate (c1) is recorded"]
    assert [one["text"] for one in logs(made, "q=c2")] == ["camera c2 is recorded"]


def test_only_an_admin_reads_the_log_and_what_is_asked_wrongly_is_said(made):
    assert made.token_viewer().get("/api/logs").status == 403
    assert made.token_viewer().get("/api/logs.csv").status == 403
    for query in ("source=nobody", "level=loud", "cursor=x", "cursor=1.2", "since=never", "limit=0", "q=" + "x" * 201):
        assert made.token_admin().get(f"/api/logs?{query}").status == 400, query


def test_the_log_is_taken_away_as_a_file_and_that_is_told(made):
    made.token_admin().post("/api/1/tags", {"camera_id": "gate", "time": "2026-03-10T10:00Z", "label": "=1+1"})
    assert made.site.audit.settle(30)
    made.store.audit.add(Entry(NOW_US, Level.INFO, Source.COMMAND, "x", '=cmd|"/c calc"!A1', actor="ünal"))
    answer = made.token_admin().get("/api/logs.csv?source=command")
    assert answer.header("Content-Disposition").startswith('attachment; filename="log 2026-03-10')
    head, row = answer.body.decode("utf-8-sig").splitlines()
    assert head.startswith("time,level,source,actor")
    assert '"\'=cmd|""/c calc""!A1"' in row
    assert "ünal" in row
    found = json.loads(made.token_admin().get("/api/logs.json").body)
    assert [one["action"] for one in found] == ["log.download", "x", "tag.add"]


def test_entries_wait_while_the_database_is_locked_and_none_is_lost(made, tmp_path):
    with sqlite3.connect(made.store.path) as other:
        other.execute("begin exclusive")
        run_dir = made.settings.system.run_dir
        run_dir.mkdir(parents=True, exist_ok=True)
        quick = Desk(_Locked(), lambda: run_dir, SetClock())  # type: ignore[arg-type]
        quick.file(Entry(NOW_US, Level.INFO, Source.WEB, "login", "logged in", actor="anna"))
        wait_until(lambda: quick.settle(0.1), 30, what="the journal has it")
    (path,) = audit_files(run_dir)["web"]
    assert [entry.actor for entry in read_entries(path)[0]] == ["anna"]


class _Locked:
    def add(self, *_entries):
        raise StoreError("the database is locked")


def test_what_no_thread_can_be_started_for_is_written_with_the_next_entry(tmp_path, monkeypatch):
    desk = Desk(_Locked(), lambda: tmp_path, SetClock())  # type: ignore[arg-type]
    with without_threads(monkeypatch):
        desk.file(Entry(NOW_US, Level.INFO, Source.WEB, "first", ""))
    desk.file(Entry(NOW_US, Level.INFO, Source.WEB, "next", ""))
    wait_until(lambda: desk.settle(0.1), 30, what="it is written")
    (path,) = audit_files(tmp_path)["web"]
    assert [entry.action for entry in read_entries(path)[0]] == ["first", "next"]


@pytest.mark.parametrize("again", [Desk.tend, lambda desk: desk.close(5)], ids=["while it is tended", "at the end"])
def test_what_no_thread_can_be_started_for_is_written_without_another_entry_too(tmp_path, monkeypatch, again):
    desk = Desk(_Locked(), lambda: tmp_path, SetClock())  # type: ignore[arg-type]
    with without_threads(monkeypatch):
        desk.file(Entry(NOW_US, Level.INFO, Source.WEB, "only", ""))
        desk.tend()
    again(desk)
    assert desk.settle(5)
    (path,) = audit_files(tmp_path)["web"]
    assert [entry.action for entry in read_entries(path)[0]] == ["only"]


def test_what_can_be_written_nowhere_waits_until_it_can_and_what_is_too_much_is_counted(tmp_path):
    folder = tmp_path / "run"
    desk = Desk(_Locked(), lambda: folder, SetClock(), most_waiting=3)  # type: ignore[arg-type]
    for number in range(6):
        desk.file(Entry(NOW_US, Level.INFO, Source.WEB, f"a{number}", ""))
    assert not desk.settle(0.01)
    folder.mkdir()
    wait_until(lambda: desk.settle(0.1), 30, what="it is written")
    desk.file(Entry(NOW_US, Level.INFO, Source.WEB, "later", ""))
    wait_until(lambda: desk.settle(0.1), 30, what="it is written")
    (path,) = audit_files(folder)["web"]
    assert [entry.action for entry in read_entries(path)[0]] == ["a0", "a1", "a2", "audit.lost", "later"]


def test_a_download_is_told_once_and_again_after_a_long_pause():
    downloads = Downloads()
    one = ("anna", "192.0.2.7", "/api/1/camera/gate.range")
    assert [downloads.begins(one, at_s) for at_s in (0, 1, 3_000, 6_000, 9_601)] == [True, False, False, False, True]
    assert downloads.begins(("bert", *one[1:]), 1)


def test_what_failed_here_is_told_as_such(made, monkeypatch):
    def fail(*_args, **_more):
        raise StoreError("disk I/O error")

    monkeypatch.setattr(made.store.tags, "add", fail)
    tag = {"camera_id": "gate", "time": "2026-03-10T10:00Z", "label": "van"}
    assert made.token_admin().post("/api/1/tags", tag).status >= 500
    told = the_last(made)
    assert (told["action"], told["level"], told["camera_id"]) == ("tag.add", "error", "gate")
    assert told["text"].startswith("it failed here to label a moment")
