"""The first start: nothing is open, and whoever reads the log makes the first user."""

import re
import threading

import pytest

from pynvr.web.app import build
from pynvr.web.setup_code import FILE_NAME
from tests.web.making import make_site


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path, users=())


def code_of(made):
    return made.settings.system.run_dir.joinpath(FILE_NAME).read_text().strip()


def first(made, **changed):
    return {"code": code_of(made), "name": "anna", "password": "correct horse", **changed}


def test_the_log_tells_the_link(tmp_path, caplog):
    made = make_site(tmp_path, users=())
    (line,) = [record.getMessage() for record in caplog.records if "setup" in record.getMessage()]
    link = re.search(r"http://localhost:8080/setup\?code=([\w-]{24}) ", line)
    assert link is not None
    assert link[1] == code_of(made)


def test_the_code_is_for_its_owner_alone_and_outlives_a_restart(made):
    path = made.settings.system.run_dir / FILE_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    before = code_of(made)
    build(made.site)
    assert code_of(made) == before


def test_without_a_user_there_is_the_setup_and_nothing_else(made):
    browser = made.anonymous()
    assert browser.get("/setup").status == 200
    assert browser.get("/").header("Location") == "/setup"
    assert browser.get("/login").header("Location") == "/setup"
    for answer in (
        browser.get("/api/me"),
        browser.get("/static/site.css"),
        browser.post("/api/logout"),
        browser.login("admin", "admin-password"),
    ):
        assert answer.status == 503
        assert b"no user yet" in answer.body
    assert browser.get("/api/me").error == "setup_needed"


def test_a_program_with_a_token_needs_no_user(made):
    assert made.token_admin().get("/api/me").status == 200
    assert made.anonymous(token="pynvr_wrong").get("/api/me").status == 503


def test_the_code_makes_the_first_admin_and_logs_them_in(made):
    browser = made.anonymous()
    answer = browser.post("/api/setup", first(made))
    assert (answer.status, answer.json) == (201, {"name": "anna", "role": "admin"})
    assert browser.get("/api/me").json["role"] == "admin"
    assert not made.settings.system.run_dir.joinpath(FILE_NAME).exists()
    assert browser.get("/login").status == 200
    assert browser.get("/setup").header("Location") == "/login"


def test_it_works_once(made):
    wanted = first(made)
    assert made.anonymous().post("/api/setup", wanted).status == 201
    again = made.anonymous().post("/api/setup", {**wanted, "name": "mallory"})
    assert (again.status, again.error) == (409, "conflict")
    assert [user.name for user in made.store.users.all()] == ["anna"]


def test_two_at_once_make_one_user(made, monkeypatch):
    both = threading.Barrier(2, timeout=60)
    from pynvr.store.passwords import hash_password

    def together(password):
        both.wait()
        return hash_password(password)

    monkeypatch.setattr("pynvr.store.users.hash_password", together)
    wanted, statuses = first(made), []

    def make(name):
        statuses.append(made.anonymous().post("/api/setup", {**wanted, "name": name}).status)

    threads = [threading.Thread(target=make, args=(name,)) for name in ("anna", "bert")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [201, 409]
    assert len(made.store.users.all()) == 1


def test_a_user_made_elsewhere_ends_the_setup(made):
    wanted = first(made)
    made.store.users.add("bert", "battery staple", "admin", made.clock.now_us())
    assert made.anonymous().post("/api/setup", wanted).status == 409
    assert made.anonymous().get("/api/me").status == 401
    build(made.site)
    assert not made.settings.system.run_dir.joinpath(FILE_NAME).exists()


@pytest.mark.parametrize("code", ["wrong", "", None, "é", 7])
def test_a_wrong_code_opens_nothing(made, code):
    answer = made.anonymous().post("/api/setup", first(made, code=code))
    assert answer.status in (400, 403)
    assert not made.store.users.exist()


def test_codes_are_not_guessed_quickly(made):
    browser = made.anonymous()
    statuses = [browser.post("/api/setup", first(made, code=f"guess{n}")).status for n in range(6)]
    assert statuses == [403] * 5 + [429]


@pytest.mark.parametrize(
    "changed", [{"password": "short"}, {"name": ""}, {"name": " anna"}, {"name": "a\nb"}, {"password": 12345678}]
)
def test_name_and_password_of_the_first_user_must_do(made, changed):
    assert made.anonymous().post("/api/setup", first(made, **changed)).status in (400, 422)
    assert not made.store.users.exist()


def test_an_emptied_code_file_opens_nothing(made):
    made.settings.system.run_dir.joinpath(FILE_NAME).write_text("\n")
    assert made.anonymous().post("/api/setup", {"code": "", "name": "anna", "password": "correct horse"}).status in (
        400,
        403,
    )
    assert not made.store.users.exist()
