"""The page of captures in a real browser, on a site whose master says nothing."""

import pytest
from playwright.sync_api import expect

from pynvr.archive.capture_folder import CaptureFolder, CaptureState, Shot
from pynvr.config.load import load
from pynvr.media.jpeg import to_jpeg
from pynvr.media.still import Picture
from tests.capturer.making import grey_frame
from tests.web.browser.standing import make_bare_site
from tests.web.browser.watching import nameless_controls, poor_contrasts, width_beyond_the_screen, without_complaints
from tests.web.running import RunningSite, add_users

CAMERAS = [{"id": "gate", "name": "Gate", "url": "rtsp://root:hush-hush@192.0.2.7/1"}]


@pytest.fixture(scope="module")
def live_site(tmp_path_factory):
    config = make_bare_site(tmp_path_factory.mktemp("bare"), CAMERAS)
    add_users(config)
    folder = CaptureFolder(load(config).system.data_dir / "captures" / "1")
    folder.write(CaptureState("rtsp://h/a", 1_773_144_000_000_000, "ended", "", 1_773_144_009_000_000, 90, 0, 320, 180))
    for number in range(9):
        shot = Shot(1_773_144_000_000_000 + number * 1_000_000, number / 10)
        folder.add(shot, to_jpeg(Picture(grey_frame(16 + 22 * number, 320, 180))))
    with RunningSite(config) as site:
        yield site


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_shows_the_brightest_in_the_streams_aspect(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    with without_complaints(page):
        page.goto("/stop")
        expect(page.get_by_role("heading", level=1)).to_have_text("Top 9 Brightest Frames")
        expect(page.locator(".more-pages summary")).to_contain_text("Captures")
        pictures = page.locator(".shots img")
        expect(pictures).to_have_count(9)
        for number in range(9):
            pictures.nth(number).scroll_into_view_if_needed()
            expect(pictures.nth(number)).to_have_js_property("naturalWidth", 320)
        for aspect in pictures.evaluate_all("images => images.map(i => i.clientWidth / i.clientHeight)"):
            assert aspect == pytest.approx(16 / 9, abs=0.02)
        expect(page.locator(".shots time").first).to_have_text("13:00:08.0")
        assert width_beyond_the_screen(page) == 0
        assert poor_contrasts(page) == [] and nameless_controls(page) == []


def test_what_cannot_be_started_says_why_where_it_was_asked(page):
    with without_complaints(page, "503"):
        page.goto("/captures")
        expect(page.locator(".more-pages summary")).to_contain_text("Captures")
        page.get_by_label("Capture a stream").fill("rtsp://root:***@192.0.2.7/1")
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_role("alert")).to_have_text("the master said nothing within 5 s")
        expect(page.get_by_role("button", name="Start")).to_be_enabled()
