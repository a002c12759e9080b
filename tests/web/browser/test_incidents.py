"""The incidents page in a real browser: how far each is, playing, trying again, reporting."""

import dataclasses
import re
import time

import pytest
from playwright.sync_api import expect

from pynvr.model.cause import Cause
from pynvr.model.incident import Clip, Incident, MissingSpan, clip_path
from pynvr.store.store import Store
from tests.waiting import wait_until
from tests.web.browser.conftest import log_in
from tests.web.browser.watching import (
    cut_hints,
    nameless_controls,
    poor_contrasts,
    width_beyond_the_screen,
    without_complaints,
)

SECOND = 1_000_000
PHONE = {"width": 390, "height": 844}


class Reports:
    """Incidents as the deliverer would have left them."""

    def __init__(self, archive):
        self.archive = archive
        self.store = Store.open(archive.settings.system.database)
        self.camera = archive.cameras[0]
        self.now_us = time.time_ns() // 1000
        self.count = 0

    def new(self, at_s, **changes):
        self.count += 1
        at_us = self.archive.start_us + at_s * SECOND
        made = Incident(self.camera.id, at_us, 5 * SECOND, 5 * SECOND, f"key-{self.count}", self.now_us, "admin")
        return self.store.incidents.add(dataclasses.replace(made, **changes))

    def written(self, incident):
        stored = self.store.incidents.write(incident)
        assert stored is not None
        return stored

    def cut(self, incident, missing=()):
        """With a clip that plays: the camera's first minute."""
        camera = self.archive.settings.camera(self.camera.id)
        segment = sorted(camera.dst.glob("*/*.mp4"))[0].read_bytes()
        path = clip_path(self.archive.settings.system, incident)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(segment)
        clip = Clip(incident.start_us, incident.end_us, len(segment), tuple(missing))
        return self.written(incident.extracted(clip, self.now_us))

    def failed_delivery(self, at_s, missing=()):
        sent = self.written(self.cut(self.new(at_s, deliver=True), missing).uploading())
        return self.written(sent.waiting("example.org answers 500", self.now_us + 3600 * SECOND))

    def close(self):
        for one in self.store.incidents.between([camera.id for camera in self.archive.cameras], 1, 1 << 61):
            self.store.incidents.remove(one.id)
            clip_path(self.archive.settings.system, one).unlink(missing_ok=True)
        self.store.close()


@pytest.fixture
def reports(archive):
    made = Reports(archive)
    yield made
    made.close()


def card(page, incident):
    return page.locator(f"[data-id='{incident.id}']")


def opened(page, address="incidents"):
    page.goto(f"/{address}")
    expect(page.locator("#main .loading:visible")).to_have_count(0)


def test_each_incident_says_how_far_it_is_and_what_it_lacks(page, reports):
    hole = MissingSpan(
        reports.archive.start_us + 38 * SECOND, reports.archive.start_us + 40 * SECOND, Cause.UNREACHABLE
    )
    ready = reports.cut(reports.new(20, note="doorbell"))
    waiting = reports.failed_delivery(40, [hole])
    lost = reports.new(60)
    reports.written(lost.unrecorded("nothing was recorded then", (), reports.now_us))
    page.emulate_media(reduced_motion="reduce")
    with without_complaints(page):
        opened(page)
        expect(card(page, ready).locator(".badge")).to_have_text("clip ready")
        expect(card(page, ready)).to_contain_text("doorbell")
        expect(card(page, waiting)).to_contain_text("example.org answers 500. 1 attempt. Tried again at")
        expect(card(page, waiting)).to_contain_text("2 s missing")
        expect(card(page, waiting)).to_contain_text("camera unreachable")
        expect(card(page, lost).locator(".badge")).to_have_text("no clip")
        assert poor_contrasts(page) == []
        assert nameless_controls(page) == []
        page.set_viewport_size(PHONE)
        assert width_beyond_the_screen(page) == 0
        page.get_by_label("State").select_option("Failed")
        expect(page.locator("[data-id]")).to_have_count(1)
        assert page.url.endswith("?state=failed")
        page.get_by_role("button", name="Show all").click()
        expect(page.locator("[data-id]")).to_have_count(3)


def test_a_clip_plays_where_it_stands_while_the_page_stays_fresh(page, reports):
    playing, other = reports.cut(reports.new(20)), reports.new(40)
    with without_complaints(page):
        opened(page)
        card(page, playing).get_by_role("button", name="play").click()
        at = "document.querySelector('.clip video').currentTime"
        wait_until(lambda: page.evaluate(at) > 0.2, what="the clip")
        page.evaluate("window.before = document.querySelector('.clip video')")
        expect(card(page, other).locator(".badge")).to_have_text("clip is being made")
        reports.cut(other)
        expect(card(page, other).locator(".badge")).to_have_text("clip ready")
        assert page.evaluate("window.before === document.querySelector('.clip video') && !window.before.paused")
        with page.expect_download() as download:
            card(page, other).get_by_role("link", name="download").click()
        assert ".incident." in download.value.suggested_filename


def test_it_is_tried_again_and_deleted_where_it_stands(page, reports):
    waiting = reports.failed_delivery(20)
    opened(page)
    card(page, waiting).get_by_role("button", name="Deliver now").click()
    expect(card(page, waiting).locator(".badge")).to_have_text("waiting for delivery")
    card(page, waiting).get_by_role("button", name="delete").click()
    expect(card(page, waiting)).to_contain_text("It won't be delivered. The recording stays.")
    card(page, waiting).get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("No incidents yet")).to_be_visible()
    assert reports.store.incidents.get(waiting.id) is None


def test_one_is_reported_here(page, reports):
    opened(page)
    page.get_by_role("button", name="Report one").click()
    new = page.get_by_role("region", name="New incident")
    assert cut_hints(page) == []
    page.set_viewport_size(PHONE)
    assert cut_hints(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    new.get_by_label("When").fill("soon")
    expect(new.locator("#new-at-mistake")).to_be_empty()
    # The button stays under the pointer until it is let go of.
    new.get_by_role("button", name="Report").click()
    expect(new.get_by_label("When")).to_be_focused()
    new.get_by_label("When").fill("now")
    expect(new.locator("#new-at-mistake")).to_be_empty()
    new.get_by_label("When").fill("someday")
    new.get_by_label("When").blur()
    expect(new.locator("#new-at-mistake")).to_contain_text("can't be read as a time")
    new.get_by_label("When").fill("tomorrow 9:00")
    expect(new.locator("#new-at-mistake")).to_be_empty()
    expect(new).to_contain_text("09:00:00: the clip waits for it.")
    new.get_by_label("When").fill(str(reports.archive.start_us // SECOND + 30))
    new.get_by_label("Before it").fill("5000")
    place = new.get_by_role("button", name="Report").bounding_box()
    new.get_by_label("Note").press("Enter")
    expect(new.locator("#new-before-mistake")).to_have_text("From 0 to 3600 seconds.")
    expect(new.get_by_label("Before it")).to_be_focused()
    assert new.get_by_role("button", name="Report").bounding_box() == place
    new.get_by_label("Before it").fill("2,5")
    new.get_by_label("Note").fill("fox")
    new.get_by_role("button", name="Report").click()
    expect(page.locator("article", has_text="fox")).to_contain_text("8 s · by admin")
    [stored] = reports.store.incidents.between([reports.camera.id], 1, 1 << 61)
    assert (stored.pre_us, stored.post_us, stored.note) == (2_500_000, 5 * SECOND, "fox")


def test_the_moment_on_the_scrub_page_is_reported_and_its_clip_is_told_of(page, reports):
    start_s = reports.archive.start_us / 1e6
    with without_complaints(page, "404", "400"):
        page.goto(f"/scrub?t={start_s + 40}&in={start_s + 38}&out={start_s + 43}&cams={reports.camera.id}")
        expect(page.locator("#stage")).to_be_visible()
        page.keyboard.press("r")
        form = page.get_by_role("region", name="Incident")
        expect(form.get_by_label("Seconds before it")).to_have_value("2")
        # Letters are keys of the page: who types at once writes.
        page.keyboard.type("box stolen")
        expect(form.get_by_label("Note")).to_have_value("box stolen")
        form.get_by_label("Seconds after it").fill("-3")
        form.get_by_role("button", name="Report").click()
        expect(form.get_by_role("alert")).to_contain_text("From 0 to 3600")
        form.get_by_label("Seconds after it").fill("3")
        form.get_by_label("Note").fill("fox")
        form.get_by_role("button", name="Report").click()
        expect(form.get_by_role("status")).to_contain_text("clip is being made")
        [stored] = reports.store.incidents.between([reports.camera.id], 1, 1 << 61)
        assert (stored.pre_us, stored.post_us, stored.note) == (2 * SECOND, 3 * SECOND, "fox")
        assert stored.incident_us == reports.archive.start_us + 40 * SECOND
        axis = "window.scrub.timeline.state.rows[0].incidents.map(([, status]) => status).join()"
        wait_until(lambda: page.evaluate(axis) == "pending", what="the incident on the axis")
        reports.cut(stored)
        expect(form.get_by_role("status")).to_contain_text("clip ready")
        expect(form.get_by_role("link", name="Download the clip")).to_be_visible()
        wait_until(lambda: page.evaluate(axis) == "extracted", what="its state on the axis")


def test_a_viewer_watches_clips_and_changes_nothing(context, live_site, reports):
    waiting = reports.failed_delivery(20)
    log_in(context, live_site, "viewer")
    page = context.new_page()
    opened(page)
    expect(card(page, waiting).get_by_role("button")).to_have_text(["Play"])
    expect(page.get_by_role("button", name="Report one")).to_be_hidden()
    link = card(page, waiting).get_by_role("link", name="open this moment")
    assert re.search(r"cams=\w+&t=\d+", link.get_attribute("href") or "")


def test_nothing_is_asked_for_where_nothing_was_recorded(page, reports):
    early = reports.new(-86_400)
    span = MissingSpan(early.start_us, early.end_us, Cause.UNKNOWN)
    reports.written(early.unrecorded("nothing was recorded (before the first recording)", (span,), reports.now_us))
    yet_to_be_looked_at = reports.new(-90_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page)
    expect(card(page, early)).to_contain_text("missing from")
    expect(card(page, early)).to_contain_text(": before the first recording")
    for one in (early, yet_to_be_looked_at):
        expect(card(page, one).locator(".picture")).to_have_text("no picture")
    assert [url for url in asked if "/frame/" in url] == []


def test_a_delivered_clip_that_is_gone_leads_to_its_moment(page, reports):
    sent = reports.written(reports.cut(reports.new(30, deliver=True)).uploading()).uploaded(reports.now_us)
    gone = reports.written(dataclasses.replace(sent, clip_bytes=None))
    opened(page)
    expect(card(page, gone)).to_contain_text("The clip was deleted after delivery")
    card(page, gone).get_by_role("link", name="To the moment").click()
    page.wait_for_url(re.compile("/scrub"))
