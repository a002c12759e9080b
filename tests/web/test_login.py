"""In and out, and what a session is good for."""

import hashlib
import logging
import re
import threading

import pytest

from pynvr.base.errors import StoreError
from tests.web.client import HOST
from tests.web.making import PASSWORDS, make_site

DAY_S = 86_400


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path)


@pytest.fixture
def quick(monkeypatch):
    """Password checks that cost nothing."""
    monkeypatch.setattr("pynvr.store.users.verify_password", lambda password, _hash: password == "admin-password")


def test_who_knows_the_password_is_let_in(made):
    browser = made.anonymous()
    answer = browser.login("Admin", PASSWORDS["admin"])
    assert answer.status == 200
    assert answer.json == {"name": "admin", "role": "admin"}
    me = browser.get("/api/me").json
    assert (me["name"], me["role"], me["kind"], me["timezone"]) == ("admin", "admin", "session", "Europe/Berlin")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(made, quick):
    value = made.anonymous().login("admin", PASSWORDS["admin"]).header("Set-Cookie")
    assert re.fullmatch(r"pynvr_s=[\w-]{43}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax", value)


def test_over_tls_the_cookie_never_goes_out_in_the_clear(made, quick):
    answer = made.anonymous().request(
        "POST", "/api/login", json={"name": "admin", "password": PASSWORDS["admin"]}, scheme="https"
    )
    assert answer.header("Set-Cookie").endswith("; Secure")
    assert answer.header("Strict-Transport-Security").startswith("max-age=")


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_wrong_passwords_and_unknown_users_get_the_same_answer(made, name):
    answer = made.anonymous().login(name, "wrong-password")
    assert answer.status == 401
    assert answer.json == {"error": {"code": "wrong_credentials", "message": "name or password is wrong"}}
    assert not answer.header("Set-Cookie")


def test_an_unknown_user_costs_as_much_work_as_a_known_one(made, true_passwords, monkeypatch):
    made.store.users.add("anna", "a long password", "viewer", 1)
    real, calls = hashlib.scrypt, []

    def counted(*args, **options):
        calls.append((options["n"], options["r"], options["p"]))
        return real(*args, **options)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    made.anonymous().login("anna", "wrong-password")
    made.anonymous().login("nobody", "wrong-password")
    assert len(calls) == 2
    assert calls[0] == calls[1]


def test_a_refused_login_is_logged_with_its_address_and_without_what_was_typed(made, quick, caplog):
    made.anonymous().login("admin", "hunter2-hunter2")
    made.anonymous().login("swordfish-typed-as-name", "hunter2-hunter2")
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [
        "login refused: wrong password for 'admin', from 192.0.2.7",
        "login refused: wrong password for a name that no user has, from 192.0.2.7",
    ]


def test_a_session_begins_anew_with_each_login(made, quick):
    browser = made.anonymous()
    browser.cookies["pynvr_s"] = "A" * 43  # what somebody else put there
    browser.login("admin", PASSWORDS["admin"])
    first = browser.cookies["pynvr_s"]
    assert first != "A" * 43
    browser.login("admin", PASSWORDS["admin"])
    assert browser.cookies["pynvr_s"] != first
    thief = made.anonymous()
    thief.cookies["pynvr_s"] = first
    assert thief.get("/api/me").status == 401


def test_logout_ends_the_session_on_the_server_too(made):
    browser = made.as_admin()
    stolen = dict(browser.cookies)
    answer = browser.post("/api/logout")
    assert answer.status == 204
    assert answer.header("Set-Cookie").startswith("pynvr_s=; Max-Age=0; Path=/")
    assert browser.cookies == {}
    browser.cookies.update(stolen)
    assert browser.get("/api/me").status == 401


def test_a_session_slides_on_and_ends_after_thirty_idle_days(made):
    browser = made.as_viewer()
    for _ in range(3):
        made.clock.move(29 * DAY_S)
        answer = browser.get("/api/me")
        assert answer.status == 200
        assert "Max-Age=2592000" in answer.header("Set-Cookie"), "the browser would forget it"
    made.clock.move(30 * DAY_S)
    assert browser.get("/api/me").status == 401


def test_the_cookie_is_renewed_once_a_day_alone(made):
    browser = made.as_viewer()
    made.clock.move(DAY_S)
    assert browser.get("/api/me").header("Set-Cookie")
    made.clock.move(120)
    assert not browser.get("/api/me").header("Set-Cookie")


def test_a_full_disk_does_not_log_people_out(made, monkeypatch, caplog):
    def refuse(*_args):
        raise StoreError("database or disk is full")

    browser = made.as_viewer()
    monkeypatch.setattr(type(made.store.sessions), "touch", refuse)
    assert browser.get("/api/me").status == 200
    assert "can't note that a session is used" in caplog.text


def test_nobody_waits_again_and_again_for_a_locked_database(made, monkeypatch, caplog):
    tried = []

    def held_up(_sessions, session, _now_us):
        tried.append(session.name)
        raise StoreError("database is locked")

    monkeypatch.setattr(type(made.store.sessions), "touch", held_up)
    one, other = made.as_viewer(), made.as_admin()
    for browser in (one, other, one, other):
        assert browser.get("/api/me").status == 200
    assert tried == ["viewer"]
    made.clock.move(61)
    assert other.get("/api/me").status == 200
    assert tried == ["viewer", "admin"]
    assert caplog.text.count("can't note that a session is used") == 2


def test_a_request_goes_on_while_another_notes_that_a_session_is_used(made, monkeypatch):
    one, other = made.as_viewer(), made.as_admin()
    touched = []

    def slow(_sessions, session, _now_us):
        touched.append(session.name)
        meanwhile = threading.Thread(target=lambda: answers.append(other.get("/api/me").status))
        meanwhile.start()
        meanwhile.join()
        return False

    answers: list[int] = []
    monkeypatch.setattr(type(made.store.sessions), "touch", slow)
    assert one.get("/api/me").status == 200
    assert answers == [200]
    assert touched == ["viewer"]


def test_a_new_role_holds_from_the_next_request_on(made):
    browser = made.as_viewer()
    assert browser.get("/api/users").status == 403
    made.store.users.set_role("viewer", "admin")
    assert browser.get("/api/users").status == 200


def test_a_removed_user_is_out_at_once(made):
    browser = made.as_viewer()
    made.store.users.remove("viewer")
    assert browser.get("/api/me").status == 401


def test_changing_the_password_throws_out_everybody_else(made):
    here, elsewhere = made.as_viewer(), made.as_viewer()
    stolen = dict(here.cookies)
    answer = here.post("/api/me/password", {"old": PASSWORDS["viewer"], "new": "a longer one"})
    assert answer.status == 204
    assert here.get("/api/me").status == 200
    assert elsewhere.get("/api/me").status == 401
    thief = made.anonymous()
    thief.cookies.update(stolen)
    assert thief.get("/api/me").status == 401
    assert made.anonymous().login("viewer", "a longer one").status == 200


def test_the_old_password_is_asked_for_and_the_new_one_must_do(made, quick):
    browser = made.as_viewer()
    refused = browser.post("/api/me/password", {"old": "wrong-password", "new": "a longer one"})
    assert (refused.status, refused.error) == (422, "wrong_password")
    weak = browser.post("/api/me/password", {"old": "wrong-password", "new": "short"})
    assert (weak.status, weak.json["error"]["message"]) == (422, "a password has 8 to 1024 letters")
    assert browser.get("/api/me").status == 200


def test_ones_browsers_are_listed_and_logged_out(made):
    here = made.as_viewer()
    made.clock.move(60)
    elsewhere = made.as_viewer()
    made.as_admin()
    sessions = here.get("/api/me/sessions").json["sessions"]
    assert sorted(one["current"] for one in sessions) == [False, True]
    other = next(one for one in sessions if not one["current"])
    assert other["address"] == "192.0.2.7"
    assert here.delete(f"/api/me/sessions/{other['id']}").status == 204
    assert elsewhere.get("/api/me").status == 401
    assert here.delete(f"/api/me/sessions/{other['id']}").status == 404
    assert here.delete(f"/api/me/sessions/{10**30}").status == 404


def test_nobody_ends_the_session_of_another(made):
    admin, viewer = made.as_admin(), made.as_viewer()
    theirs = admin.get("/api/me/sessions").json["sessions"][0]["id"]
    assert viewer.delete(f"/api/me/sessions/{theirs}").status == 404
    assert admin.get("/api/me").status == 200


def test_a_token_is_no_person(made):
    program = made.token_admin()
    assert program.get("/api/me").json["kind"] == "token"
    for answer in (
        program.get("/api/me/sessions"),
        program.post("/api/me/password", {"old": "x", "new": "a longer one"}),
    ):
        assert (answer.status, answer.error) == (403, "not_a_user")


def test_five_guesses_a_minute_from_an_address(made, quick):
    browser = made.anonymous()
    assert [browser.login(f"user{n}", "wrong").status for n in range(6)] == [401] * 5 + [429]
    refused = browser.login("admin", PASSWORDS["admin"])
    assert (refused.status, refused.error) == (429, "too_many_requests")
    assert refused.header("Retry-After") == "12"
    assert made.anonymous(address="192.0.2.8").login("admin", PASSWORDS["admin"]).status == 200
    made.clock.move(12)
    assert browser.login("admin", PASSWORDS["admin"]).status == 200


def test_one_customer_of_ipv6_is_one_address(made, quick):
    statuses = [made.anonymous(address=f"2001:db8::{n}").login(f"user{n}", "wrong").status for n in range(1, 7)]
    assert statuses == [401] * 5 + [429]


def test_ten_guesses_a_minute_at_a_user_from_wherever(made, quick):
    statuses = [
        made.anonymous(address=f"192.0.2.{n}").login("ADMIN" if n % 2 else "admin", "x").status for n in range(11)
    ]
    assert statuses == [401] * 10 + [429]
    assert made.anonymous(address="192.0.2.99").login("viewer", "x").status == 401


def test_right_passwords_do_not_count_as_guesses(made, quick):
    browser = made.anonymous()
    assert {browser.login("admin", PASSWORDS["admin"]).status for _ in range(12)} == {200}


def test_guessing_the_old_password_is_limited_too(made, quick):
    browser = made.as_viewer()
    answers = [browser.post("/api/me/password", {"old": "wrong", "new": "a longer one"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [422] * 5 + [429]


def test_a_limited_guess_costs_no_hash(made, monkeypatch):
    calls = []

    def refuse(*given):
        calls.append(given)
        return False

    monkeypatch.setattr("pynvr.store.users.verify_password", refuse)
    browser = made.anonymous()
    for _ in range(9):
        browser.login("admin", "wrong")
    assert len(calls) == 5


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"name": "admin"},
        {"name": 1, "password": "x"},
        {"name": "", "password": "x"},
        {"name": "admin", "password": ["x"]},
        {"name": "admin", "password": "x" * 2000},
    ],
)
def test_a_login_without_name_or_password_is_a_bad_request(made, sent):
    assert made.anonymous().post("/api/login", sent).status == 400


def test_a_program_may_log_in_without_being_a_browser(made, quick):
    answer = made.anonymous().request(
        "POST", "/api/login", json={"name": "admin", "password": PASSWORDS["admin"]}, ours=False
    )
    assert answer.status == 200


def test_another_site_can_log_nobody_in(made, quick):
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": f"http://{HOST}"},
    ):
        answer = made.anonymous().request(
            "POST",
            "/api/login",
            json={"name": "admin", "password": PASSWORDS["admin"]},
            ours=False,
            headers=headers,
        )
        assert (answer.status, answer.error) == (403, "foreign_origin")


def test_nothing_secret_is_logged(made, caplog):
    caplog.set_level(logging.DEBUG)
    browser = made.anonymous()
    browser.login("admin", "a-wrong-password")
    browser.login("admin", PASSWORDS["admin"])
    browser.post("/api/me/password", {"old": PASSWORDS["admin"], "new": "the-new-password"})
    token = browser.post("/api/tokens", {"name": "fresh", "role": "admin"}).json["token"]
    browser.post("/api/users", {"name": "carl", "password": "password-of-carl"})
    program = made.anonymous(token=token)
    assert program.get("/api/me").status == 200
    assert program.get("/api/nothing").status == 404
    for secret in (
        "a-wrong-password",
        PASSWORDS["admin"],
        "the-new-password",
        token,
        "password-of-carl",
        browser.cookies["pynvr_s"],
    ):
        assert secret not in caplog.text
