"""Users and tokens over HTTP."""

import pytest

from tests.web.making import NOW_US, PASSWORDS, make_site


@pytest.fixture(scope="module")
def quick_hashes():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pynvr.store.users.hash_password", lambda password: f"scrypt$of {password}")
        patch.setattr("pynvr.store.users.verify_password", lambda password, stored: stored == f"scrypt$of {password}")
        yield


@pytest.fixture
def made(tmp_path, quick_hashes):
    return make_site(tmp_path)


def names(made):
    return [user["name"] for user in made.token_admin().get("/api/users").json["users"]]


def test_users_are_listed_without_their_hashes(made):
    answer = made.as_admin().get("/api/users")
    assert answer.json["users"][0] == {
        "name": "admin",
        "role": "admin",
        "made": NOW_US / 1e6,
        "password_changed": NOW_US / 1e6,
    }
    assert b"scrypt" not in answer.body


def test_a_user_is_made_and_logs_in(made):
    answer = made.as_admin().post("/api/users", {"name": "Carl", "password": "battery staple"})
    assert (answer.status, answer.json["role"]) == (201, "viewer")
    assert made.anonymous().login("carl", "battery staple").status == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name": "ADMIN", "password": "battery staple"}, 409),
        ({"name": "carl", "password": "short"}, 422),
        ({"name": "carl", "password": "x" * 1025}, 422),
        ({"name": "carl"}, 400),
        ({"password": "battery staple"}, 400),
        ({"name": "x" * 65, "password": "battery staple"}, 400),
        ({"name": "carl\n", "password": "battery staple"}, 400),
        ({"name": "carl", "password": "battery staple", "role": "root"}, 400),
        ({"name": "carl", "password": "battery staple", "role": None}, 400),
    ],
)
def test_a_user_that_will_not_do_is_refused(made, sent, status):
    assert made.as_admin().post("/api/users", sent).status == status
    assert names(made) == ["admin", "viewer"]


def test_role_and_password_are_changed_together_or_not_at_all(made):
    admin, viewer = made.as_admin(), made.as_viewer()
    refused = admin.patch("/api/users/viewer", {"role": "admin", "password": "short"})
    assert refused.status == 422
    assert made.store.users.find("viewer").role == "viewer"
    changed = admin.patch("/api/users/Viewer", {"role": "admin", "password": "battery staple"})
    assert (changed.status, changed.json["role"], changed.json["name"]) == (200, "admin", "viewer")
    assert viewer.get("/api/me").status == 401
    assert made.anonymous().login("viewer", "battery staple").json["role"] == "admin"


@pytest.mark.parametrize("sent", [{}, {"name": "x"}, {"role": "admin", "password_hash": "x"}])
def test_a_change_of_nothing_or_of_something_else_is_refused(made, sent):
    assert made.as_admin().patch("/api/users/viewer", sent).status == 400


def test_an_admin_who_gives_themselves_a_password_stays_logged_in_here_alone(made):
    here, elsewhere = made.as_admin(), made.as_admin()
    assert here.patch("/api/users/admin", {"password": "battery staple"}).status == 200
    assert here.get("/api/me").status == 200
    assert elsewhere.get("/api/me").status == 401


def test_somebody_stays_admin(made):
    admin = made.as_admin()
    for answer in (admin.delete("/api/users/admin"), admin.patch("/api/users/admin", {"role": "viewer"})):
        assert (answer.status, answer.error) == (409, "conflict")
        assert "the last admin" in answer.json["error"]["message"]
    admin.patch("/api/users/viewer", {"role": "admin"})
    assert admin.delete("/api/users/admin").status == 204
    assert admin.get("/api/me").status == 401
    assert names(made) == ["viewer"]


def test_users_that_are_not_there_are_not_found(made):
    admin = made.as_admin()
    assert admin.delete("/api/users/nobody").status == 404
    assert admin.patch("/api/users/nobody", {"role": "admin"}).status == 404


def test_a_name_with_any_letter_can_be_addressed(made):
    admin = made.as_admin()
    for name in ("a/b c", "Jürgen", "100% me?"):
        assert admin.post("/api/users", {"name": name, "password": "battery staple"}).status == 201
    for path in ("a%2Fb%20c", "J%C3%BCrgen", "100%25%20me%3F"):
        assert admin.delete(f"/api/users/{path}").status == 204
    assert names(made) == ["admin", "viewer"]


def test_a_token_is_shown_once_and_opens_what_its_role_may(made):
    admin = made.as_admin()
    answer = admin.post("/api/tokens", {"name": "reports"})
    assert (answer.status, answer.json["role"]) == (201, "viewer")
    token = answer.json["token"]
    program = made.anonymous(token=token)
    assert program.get("/api/me").json == program.get("/api/me").json | {"name": "reports", "role": "viewer"}
    assert program.get("/api/users").status == 403
    listed = admin.get("/api/tokens")
    assert [one["name"] for one in listed.json["tokens"]] == ["admin program", "reports", "viewer program"]
    assert token.encode() not in listed.body
    assert admin.delete("/api/tokens/reports").status == 204
    assert program.get("/api/me").status == 401
    assert admin.delete("/api/tokens/reports").status == 404


def test_a_tokens_name_is_taken_once(made):
    assert made.as_admin().post("/api/tokens", {"name": "admin program"}).status == 409
    assert made.as_admin().post("/api/tokens", {"name": "x", "role": "root"}).status == 400
    assert made.as_admin().post("/api/tokens", {}).status == 400


def test_without_a_free_place_to_hash_nothing_is_changed(made):
    admin = made.as_admin()
    places = [made.site.door.hashing.one() for _ in range(2)]
    for place in places:
        place.__enter__()
    try:
        made.site.door.hashing._queue = type(made.site.door.hashing._queue)(0)
        answer = admin.patch("/api/users/viewer", {"role": "admin", "password": "battery staple"})
        assert (answer.status, bool(answer.header("Retry-After"))) == (429, True)
        assert made.store.users.find("viewer").role == "viewer"
        assert made.anonymous().login("viewer", PASSWORDS["viewer"]).status == 429
    finally:
        for place in places:
            place.__exit__(None, None, None)
