"""The page of alerts, on a site of its own with things that were seen."""

import io
import re
import time
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import av
import numpy as np
import pytest
from playwright.sync_api import expect

from pynvr.archive.paths import detection_image
from pynvr.config.load import load
from pynvr.model.box import Box
from pynvr.store.detections import Detection
from pynvr.store.store import Store
from tests.waiting import wait_until
from tests.web.browser.conftest import log_in
from tests.web.browser.standing import make_bare_site
from tests.web.browser.watching import (
    choose_colours,
    nameless_controls,
    poor_contrasts,
    width_beyond_the_screen,
    without_complaints,
)
from tests.web.running import RunningSite, add_users

PHONE = {"width": 390, "height": 844}
S = 1_000_000
SEEN = (
    # kind, camera, seconds ago
    ("motion", "yard", 90_000),
    ("face", "gate", 300),
    ("motion", "gate", 200),
    ("face", "yard", 100),
)


def jpeg(level):
    """A grey picture with a lighter middle."""
    plane = np.full((180, 320, 3), level, np.uint8)
    plane[60:120, 120:200] = 230
    out = io.BytesIO()
    with av.open(out, "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuvj420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(plane, format="rgb24")))
        container.mux(stream.encode(None))
    return out.getvalue()


def see(config, kind, camera, at_us):
    """An alert with a picture; gives its id."""
    settings = load(config)
    path = detection_image(camera, kind, at_us, settings.system.timezone)
    file = settings.system.jpg_cache_dir / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(jpeg(60 if camera == "gate" else 110))
    with Store.open(settings.system.database) as store:
        box = Box(0.375, 0.333, 0.25, 0.334)
        stored = store.detections.add(Detection(0, camera, at_us, kind, 0.87, box, path))
        alert = store.alerts.follow(stored, 1)
    assert alert is not None
    return alert.id


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    cameras = [{"id": name, "name": name.title(), "url": f"rtsp://192.0.2.7/{name}"} for name in ("gate", "yard")]
    made = make_bare_site(tmp_path_factory.mktemp("bare"), cameras)
    add_users(made)
    return made


@pytest.fixture(scope="module")
def live_site(config):
    with RunningSite(config) as site:
        yield site


@pytest.fixture(autouse=True)
def as_it_was(config):
    """Each test begins without anything seen, and with nothing that looks."""
    before = config.read_bytes()
    yield
    config.write_bytes(before)
    with Store.open(load(config).system.database) as store:
        seen = store.detections.oldest(time.time_ns() // 1000, 1000)
        store.detections.remove_all([one.id for one in seen])


@pytest.fixture
def alerts(config):
    """Oldest first; as (id, epoch seconds)."""
    now_us = time.time_ns() // 1000
    moments = [(kind, camera, now_us - ago * S) for kind, camera, ago in SEEN]
    return [(see(config, *moment), moment[2] / S) for moment in moments]


def cards(page):
    return page.locator(".alert-card")


def test_alerts_are_looked_at_marked_and_opened_at_their_moment(page, config, alerts):
    with without_complaints(page):
        page.goto("/alerts")
        expect(cards(page)).to_have_count(4)
        first = cards(page).first
        expect(first).to_contain_text("Face · Yard")
        expect(first.locator("img")).to_have_js_property("naturalWidth", 320)
        # The frame lies where it was seen, in shares of the picture.
        expect(first.locator(".alert-box")).to_be_visible()
        picture, frame = (
            wait_until(first.locator(what).bounding_box, what=f"a place of {what}") for what in ("img", ".alert-box")
        )
        assert abs((frame["x"] - picture["x"]) / picture["width"] - 0.375) < 0.02
        assert abs(frame["height"] / picture["height"] - 0.334) < 0.02
        zone = load(config).system.timezone
        expect(page.locator(".alert-day")).to_have_count(
            len({datetime.fromtimestamp(at, zone).date() for _, at in alerts})
        )

        first.get_by_role("button", name=re.compile("mark as viewed")).click()
        expect(cards(page)).to_have_count(3)
        page.get_by_label("Camera").select_option("gate")
        expect(cards(page)).to_have_count(2)
        page.get_by_role("button", name="Mark all as viewed").click()
        expect(page.get_by_text("Nothing fits")).to_be_visible()
        page.get_by_role("button", name="Show all cameras and kinds").last.click()
        expect(cards(page)).to_have_count(1)
        page.get_by_role("link", name="All", exact=True).click()
        expect(cards(page)).to_have_count(4)
        assert page.url.endswith("?which=all")

        last = cards(page).last
        last.get_by_role("button", name=re.compile("delete")).click()
        last.get_by_role("button", name="Delete", exact=True).click()
        expect(cards(page)).to_have_count(3)
    target = cards(page).filter(has_text="Motion · Gate").locator("a")
    wanted = parse_qs(urlsplit(target.get_attribute("href")).query)
    assert wanted["cams"] == ["gate"] and abs(float(wanted["t"][0]) - (alerts[2][1] - 2)) < 0.002
    target.click()
    page.wait_for_url(re.compile(r"/scrub\?"))


def test_who_works_by_keyboard_keeps_the_place_in_the_list(page, config, alerts):
    page.goto("/alerts")
    expect(cards(page)).to_have_count(4)
    second = cards(page).nth(1)
    following = cards(page).nth(2).get_attribute("data-id")
    second.get_by_role("button", name=re.compile("mark as viewed")).press("Enter")
    expect(cards(page)).to_have_count(3)
    marking = page.locator(f".alert-card[data-id='{following}']").get_by_role("button", name=re.compile("mark as"))
    expect(marking).to_be_focused()
    # What comes meanwhile takes nobody's place.
    see(config, "face", "gate", time.time_ns() // 1000)
    expect(cards(page)).to_have_count(4)
    expect(marking).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(cards(page)).to_have_count(3)
    expect(cards(page).nth(2).get_by_role("button", name=re.compile("delete"))).to_be_focused()


def test_who_opens_a_new_one_has_seen_it(page, alerts, live_site):
    page.goto("/alerts")
    cards(page).first.locator("a").click()
    page.wait_for_url(re.compile(r"/scrub"))
    listed = page.request.get(f"{live_site.url}/api/alerts/?viewed=false").json()
    assert alerts[3][0] not in [one["id"] for one in listed["alerts"]]
    assert listed["total"] == 3


def test_a_new_one_appears_by_itself(page, config, alerts):
    page.goto("/alerts")
    expect(cards(page)).to_have_count(4)
    see(config, "face", "gate", time.time_ns() // 1000)
    expect(cards(page)).to_have_count(5)
    expect(cards(page).first).to_contain_text("Face · Gate")


def test_where_nothing_is_looked_for_the_page_says_how_to_switch_it_on(page, context, live_site, config):
    page.goto("/alerts")
    expect(page.get_by_role("heading", name="Detection is switched off")).to_be_visible()
    expect(page.get_by_role("link", name="Switch it on in Settings")).to_be_visible()
    assert page.request.patch(
        f"{live_site.url}/api/cameras/gate",
        data={"detect": {"motion": {"enabled": True}}},
        headers={"X-PyNVR": "1", "Origin": live_site.url},
    ).ok
    page.reload()
    expect(page.get_by_role("heading", name="No alert yet")).to_be_visible()


def test_a_viewer_looks_and_changes_nothing(context, live_site, alerts):
    log_in(context, live_site, "viewer")
    page = context.new_page()
    page.goto("/alerts")
    expect(cards(page)).to_have_count(4)
    expect(cards(page).get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("button", name="Mark all as viewed")).to_be_hidden()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_page_is_read_and_used_by_everybody(page, alerts, theme):
    page.emulate_media(reduced_motion="reduce")
    choose_colours(page, theme)
    with without_complaints(page):
        page.goto("/alerts?which=all")
        expect(cards(page)).to_have_count(4)
        assert poor_contrasts(page) == []
        assert nameless_controls(page) == []
        page.set_viewport_size(PHONE)
        assert width_beyond_the_screen(page) == 0
