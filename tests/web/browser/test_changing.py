"""Pages that change something, on a site of their own: cameras' settings, users, tokens, account, first user."""

import json
import re

import pytest
from playwright.sync_api import Route, expect

from pynvr.config.load import load
from tests.gst_server import GstServer
from tests.waiting import wait_until
from tests.web.browser.conftest import log_in
from tests.web.browser.standing import make_bare_site
from tests.web.browser.watching import nameless_controls, poor_contrasts, width_beyond_the_screen, without_complaints
from tests.web.running import RunningSite, add_users

CAMERAS = [
    {"id": "gate", "name": "Gate", "url": "rtsp://root:hush-hush@192.0.2.7/1", "retention": {"max_days": 30}},
    {"id": "yard", "url": "rtsp://192.0.2.8/1", "record": {"mode": "schedule", "schedule": "period:22-05"}},
]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    made = make_bare_site(tmp_path_factory.mktemp("bare"), CAMERAS)
    add_users(made)
    return made


@pytest.fixture(scope="module")
def live_site(config):
    with RunningSite(config) as site:
        yield site


@pytest.fixture(autouse=True)
def as_it_was(config):
    """Each test begins with the same cameras."""
    before = config.read_bytes()
    yield
    config.write_bytes(before)


@pytest.fixture
def page(context, live_site):
    log_in(context, live_site, "admin")
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    return page


def stored(config, camera_id):
    return next(camera for camera in json.loads(config.read_text())["cameras"] if camera["id"] == camera_id)


def open_settings(page, camera_id):
    page.goto(f"/settings#{camera_id}")
    expect(page.get_by_role("button", name="Test")).to_be_visible()
    expect(page.locator(".camera-link[aria-current]")).to_be_visible() if camera_id != "new" else None


def test_a_change_is_written_to_nvr_json_alone(page, config):
    with without_complaints(page):
        open_settings(page, "gate")
        expect(page.get_by_label("Address", exact=True)).to_have_value("rtsp://root:***@192.0.2.7/1")
        expect(page.get_by_role("button", name="Save")).to_be_disabled()
        page.get_by_label("Name").fill("Gate, north")
        page.get_by_label("At most").first.fill("14")
        expect(page.locator(".camera-link[aria-current]")).to_contain_text("changed, not saved")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Gate, north is saved.")).to_be_visible()
    assert stored(config, "gate") == {**CAMERAS[0], "name": "Gate, north", "retention": {"max_days": 14}}
    assert load(config).cameras[0].name == "Gate, north"


def test_detection_is_switched_on_with_a_zone_drawn_on_the_picture(page, config):
    with without_complaints(page):
        open_settings(page, "gate")
        expect(page.locator(".zone-field")).to_have_count(2)
        expect(page.locator(".zone-field").first).to_be_hidden()
        page.get_by_label("Motion", exact=True).select_option("On")
        field = page.locator(".zone-field").first
        field.scroll_into_view_if_needed()
        box = field.bounding_box()
        assert box is not None
        at = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])  # noqa: E731
        page.mouse.move(*at(0.1, 0.5))
        page.mouse.down()
        page.mouse.move(*at(0.4, 0.7))
        page.mouse.move(*at(0.9, 0.9))
        page.mouse.up()
        expect(page.locator(".zone-corner:not(.middle)")).to_have_count(4)
        page.get_by_role("button", name="Zone 1, corner 1").focus()
        page.keyboard.press("Shift+ArrowUp")
        editor = page.locator(".zone-editor").first
        editor.get_by_role("button", name="Add a zone").press("Enter")
        expect(editor.get_by_role("button", name="Zone 2, corner 1")).to_be_focused()
        editor.get_by_role("button", name="Remove zone 2").press("Enter")
        expect(editor.get_by_role("button", name="Add a zone")).to_be_focused()
        page.get_by_label("Motion: one alert in").fill("60")
        assert poor_contrasts(page) == []
        assert nameless_controls(page) == []
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Gate is saved.")).to_be_visible()
    motion = stored(config, "gate")["detect"]["motion"]
    assert (motion["enabled"], motion["cooldown_seconds"]) == (True, 60)
    [zone] = motion["zones"]
    corners = [pytest.approx(corner, abs=0.02) for corner in ([0.1, 0.4], [0.9, 0.5], [0.9, 0.9], [0.1, 0.9])]
    assert zone == corners
    assert load(config).cameras[0].detect.motion.enabled


def test_clips_of_incidents_are_sent_somewhere_with_secrets_that_no_page_shows(page, config):
    where = "https://example.org/in"
    with without_complaints(page, "422"):
        open_settings(page, "gate")
        page.get_by_role("heading", name="Incidents").click()
        expect(page.get_by_label("Token")).to_be_hidden()
        page.get_by_label("Clips are delivered to").fill(where)
        page.get_by_label("Token").fill("hush")
        page.get_by_label("Further headers").fill("X-Key: abc\nX-Place: gate")
        page.get_by_label("Before the moment").fill("12")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Gate is saved.")).to_be_visible()
        headers = {"X-Key": "abc", "X-Place": "gate"}
        given = {"post_url": where, "post_token": "hush", "post_headers": headers, "incident": {"pre_seconds": 12}}
        assert stored(config, "gate") == {**CAMERAS[0], **given}
        page.reload()
        page.get_by_role("heading", name="Incidents").click()
        expect(page.get_by_label("Token")).to_have_value("***")
        expect(page.get_by_label("Further headers")).to_have_value("X-Key: ***\nX-Place: ***")
        page.get_by_label("Further headers").fill("X-Key: ***")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Gate is saved.")).to_be_visible()
        assert stored(config, "gate")["post_headers"] == {"X-Key": "abc"}
        page.get_by_label("Clips are delivered to").fill("https://other.example/in")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-field=post_token] .mistake")).to_contain_text("anew")
        assert stored(config, "gate")["post_url"] == where


def test_what_was_typed_stays_while_another_camera_is_looked_at(page):
    open_settings(page, "gate")
    page.get_by_label("Name").fill("Gate, north")
    page.locator(".camera-link", has_text="yard").click()
    expect(page.get_by_label("Name")).to_have_value("yard")
    page.locator(".camera-link", has_text="Gate").click()
    expect(page.get_by_label("Name")).to_have_value("Gate, north")
    page.get_by_role("button", name="Undo changes").click()
    expect(page.get_by_label("Name")).to_have_value("Gate")


def test_a_mistake_stands_at_its_field_and_nothing_is_written(page, config):
    with without_complaints(page, "422"):
        open_settings(page, "gate")
        page.get_by_label("At most").first.fill("many")
        page.get_by_role("button", name="Save").click()
        field = page.locator("[data-field='retention.max_days']")
        expect(field.get_by_role("alert")).to_contain_text("A number above 0")
        expect(field.locator("input")).to_have_attribute("aria-invalid", "true")
        expect(field.locator("input")).to_be_focused()
    assert stored(config, "gate") == CAMERAS[0]


def test_times_of_the_week_are_edited_as_rows(page, config):
    with without_complaints(page):
        open_settings(page, "yard")
        period = page.get_by_role("group", name="Period 1")
        expect(period.get_by_label("from")).to_have_value("22:00")
        expect(page.get_by_text("56 hours a week")).to_be_visible()
        for day in ("Saturday", "Sunday"):
            period.get_by_role("button", name=day).click()
        page.get_by_role("button", name="Add a period").click()
        second = page.get_by_role("group", name="Period 2")
        second.get_by_label("from").fill("0:00")
        second.get_by_label("to").fill("24:00")
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
            second.get_by_role("button", name=day).click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("is saved.")).to_be_visible()
    assert stored(config, "yard")["record"] == {
        "mode": "schedule",
        "schedule": [
            {"days": "mon-fri", "from": "22:00", "to": "06:00"},
            {"days": "sat,sun", "from": "00:00", "to": "24:00"},
        ],
    }


def test_who_changed_it_in_the_meantime_is_not_overwritten_in_silence(page, config):
    with without_complaints(page, "412"):
        open_settings(page, "gate")
        page.get_by_label("Name").fill("Mine")
        document = json.loads(config.read_text())
        document["cameras"][0]["description"] = "Theirs"
        config.write_text(json.dumps(document))
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Somebody else changed this camera")).to_be_visible()
        assert stored(config, "gate")["name"] == "Gate"
        page.get_by_role("button", name="Save mine over it").click()
        expect(page.get_by_text("Mine is saved.")).to_be_visible()
    assert (stored(config, "gate")["name"], stored(config, "gate")["description"]) == ("Mine", "Theirs")


def test_a_camera_is_seen_before_it_is_added(page, config):
    with GstServer(user="admin", password="camera-secret") as camera, without_complaints(page):
        page.goto("/settings#new")
        page.get_by_label("Name").fill("New barn")
        page.get_by_label("Address", exact=True).fill(camera.url)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/api/cameras/test", hold)
        page.get_by_role("button", name="Test").click()
        expect(page.get_by_text("Watching the camera")).to_be_visible()
        wait_until(lambda: page.wait_for_timeout(20) or held, what="the question")
        held[0].continue_()
        expect(page.get_by_text("It works")).to_be_visible()
        expect(page.get_by_text("H.264 320 × 180")).to_be_visible()
        picture = page.get_by_alt_text("What the camera shows now")
        wait_until(lambda: picture.evaluate("img => img.naturalWidth") == 320, what="the picture")
        assert len(json.loads(config.read_text())["cameras"]) == 2
        page.get_by_role("button", name="Add the camera").click()
        expect(page.get_by_text("New barn is added")).to_be_visible()
        expect(page.locator(".camera-link[aria-current]")).to_contain_text("New barn")
        added = json.loads(config.read_text())["cameras"][-1]
        assert added == {"id": added["id"], "name": "New barn", "url": camera.url}
        assert page.url.endswith(f"#{added['id']}")
        assert "camera-secret" not in page.content()


def test_a_camera_that_says_nothing_is_told_in_words(page):
    answer = {"ok": False, "cause": "unreachable", "detail": "no route to 192.0.2.9", "picture": None}
    page.route("**/api/cameras/test", lambda route: route.fulfill(json=answer))
    page.goto("/settings#new")
    page.get_by_label("Address", exact=True).fill("rtsp://192.0.2.9/1")
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("Camera unreachable")).to_be_visible()
    expect(page.get_by_text("no route to 192.0.2.9")).to_be_visible()


def test_a_trial_that_takes_long_can_be_cancelled(page):
    page.route("**/api/cameras/test", lambda route: None)
    page.goto("/settings#new")
    page.get_by_label("Address", exact=True).fill("rtsp://192.0.2.9/1")
    page.get_by_role("button", name="Test").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Watching the camera")).to_have_count(0)
    expect(page.get_by_role("button", name="Test")).to_be_enabled()


def test_a_camera_without_address_is_not_sent(page, config):
    page.goto("/settings#new")
    page.get_by_label("Name").fill("Nowhere")
    page.get_by_role("button", name="Add the camera").click()
    expect(page.get_by_role("alert").filter(has_text="An address is needed")).to_be_visible()
    assert len(json.loads(config.read_text())["cameras"]) == 2


def test_a_camera_is_removed_after_a_question(page, config):
    with without_complaints(page):
        open_settings(page, "yard")
        page.get_by_role("button", name="Remove this camera").click()
        expect(page.get_by_text("Its recordings stay, and can be watched.")).to_be_visible()
        page.get_by_role("button", name="No").click()
        page.get_by_role("button", name="Remove this camera").click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.locator(".camera-link")).to_have_count(1)
    assert [camera["id"] for camera in json.loads(config.read_text())["cameras"]] == ["gate"]


def test_the_form_is_read_and_used_by_everybody(page):
    open_settings(page, "yard")
    page.get_by_label("Video").select_option("h264")
    page.locator("summary", has_text="Connection").click()
    assert nameless_controls(page) == []
    assert poor_contrasts(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert width_beyond_the_screen(page) == 0
    page.get_by_role("link", name="← All cameras").click()
    expect(page.locator(".camera-link")).to_have_count(2)
    expect(page.get_by_role("button", name="Test")).to_have_count(0)


def test_users_come_change_and_go(page, context, live_site):
    with without_complaints(page, "409", "400"):
        page.goto("/users")
        page.get_by_label("Name", exact=True).fill("lea")
        page.get_by_label("Password", exact=True).fill("short")
        page.get_by_role("button", name="Add the user").click()
        expect(page.get_by_text("at least 8 characters").last).to_be_visible()
        page.get_by_label("Password", exact=True).fill("long-enough")
        page.get_by_role("button", name="Add the user").click()
        row = page.locator("tr[data-user='lea']")
        expect(row.get_by_label("Role of lea")).to_have_value("viewer")
        expect(page.get_by_label("Password", exact=True)).to_have_value("")
        row.get_by_label("Role of lea").select_option("admin")
        wait_until(lambda: role_of(page, "lea") == "admin", what="the role")
        row = page.locator("tr[data-user='lea']")
        row.get_by_role("button", name="New password").click()
        row.get_by_label("New password of lea").fill("longer-than-long")
        row.get_by_role("button", name="Set").click()
        expect(page.get_by_text("lea has a new password")).to_be_visible()
        answer = context.request.post("/api/login", data={"name": "lea", "password": "longer-than-long"})
        assert answer.ok
        log_in(context, live_site, "admin")
        row.get_by_role("button", name="Remove lea").click()
        row.get_by_role("button", name="Remove", exact=True).click()
        expect(page.locator("tr[data-user='lea']")).to_have_count(0)


def role_of(page, name):
    users = page.request.get("/api/users").json()["users"]
    return next(user["role"] for user in users if user["name"] == name)


def test_the_last_admin_stays(page):
    with without_complaints(page, "409"):
        page.goto("/users")
        row = page.locator("tr[data-user='admin']")
        row.get_by_role("button", name="Remove admin").click()
        row.get_by_role("button", name="Remove", exact=True).click()
        expect(row.get_by_role("alert")).to_contain_text("last admin")


def test_a_token_is_shown_once_and_opens_what_its_role_may(page, live_site, browser):
    with without_complaints(page):
        page.goto("/users")
        page.get_by_label("Name of the program").fill("doorbell")
        page.get_by_role("button", name="Make the token").click()
        token = page.locator("#new-token code").inner_text()
        page.get_by_role("button", name="Done").click()
        expect(page.locator("tr[data-token='doorbell']")).to_contain_text("Viewer")
        assert token not in page.content()
        stranger = browser.new_context(base_url=live_site.url, extra_http_headers={"Authorization": f"Bearer {token}"})
        assert stranger.request.get("/api/cameras").ok
        assert stranger.request.get("/api/users").status == 403
        row = page.locator("tr[data-token='doorbell']")
        row.get_by_role("button").click()
        row.get_by_role("button", name="End it").click()
        expect(page.get_by_text("No token yet")).to_be_visible()
        assert stranger.request.get("/api/cameras").status == 401
        stranger.close()


def test_ones_own_password_is_changed_with_the_old_one(context, browser, live_site):
    log_in(context, live_site, "viewer")
    page = context.new_page()
    other = browser.new_context(base_url=live_site.url)
    log_in(other, live_site, "viewer")
    with without_complaints(page, "422"):
        page.goto("/account")
        expect(page.locator("#sessions tbody tr")).to_have_count(2)
        page.get_by_label("The old one").fill("not-the-password")
        page.get_by_label("The new one", exact=True).fill("another-password")
        page.get_by_label("The new one once more").fill("another-passwort")
        page.get_by_role("button", name="Change the password").click()
        expect(page.get_by_text("The two passwords differ.")).to_be_visible()
        page.get_by_label("The new one once more").fill("another-password")
        page.get_by_role("button", name="Change the password").click()
        expect(page.get_by_text("the old password is wrong")).to_be_visible()
        page.get_by_label("The old one").fill("viewer-password")
        page.get_by_role("button", name="Change the password").click()
        expect(page.get_by_text("The password is changed.")).to_be_visible()
        expect(page.locator("#sessions tbody tr")).to_have_count(1)
    assert other.request.get("/api/me").status == 401
    other.close()


def test_another_browser_is_logged_out_from_the_account(page, browser, live_site):
    other = browser.new_context(base_url=live_site.url, user_agent="Mozilla/5.0 (iPhone) Safari/604.1")
    log_in(other, live_site, "admin")
    page.goto("/account")
    row = page.locator("tr", has_text="Safari on iPhone")
    row.get_by_role("button").click()
    row.get_by_role("button", name="Log out", exact=True).click()
    expect(row).to_have_count(0)
    assert other.request.get("/api/me").status == 401
    other.close()


def test_the_first_user_is_made_with_the_code_from_the_log(browser, tmp_path):
    config = make_bare_site(tmp_path, CAMERAS)
    with RunningSite(config) as site:
        context = browser.new_context(base_url=site.url)
        page = context.new_page()
        with without_complaints(page, "403"):
            page.goto("/cameras")
            expect(page).to_have_url(re.compile("/setup$"))
            assert poor_contrasts(page) == []
            assert nameless_controls(page) == []
            code = load(config).system.run_dir / "setup-code"
            page.goto(f"/setup?code={'x' * 24}")
            assert page.url.endswith("/setup")
            page.get_by_label("Password", exact=True).fill("first-password")
            page.get_by_label("Password once more").fill("first-password")
            page.get_by_role("button", name="Make this user").click()
            expect(page.get_by_role("alert")).to_contain_text("isn't the one in the log")
            page.get_by_label("Code").fill(code.read_text().strip())
            page.get_by_role("button", name="Make this user").click()
            expect(page).to_have_url(re.compile("/scrub"))
        assert context.request.get("/api/me").json()["role"] == "admin"
        context.close()
