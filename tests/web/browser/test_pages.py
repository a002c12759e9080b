"""The pages in a real browser on a real site: what each shows, and what a person does there."""

import json
import re
import time
import zipfile

import pytest
from playwright.sync_api import expect

from pynvr.model.status import Problem
from pynvr.store.store import Store
from tests.waiting import wait_until
from tests.web.browser.conftest import log_in
from tests.web.browser.standing import running_master
from tests.web.browser.watching import (
    choose_colours,
    cut_hints,
    nameless_controls,
    poor_contrasts,
    width_beyond_the_screen,
    without_complaints,
)

PAGES = (
    "alerts",
    "cameras",
    "cameras?view=table",
    "downloads?list=keeps",
    "tags",
    "incidents",
    "system",
    "log",
    "settings",
    "users",
    "account",
)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module", autouse=True)
def standing(archive):
    """The first camera records; the second can't be reached."""
    second = archive.cameras[1].id
    problem = Problem("configuration", "cameras[0].url: found nothing, expected a URL", time.time_ns() // 1000)
    with running_master(archive.config, {second: ("unreachable", "no route to 192.0.2.7")}, problem):
        yield


@pytest.fixture
def marks(archive):
    """A keep and a tag of the first camera, gone again after the test if it left them."""
    camera = archive.cameras[0].id
    with Store.open(archive.settings.system.database) as store:
        now_us = archive.end_us
        keep = store.keeps.add(
            camera,
            archive.start_us,
            archive.start_us + 90_000_000,
            reason="for the insurance",
            made_by="admin",
            now_us=now_us,
        )
        tag = store.tags.add(
            camera,
            archive.start_us + 5_000_000,
            archive.start_us + 5_000_000,
            label="parcel left",
            made_by="admin",
            now_us=now_us,
        )
        yield keep, tag
        store.keeps.remove(keep.id)
        store.tags.remove(tag.id)


@pytest.fixture
def viewer(context, live_site):
    log_in(context, live_site, "viewer")
    return context.new_page()


def shown(page, address):
    """The page once it has filled."""
    page.goto(f"/{address}")
    expect(page.locator(".user-menu")).to_be_visible()
    expect(page.locator("#main .loading:visible")).to_have_count(0)
    return page


def test_who_isnt_logged_in_comes_to_the_page_he_wanted(context):
    page = context.new_page()
    with without_complaints(page, "401"):
        page.goto("/system?days=7")
        expect(page).to_have_url(re.compile(r"/login\?next="))
        page.get_by_label("Name").fill("viewer")
        page.get_by_label("Password", exact=True).fill("wrong-password")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
        page.get_by_label("Password", exact=True).fill("viewer-password")
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(re.compile(r"/system\?days=7$"))
        expect(page.get_by_role("heading", name="System")).to_be_visible()


def test_an_empty_field_is_named_before_anything_is_sent(context):
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("Name").fill("viewer")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_have_text("Please fill in: Password.")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()


def test_too_many_attempts_say_how_long_to_wait(context):
    page = context.new_page()
    answer = {"error": {"code": "too_many", "message": "too many attempts"}}
    page.route("**/api/login", lambda route: route.fulfill(status=429, headers={"Retry-After": "1200"}, json=answer))
    page.goto("/login")
    page.get_by_label("Name").fill("viewer")
    page.get_by_label("Password", exact=True).fill("guess")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#enter")).to_have_text(re.compile(r"Again in \d+ s"))
    expect(page.locator("#enter")).to_be_disabled()


def test_the_login_never_leads_to_another_site(context, live_site):
    page = context.new_page()
    page.goto("/login?next=//evil.example/")
    page.get_by_label("Name").fill("viewer")
    page.get_by_label("Password", exact=True).fill("viewer-password")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(live_site.url)}/scrub"))


def test_logging_out_ends_the_session(page):
    with without_complaints(page, "401", "frame"):
        shown(page, "account")
        page.locator(".user-menu summary").click()
        page.get_by_role("button", name="Log out").first.click()
        expect(page).to_have_url(re.compile("/login"))
        page.goto("/account")
        expect(page).to_have_url(re.compile("/login"))


def test_the_menu_is_worked_by_keyboard(page):
    shown(page, "account")
    summary = page.locator(".user-menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Account")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Account")).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_choice_of_colours_holds_on_every_page(page):
    shown(page, "account")
    # Whatever this browser prefers, which is light.
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator(".user-menu summary").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Light").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    shown(page, "cameras")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="As the system").click()
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_pages_of_every_day_are_in_the_header_and_the_rest_behind_more(page):
    shown(page, "system")
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages.get_by_role("link")).to_have_text(
        ["Live", "Scrub", "Alerts", "Incidents", "Tags", "Cameras", "Downloads"]
    )
    menu = pages.locator("summary")
    expect(menu).to_contain_text("System")
    menu.click()
    expect(pages.get_by_role("link", name="System")).to_have_attribute("aria-current", "page")
    pages.get_by_role("link", name="Users").click()
    expect(page).to_have_url(re.compile("/users$"))
    page.set_viewport_size(PHONE)
    expect(pages.get_by_role("link")).to_have_text(["Live", "Scrub", "Alerts", "Incidents"])
    menu.click()
    page.keyboard.press("Escape")
    expect(pages.get_by_role("link", name="Cameras")).to_be_hidden()
    menu.click()
    pages.get_by_role("link", name="Cameras").click()
    expect(menu).to_contain_text("Cameras")
    assert (
        page.evaluate("(line => line.scrollWidth - line.clientWidth)(document.querySelector('.site-nav .line'))") == 0
    )
    box = menu.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_read_and_used_by_everybody(page, marks, address):
    page.emulate_media(reduced_motion="reduce")
    with without_complaints(page):
        shown(page, address)
        assert poor_contrasts(page) == []
        choose_colours(page, "light")
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        assert poor_contrasts(page) == []
        assert nameless_controls(page) == []
        assert cut_hints(page) == []
        assert width_beyond_the_screen(page) == 0
        page.set_viewport_size(PHONE)
        assert cut_hints(page) == []
        assert width_beyond_the_screen(page) == 0
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_login_is_read_and_used_by_everybody(context, theme):
    page = context.new_page()
    choose_colours(page, theme)
    with without_complaints(page):
        page.goto("/login")
        expect(page.get_by_label("Name")).to_be_focused()
        assert poor_contrasts(page) == []
        assert nameless_controls(page) == []
        page.set_viewport_size(PHONE)
        assert width_beyond_the_screen(page) == 0


def test_a_viewer_sees_no_page_for_admins_and_may_not_open_one(viewer):
    shown(viewer, "cameras")
    links = viewer.get_by_role("navigation", name="Pages").get_by_role("link")
    expect(links).to_have_text(["Live", "Scrub", "Alerts", "Incidents", "Tags", "Cameras", "Downloads", "System"])
    expect(viewer.get_by_role("link", name="Add a camera")).to_be_hidden()
    for address in ("/settings", "/users", "/log"):
        answer = viewer.goto(address)
        assert answer is not None
        assert answer.status == 403
        expect(viewer.get_by_text("it needs the role admin")).to_be_visible()
    shown(viewer, "system")
    expect(viewer.get_by_role("heading", name="Log")).to_be_hidden()


def test_a_viewer_can_fetch_what_is_kept_and_not_let_it_go(viewer, marks):
    shown(viewer, "downloads?list=keeps")
    row = viewer.locator(f"tr[data-id='{marks[0].id}']")
    expect(row.get_by_role("link", name="Download")).to_be_visible()
    expect(row.get_by_role("button")).to_have_count(0)


def test_the_log_tells_what_is_being_done_and_finds_it_again(page, archive):
    camera = archive.cameras[0]
    label = f"fox & <b>hen</b> {time.time_ns()}"
    with without_complaints(page):
        shown(page, "log")
        expect(page.locator(".log-row").filter(has_text="Logged in").first).to_be_visible()
        made = page.evaluate(
            """async ([camera_id, time, label]) => {
                const headers = { "Content-Type": "application/json", "X-PyNVR": "1" };
                const body = JSON.stringify({ camera_id, time, label });
                return (await (await fetch("/api/1/tags", { method: "POST", headers, body })).json()).payload.id;
            }""",
            [camera.id, archive.start_us / 1e6, label],
        )
        row = page.locator(".log-row").filter(has_text=label)
        expect(row).to_contain_text("admin, from 127.0.0.1")
        expect(row.get_by_role("link")).to_have_text(camera.name)
        page.get_by_label("Words").fill(label)
        expect(page.locator(".log-row")).to_have_count(1)
        page.get_by_label("What").select_option(label="Cameras")
        expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
        page.get_by_label("What").select_option(label="What people and programs did")
        expect(page.locator(".log-row")).to_have_count(1)
        page.reload()
        expect(page.locator(".log-row")).to_have_count(1)
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV file").click()
        file = download.value.path().read_text("utf-8-sig").splitlines()
        assert len(file) == 2
        assert label in file[1]
        page.locator("main").get_by_role("button", name="Show all").click()
        expect(page.locator(".log-row").filter(has_text="Took the log away as a file").first).to_be_visible()
    with Store.open(archive.settings.system.database) as store:
        store.tags.remove(made)


def test_cameras_show_their_state_and_last_picture(page, archive):
    first, second = archive.cameras[:2]
    with without_complaints(page):
        shown(page, "cameras")
        expect(page.locator("#summary")).to_have_text("2 cameras, 1 recording, 1 needs attention")
        good = page.locator(f"[data-camera='{first.id}']")
        expect(good.get_by_text("recording since")).to_be_visible()
        widths = "[...document.querySelectorAll('.picture img')].map((img) => img.naturalWidth)"
        wait_until(lambda: min(page.evaluate(widths)) > 100, what="the pictures")
        expect(good.get_by_text("H.264 640 × 360")).to_be_visible()
        bad = page.locator(f"[data-camera='{second.id}']")
        expect(bad.get_by_text("camera unreachable since")).to_be_visible()
        expect(bad.get_by_text("no route to 192.0.2.7")).to_be_visible()
        address = bad.get_by_role("link", name="Where it ended").get_attribute("href")
        assert address is not None
        assert address.startswith(f"/scrub?cams={second.id}&t=")


def test_the_table_of_cameras_stands_in_the_address(page, archive):
    shown(page, "cameras")
    page.get_by_role("button", name="Table").click()
    expect(page).to_have_url(re.compile("view=table"))
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(len(archive.cameras))


def test_what_is_left_of_removed_cameras_can_be_found(page, archive):
    end = archive.end_us / 1e6
    removed = {"id": "old_barn", "removed": True, "bytes": 5_000_000, "first": end - 600, "last": end}

    def with_removed(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "removed": [removed]})

    page.route("**/api/cameras", with_removed)
    shown(page, "cameras")
    left = page.get_by_role("region", name="Removed cameras")
    expect(left).to_contain_text("5.0 MB")
    assert "cams=old_barn" in (left.get_by_role("link").get_attribute("href") or "")


def test_the_header_says_how_many_are_recorded(page):
    shown(page, "account")
    expect(page.locator(".live-line")).to_contain_text("recording 1 / 2")
    expect(page.locator(".live-line .dot")).to_have_attribute("data-tone", "alert")


def test_a_server_that_fails_is_said_with_a_way_to_try_again(page):
    fails = True

    def answer(route):
        if fails:
            route.fulfill(
                status=503, json={"error": {"code": "database", "message": "the database can't be used right now"}}
            )
        else:
            route.continue_()

    page.route("**/api/cameras", answer)
    page.goto("/cameras")
    expect(page.get_by_role("alert")).to_contain_text("the database can't be used right now")
    fails = False
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".camera-card")).to_have_count(2)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_without_a_server_the_header_says_so(page):
    shown(page, "account")
    page.route("**/api/**", lambda route: route.abort())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".live-line")).to_have_text("no answer from the server")


def test_a_keep_is_found_by_camera_and_let_go_where_it_stands(page, archive, marks):
    keep, _ = marks
    with without_complaints(page):
        shown(page, "downloads?list=keeps")
        row = page.locator(f"tr[data-id='{keep.id}']")
        expect(row).to_contain_text("for the insurance")
        expect(row).to_contain_text("1 min 30 s")
        page.get_by_label("Camera").select_option(archive.cameras[1].id)
        expect(page.get_by_text("Nothing fits")).to_be_visible()
        assert f"camera={archive.cameras[1].id}" in page.url
        page.get_by_role("button", name="Show all").first.click()
        expect(row).to_be_visible()
        row.get_by_role("button", name="Let go").click()
        expect(row.get_by_text("It may be deleted when room is needed.")).to_be_visible()
        page.keyboard.press("Escape")
        row.get_by_role("button", name="Let go").click()
        row.get_by_role("button", name="Let go").click()
        expect(row).to_have_count(0)


def test_the_file_of_a_keep_holds_its_range(page, archive, marks):
    shown(page, "downloads?list=keeps")
    address = page.locator(f"tr[data-id='{marks[0].id}']").get_by_role("link", name="Download").get_attribute("href")
    assert address is not None
    answer = page.request.get(f"{address}&plan=1")
    plan = answer.json().get("payload", answer.json())
    assert plan["start"] == pytest.approx(archive.start_us / 1e6, abs=1)
    assert plan["end"] - plan["start"] == pytest.approx(90, abs=1)


def test_tags_are_found_by_their_words_and_lead_to_their_moment(page, archive, marks):
    _, tag = marks
    with without_complaints(page):
        shown(page, "downloads?list=tags")
        expect(page).to_have_url(re.compile("/tags$"))
        row = page.locator(f"[data-id='{tag.id}']")
        link = row.get_by_role("link", name="parcel left", exact=True)
        expect(link).to_be_visible()
        expect(row).to_contain_text(archive.cameras[0].name or archive.cameras[0].id)
        page.get_by_label("Words").fill("no such words")
        expect(page.get_by_text("Nothing fits")).to_be_visible()
        page.get_by_label("Words").fill("parcel")
        expect(link).to_be_visible()
        assert page.url.endswith("/tags?q=parcel")
        page.get_by_label("Camera").select_option(archive.cameras[1].id)
        expect(row).to_have_count(0)
        page.get_by_role("button", name="Show all tags").click()
        assert f"t={tag.start_us // 1_000_000}" in (link.get_attribute("href") or "")
        with page.expect_download() as download:
            row.get_by_role("button", name="download").click()
        assert download.value.suggested_filename.endswith(".mp4")


def test_a_tag_is_added_renamed_and_deleted_where_it_stands(page, archive):
    at = archive.start_us / 1e6 + 20
    with without_complaints(page):
        shown(page, "tags")
        page.get_by_role("button", name="Add a tag").click()
        new = page.get_by_role("region", name="New tag")
        assert cut_hints(page) == []
        new.get_by_label("When").fill("the day before")
        new.get_by_role("button", name="Add").click()
        expect(new.get_by_role("alert")).to_have_text("Please fill in: Words.")
        new.get_by_label("Words").fill("van at the gate")
        new.get_by_role("button", name="Add").click()
        expect(new.get_by_role("alert")).to_contain_text("can't be read as a time")
        new.get_by_label("When").fill(str(int(at)))
        new.get_by_label("Until").fill("+8")
        new.get_by_role("button", name="Add").click()
        row = page.locator("article", has_text="van at the gate")
        expect(row).to_contain_text("8 s · by admin")
        row.get_by_role("button", name="rename").click()
        page.get_by_role("textbox", name="Words").last.fill("milk float")
        page.keyboard.press("Enter")
        row = page.locator("article", has_text="milk float")
        expect(row).to_be_visible()
        row.get_by_role("button", name="delete").click()
        row.get_by_role("button", name="Delete", exact=True).click()
        expect(row).to_have_count(0)


def test_a_viewer_finds_tags_and_changes_none(viewer, marks):
    shown(viewer, "tags")
    row = viewer.locator(f"[data-id='{marks[1].id}']")
    expect(row.get_by_role("button")).to_have_text(["Download"])
    expect(viewer.get_by_role("button", name="Add a tag")).to_be_hidden()


def test_a_stored_file_is_made_played_and_deleted(page, archive):
    start = archive.start_us / 1e6
    body = {"camera_id": archive.cameras[0].id, "from": start, "to": start + 20}
    with without_complaints(page):
        shown(page, "downloads")
        made = page.request.post("/api/1/exports", data=body, headers={"X-PyNVR": "1"})
        assert made.ok, made.text()
        shown(page, "downloads")
        row = page.locator("tbody tr").first
        expect(row.get_by_role("button", name="Play")).to_be_visible()
        row.get_by_role("button", name="Play").click()
        video = "document.querySelector('.player-row video')"
        wait_until(lambda: page.evaluate(f"{video}.currentTime") > 0.2, what="the player")
        assert page.evaluate(f"{video}.duration") == pytest.approx(20, abs=2.5)
        row.get_by_role("button", name="Close").click()
        row.get_by_role("button", name="Delete").click()
        row.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_text("No stored file")).to_be_visible()


def test_the_system_page_tells_what_needs_a_person_and_what_was_recorded(page, archive):
    first, second = archive.cameras[:2]
    with without_complaints(page):
        shown(page, "system")
        attention = page.locator("#attention li")
        expect(attention).to_have_count(2)
        expect(attention.first).to_contain_text("Configuration")
        expect(attention.last).to_contain_text("Is the camera powered and on the network?")
        expect(page.locator("[data-disk]")).to_contain_text("2.6 TB of 4.0 TB used")
        expect(page.locator("[data-process='web']")).to_contain_text("Web pages")
        # Today, or if midnight has just been, yesterday.
        told = re.compile(f"^{re.escape(first.name or first.id)}, .* recorded ")
        page.locator(".coverage tbody tr").first.get_by_label(told).last.hover()
        expect(page.locator(".told")).to_contain_text("recorded")
        page.get_by_role("button", name="31 days").click()
        expect(page.locator(".coverage thead th")).to_have_count(32)
        assert "days=31" in page.url
        expect(page.locator(".coverage tbody tr")).to_have_count(2)
        assert second.id in (page.locator(".coverage tbody tr").last.locator("a").last.get_attribute("href") or "")


def test_the_calculator_begins_with_what_is_measured_and_reckons_both_ways(page, archive):
    with without_complaints(page):
        shown(page, "system")
        place = page.get_by_role("region", name="How long a disk lasts")
        cameras, mbps, hours, room, days = (
            place.get_by_label(label, exact=True) for label in ("Cameras", "Each sends", "Hours a day", "Room", "Days")
        )
        expect(cameras).to_have_value(str(len(archive.cameras)))
        measured = days.input_value()
        for field, value in ((cameras, "10"), (mbps, "4"), (hours, "24"), (days, "30")):
            field.fill(value)
        expect(room).to_have_value("12960")
        expect(place).to_contain_text("13 TB hold 30 days of 10 cameras.")
        room.fill("4320")
        expect(days).to_have_value("10")
        hours.fill("25")
        expect(place.get_by_role("alert")).to_have_text("Hours a day: a number above 0, up to 24.")
        place.get_by_role("button", name="As measured here").click()
        expect(place.get_by_role("alert")).to_have_count(0)
        expect(days).to_have_value(measured)


def test_a_report_of_trouble_is_made_by_a_click(page):
    shown(page, "system")
    with page.expect_download() as download:
        page.get_by_role("link", name="Make a report").click()
    assert download.value.suggested_filename.startswith("pynvr-report-")
    with zipfile.ZipFile(download.value.path()) as report:
        assert "machine.json" in report.namelist()
    page.get_by_label("with addresses").check()
    expect(page.get_by_role("link", name="Make a report")).to_have_attribute("href", re.compile("keep_addresses=1$"))


def test_the_log_is_read_by_level(page, archive):
    folder = archive.settings.system.log_dir
    folder.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    lines = [f"{stamp}.123Z INFO     finisher: all is well", f"{stamp}.124Z ERROR    reaper: no room left"]
    before = (folder / "pynvr.log").read_text() if (folder / "pynvr.log").exists() else None
    (folder / "pynvr.log").write_text("\n".join(lines) + "\n")
    try:
        shown(page, "system")
        rows = page.locator(".log li")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("no room left")
        page.get_by_label("Level").select_option("ERROR")
        expect(rows).to_have_count(1)
    finally:
        if before is None:
            (folder / "pynvr.log").unlink()
        else:
            (folder / "pynvr.log").write_text(before)


def test_the_skip_link_leads_past_the_header(page):
    shown(page, "system")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_pages_say_their_type_and_are_asked_for_again_only_when_changed(page):
    answer = page.request.get("/static/site.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    tag = answer.headers["etag"]
    again = page.request.get("/static/site.css", headers={"If-None-Match": tag})
    assert (again.status, again.body()) == (304, b"")
    assert page.request.get("/static/../pages.py").status == 404
    assert page.request.get("/static/%2e%2e/pages.py").status == 404


def test_the_status_is_what_the_pages_were_made_for(archive):
    """The fixture's words, so that the tests above can't pass on an empty status."""
    status = json.loads((archive.settings.system.run_dir / "status.json").read_bytes())
    assert [camera["cause"] for camera in status["cameras"]] == ["", "unreachable"]
