"""What must hold for every route, also for those that are yet to be written; and attacks by name."""

import logging
import sqlite3

import pytest
from gunicorn.http.errors import InvalidChunkSize, NoMoreData

from pynvr.web.headers import CONTENT_SECURITY_POLICY
from pynvr.web.pages import OPEN_FILES
from pynvr.web.routing import Access
from pynvr.web.static_files import StaticFiles
from tests.web.client import HOST
from tests.web.enumeration import called_routes, guarded, is_page, with_each_value
from tests.web.making import make_site

# All that anybody may see: a probe, the two pages in front of the door with their files, and the door itself.
OPEN = {
    ("GET", "/health"),
    ("GET", "/login"),
    ("GET", "/setup"),
    ("GET", "/login/site.css"),
    ("GET", "/login/static/<name:path>"),
    ("GET", "/favicon.ico"),
    ("POST", "/api/login"),
    ("POST", "/api/setup"),
}
TRAVERSALS = (
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/nvr.json",
    "..%5c..%5cnvr.json",
    "%2fetc%2fpasswd",
    "....//....//nvr.json",
    "gate%00.jpg",
    "%c0%ae%c0%ae/nvr.json",
    "%ff%fe",
    "..",
    ".",
    "~root",
)
INJECTIONS = ("x%0d%0aSet-Cookie:%20pynvr_s=evil", "x%0aX-Evil:%201", "x%22;filename=%22evil.exe", "%E2%80%AE")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        # No master hears that a searcher is wanted here.
        for module in ("best_frames", "find_change"):
            patch.setattr(f"pynvr.web.api.{module}.PATIENCE_S", 0.0)
        return make_site(tmp_path_factory.mktemp("security"))


@pytest.fixture
def fresh(tmp_path):
    return make_site(tmp_path)


def body_for(route):
    return {} if route.body is not None else None


def is_refused(answer, route):
    if is_page(route):
        return answer.status == 303 and answer.header("Location").startswith("/login")
    return answer.status == 401 and b"send a token" in answer.body


def test_only_the_door_is_open(made):
    found = {(one.route.method, one.route.rule) for one in called_routes(made.site) if one.route.access is Access.OPEN}
    assert found <= OPEN
    assert {("POST", "/api/login"), ("POST", "/api/setup"), ("GET", "/login"), ("GET", "/setup")} <= found


def test_of_the_files_only_those_of_the_door_are_open(made):
    for name in StaticFiles().names:
        expected = 200 if name in OPEN_FILES else 404
        assert made.anonymous().get(f"/login/static/{name}").status == expected, name
        assert made.anonymous().get(f"/static/{name}").status == 401, name


@pytest.mark.parametrize(
    ("what", "headers", "query"),
    [
        ("nothing", {}, ""),
        ("a cookie that nobody has", {"Cookie": f"pynvr_s={'A' * 43}"}, ""),
        ("a cookie of another form", {"Cookie": "pynvr_s=' or 1=1 --"}, ""),
        ("an unknown token", {"Authorization": "Bearer pynvr_" + "A" * 43}, ""),
        ("an empty token", {"Authorization": "Bearer "}, ""),
        ("a name and password in the header", {"Authorization": "Basic YWRtaW46YWRtaW4tcGFzc3dvcmQ="}, ""),
        ("a token in the address", {}, "?token={token}&access_token={token}&api_key={token}"),
        ("a token as cookie", {"Cookie": "pynvr_s={token}; token={token}"}, ""),
        ("a proxy's word for a user", {"X-Forwarded-User": "admin", "Remote-User": "admin"}, ""),
    ],
)
def test_no_route_answers_without_authorisation(made, what, headers, query):
    token = made.tokens["admin"]
    for one in guarded(made.site):
        sent = {name: value.format(token=token) for name, value in headers.items()}
        path = one.path + query.format(token=token)
        answer = made.anonymous().request(one.route.method, path, json=body_for(one.route), headers=sent)
        assert is_refused(answer, one.route), f"{one} with {what}: {answer.status} {answer.body[:200]!r}"
        assert answer.status == 303 or answer.header("WWW-Authenticate").startswith("Bearer")


def test_a_wrong_token_is_not_helped_by_a_right_cookie(made):
    browser = made.as_admin()
    assert browser.get("/api/me", {"Authorization": "Bearer wrong"}).status == 401


def test_a_viewer_calls_nothing_that_is_for_admins(made):
    admins = [one for one in guarded(made.site) if one.route.access is Access.ADMIN]
    assert len(admins) >= 7
    for viewer in (made.as_viewer(), made.token_viewer()):
        for one in admins:
            answer = viewer.request(one.route.method, one.path, json=body_for(one.route), headers={"Accept": "*/*"})
            assert answer.status == 403, f"{one}: {answer.status}"
            assert answer.error == "forbidden"


@pytest.mark.parametrize(
    ("ours", "headers"),
    [
        (False, {"Origin": f"http://{HOST}"}),
        (False, {"Origin": f"http://{HOST}", "X-PyNVR": "0"}),
        (True, {"Origin": "https://evil.example"}),
        (True, {"Origin": "null"}),
        (True, {"Origin": "http://localhost:8081"}),
        (True, {"Origin": f"https://{HOST}"}),
        (True, {"Origin": f"http://{HOST}.evil.example"}),
        (True, {"Origin": None, "Sec-Fetch-Site": "cross-site"}),
        (True, {"Sec-Fetch-Site": "same-site"}),
        (True, {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}),
    ],
)
def test_no_foreign_page_changes_anything(made, ours, headers):
    browser = made.as_admin()
    changing = [one for one in guarded(made.site) if one.route.method != "GET"]
    assert len(changing) >= 8
    for one in changing:
        sent = {"Accept": "*/*", **headers}
        answer = browser.request(one.route.method, one.path, json=body_for(one.route), ours=ours, headers=sent)
        assert answer.status == 403, f"{one} with {headers}: {answer.status}"
        assert answer.error in ("foreign_origin", "no_header")
    assert browser.get("/api/me").status == 200


def test_our_own_page_does(fresh):
    browser = fresh.as_admin()
    assert browser.post("/api/tokens", {"name": "one"}).status == 201
    assert browser.post("/api/tokens", {"name": "two"}, headers={"Sec-Fetch-Site": "same-origin"}).status == 201


def test_our_page_behind_a_proxy_that_hides_its_tls_does(fresh):
    headers = {"Origin": f"https://{HOST}", "Sec-Fetch-Site": "same-origin"}
    assert fresh.as_admin().post("/api/tokens", {"name": "one"}, headers=headers).status == 201


def test_a_program_needs_no_header_beside_its_token(fresh):
    assert fresh.token_admin().post("/api/tokens", {"name": "one"}).status == 201


def test_looking_changes_nothing(fresh):
    def contents():
        with sqlite3.connect(fresh.store.path) as connection:
            tables = ("users", "tokens", "sessions", "keeps", "tags")
            return [connection.execute(f"select * from {table} order by 1").fetchall() for table in tables]

    browser = fresh.as_admin()
    before, config = contents(), fresh.settings.path.read_bytes()
    for one in guarded(fresh.site):
        if one.route.method == "GET":
            browser.get(one.path)
            browser.get(f"{one.path}?action=delete&_method=DELETE", {"X-HTTP-Method-Override": "DELETE"})
    assert contents() == before
    assert fresh.settings.path.read_bytes() == config


def test_no_address_leads_out_of_its_place(fresh):
    program = fresh.token_admin()
    for one in called_routes(fresh.site):
        for path in with_each_value(one.route, TRAVERSALS):
            answer = program.request(one.route.method, path, json=body_for(one.route))
            assert answer.status != 500, f"{one.route.method} {path}: {answer.status}"
            assert b"root:" not in answer.body
            assert b"camera-secret" not in answer.body


def test_nothing_of_a_request_becomes_a_header(fresh):
    program = fresh.token_admin()
    for one in called_routes(fresh.site):
        paths = [*with_each_value(one.route, INJECTIONS)]
        paths += [f"{one.path}?{name}={text}" for text in INJECTIONS for name in ("name", "next", "from", "camera_ids")]
        for path in paths:
            answer = program.request(one.route.method, path, json=body_for(one.route))
            assert answer.status != 500, f"{one.route.method} {path}: {answer.status}"
            assert "x-evil" not in answer.headers
            values = [value for values in answer.headers.values() for value in values]
            assert all(value.isprintable() for value in values), answer.headers
            assert "evil" not in answer.header("Set-Cookie")
            assert 'filename="evil' not in answer.header("Content-Disposition")


def test_the_page_after_the_login_is_one_of_ours(made):
    answer = made.anonymous().get("//evil.example/%0d%0aX:1")
    assert not answer.header("Location").startswith("//")
    location = made.anonymous().get("/?d=2026&next=//evil").header("Location")
    assert location == "/login?next=%2F%3Fd%3D2026%26next%3D%2F%2Fevil"


def test_every_answer_carries_the_security_headers(made):
    answers = [made.anonymous().request(one.route.method, one.path) for one in called_routes(made.site)]
    answers += [made.as_admin().get(one.path) for one in called_routes(made.site) if one.route.method == "GET"]
    answers += [
        made.anonymous().get("/nowhere"),
        made.anonymous().request("TRACE", "/"),
        made.anonymous().get("/", {"Host": "evil.example"}),
        made.anonymous().post("/api/login", body=b"{"),
    ]
    for answer in answers:
        assert answer.header("Content-Security-Policy") == CONTENT_SECURITY_POLICY
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("Referrer-Policy") == "same-origin"
        assert answer.header("Permissions-Policy")
        assert answer.header("Cache-Control")
        assert "public" not in answer.header("Cache-Control")
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert not answer.header("Server")
        if answer.header("Content-Type").startswith("application/json"):
            # Asking again whether it is still so costs less than sending it again; nobody else may keep it.
            assert answer.header("Cache-Control") in ("no-store", "private, no-cache")


def test_no_answer_holds_a_camera_password(made):
    for client in (made.as_admin(), made.as_viewer(), made.token_admin()):
        for one in called_routes(made.site):
            if one.route.method == "GET":
                for query in ("", "?from=20260310.1200&to=20260310.1300&camera_ids=gate&resolution=60"):
                    assert b"camera-secret" not in client.get(one.path + query).body, one


def test_no_token_or_cookie_is_logged(made, caplog):
    caplog.set_level(logging.DEBUG)
    browser, program = made.as_admin(), made.token_admin()
    for one in guarded(made.site):
        if one.route.method == "GET":
            browser.get(one.path)
            program.get(f"{one.path}?from=garbage")
    assert browser.cookies["pynvr_s"] not in caplog.text
    assert made.tokens["admin"] not in caplog.text


def test_head_answers_as_get_without_a_body(made):
    browser = made.as_admin()
    for one in called_routes(made.site):
        if one.route.method == "GET":
            head = browser.head(one.path)
            assert head.body == b"", one
            assert head.status == browser.get(one.path).status, one


def with_body(made):
    return [one for one in called_routes(made.site) if one.route.body is not None]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"null", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b'{"a": Infinity}', "application/json", 400),
        (b'{"a": ' * 100_000, "application/json", 400),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "application/json", 400),
        (b"[" * 500_000, "application/json", 400),
        (b'{"a": "' + b"x" * 1_000_000 + b'"}', "application/json", 413),
        (b"name=admin&password=x", "application/x-www-form-urlencoded", 415),
        (b'{"name": "admin"}', "text/plain", 415),
        (b'{"name": "admin"}', "", 415),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
    ],
)
def test_only_sane_json_is_taken(made, body, content_type, status):
    is_form = content_type.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))
    for one in with_body(made):
        if is_form and one.route.form:
            continue
        answer = made.token_admin().request(
            one.route.method, one.path, body=body, headers={"Content-Type": content_type}
        )
        assert answer.status == status, f"{one}: {answer.status} {answer.body[:200]!r}"


def test_a_garbage_object_is_no_mistake_of_ours(fresh):
    garbage: tuple[dict[str, object], ...] = (
        {},
        {"": None},
        {"name": {}, "password": [], "role": 7, "old": None, "new": 1, "code": {"a": []}},
        {"x": 1e308},
        {"name": "\x00\r\n", "password": "\ud800" * 10, "camera_id": "../..", "from": [], "to": "x"},
    )
    for one in with_body(fresh):
        for document in garbage:
            answer = fresh.token_admin().request(one.route.method, one.path, json=document, headers={"Accept": "*/*"})
            # Without a master nobody grants a wish.
            assert answer.status < 500 or answer.error == "unheard", f"{one} with {document}: {answer.status}"


@pytest.mark.parametrize("length", ["99999999999", "1000001"])
def test_a_body_that_says_that_it_is_too_long_is_not_read(made, length):
    class Unread:
        def read(self, *_):
            raise AssertionError("it was read")

    for one in called_routes(made.site):
        if one.route.method != "GET":
            answer = made.token_admin().request(
                one.route.method,
                one.path,
                headers={"Content-Length": length, "Content-Type": "application/json"},
                environ={"wsgi.input": Unread()},
            )
            assert answer.status == 413, f"{one}: {answer.status}"


@pytest.mark.parametrize("length", ["-1", "ten", "1e3", "٣", "1, 1"])
def test_a_length_that_is_no_number_is_refused(made, length):
    headers = {"Content-Length": length, "Content-Type": "application/json"}
    assert made.anonymous().request("POST", "/api/login", headers=headers).status == 400


def test_a_chunked_body_without_end_is_cut_off(made):
    class Endless:
        given = 0

        def read(self, count=65536):
            assert Endless.given <= 2_000_000, "it reads on and on"
            part = b" " * min(count, 65536)
            Endless.given += len(part)
            return part

    answer = made.anonymous().request(
        "POST",
        "/api/login",
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json"},
        environ={"wsgi.input": Endless()},
    )
    assert answer.status == 413


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (TimeoutError("timed out"), 408),
        (ConnectionResetError(104, "reset"), 400),
        (NoMoreData(), 400),
        (InvalidChunkSize(b"zz"), 400),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_body_that_breaks_off_is_no_mistake_of_ours(made, caplog, error, status):
    class Broken:
        def read(self, *_):
            raise error

    answer = made.anonymous().request(
        "POST",
        "/api/login",
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json"},
        environ={"wsgi.input": Broken()},
    )
    assert (answer.status, answer.header("Connection")) == (status, "close")
    assert not [entry for entry in caplog.records if entry.levelno >= logging.ERROR]


HEADERS = ("Authorization", "Content-Type", "Cookie", "Origin", "Range", "If-None-Match", "User-Agent", "X-PyNVR")


@pytest.mark.parametrize("name", HEADERS)
def test_headers_of_any_bytes_are_no_mistake_of_ours(made, caplog, name):
    given = {name: "\xff\xfe\x80"}
    for client in (made.anonymous(), made.as_viewer(), made.token_admin()):
        assert client.get("/api/me", given).status < 500
        assert client.post("/api/login", {"name": "nobody", "password": "x"}, headers=given).status < 500
    assert not [entry for entry in caplog.records if entry.levelno >= logging.ERROR]


def test_a_chunked_body_is_read(made):
    answer = made.token_admin().request(
        "POST",
        "/api/users",
        body=b'{"name": ""}',
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json; charset=utf-8"},
        environ={"CONTENT_LENGTH": ""},
    )
    assert answer.json["error"]["message"].startswith("'name' must be")


def test_unknown_addresses_and_methods_are_said_in_the_askers_form(made):
    assert made.anonymous().get("/api/nothing").error == "not_found"
    assert made.anonymous().get("/nothing").header("Content-Type") == "text/html; charset=utf-8"
    assert made.anonymous().get("/nothing", {"Accept": "application/json"}).error == "not_found"
    assert b"<script>" not in made.anonymous().get("/<script>alert(1)</script>").body
    refused = made.as_admin().put("/api/me", {})
    assert (refused.status, refused.error, refused.header("Allow")) == (405, "method_not_allowed", "GET, HEAD")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_other_methods_do_nothing(made, method):
    answer = made.as_admin().request(method, "/api/users")
    if method == "get":  # Bottle takes methods in any letters; what it may do is that of GET
        assert answer.status in (200, 403, 405)
    else:
        assert answer.status == 405


def test_an_error_that_nobody_expected_tells_nothing(made, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("rtsp://admin:camera-secret@192.0.2.10/1")

    monkeypatch.setattr(type(made.store.tokens), "all", fail)
    answer = made.as_admin().get("/api/tokens")
    assert (answer.status, answer.error) == (500, "internal")
    assert b"camera-secret" not in answer.body
    assert "RuntimeError" in caplog.text


def test_a_database_that_is_away_is_said_without_its_path(made, monkeypatch):
    from pynvr.base.errors import StoreError

    def fail(*_):
        raise StoreError(f"{made.store.path}: reading: database is locked")

    monkeypatch.setattr(type(made.store.tokens), "all", fail)
    answer = made.as_admin().get("/api/tokens")
    assert (answer.status, answer.error, answer.header("Retry-After")) == (503, "database", "5")
    assert str(made.store.path).encode() not in answer.body
