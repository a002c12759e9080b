"""The panel of the best frames in a real browser, with a real searcher, which dies in the middle."""

import json

import pytest
from playwright.sync_api import expect

from tests.searcher.running import RunningSearcher
from tests.waiting import PATIENCE_S
from tests.web.browser.conftest import log_in
from tests.web.browser.scrub_page import ScrubPage
from tests.web.browser.watching import nameless_controls, poor_contrasts, without_complaints

PATIENCE_MS = PATIENCE_S * 1000
MISSING = "Failed to load resource"  # a hole has no thumbnail; the strip asks and is told


@pytest.fixture(scope="module")
def searcher(archive):
    with RunningSearcher(archive.config) as running:
        yield running


@pytest.fixture
def scrub(page, searcher):
    return ScrubPage(page)


@pytest.fixture
def start_s(archive):
    return archive.start_us / 1e6


def panel(page, state):
    found = page.locator(f'.best-panel[data-state="{state}"]')
    expect(found).to_be_visible(timeout=PATIENCE_MS)
    return found


def test_the_best_frames_of_the_marked_range_lead_to_their_moments(scrub, page, start_s):
    with without_complaints(page, MISSING):
        scrub.open(f"?t={start_s + 30}&in={start_s + 20}&out={start_s + 50}&z=120,0.5")
        page.get_by_role("button", name="Best frames").click()
        shown = panel(page, "shown")
        pictures = shown.locator(".best-picture img")
        assert 3 <= pictures.count() <= 9
        scrub.wait("[...document.querySelectorAll('.best-picture img')].every(image => image.naturalWidth === 320)")
        times = [float(address.split("/")[-1].split(".jpg")[0]) for address in addresses(shown)]
        assert all(start_s + 20 <= time < start_s + 50 for time in times)
        assert min(abs(a - b) for a in times for b in times if a != b) >= 1
        shown.locator(".best-picture").nth(1).click()
        scrub.wait(f"Math.abs(scrub.player.moment - {times[1]}) < 0.001")
        scrub.settle()
        assert panel(page, "shown").is_visible()
    assert nameless_controls(page) == []
    assert poor_contrasts(page) == []


def addresses(shown):
    return shown.locator(".best-foot a").evaluate_all("links => links.map(link => link.getAttribute('href'))")


def test_each_picture_can_be_downloaded_under_its_time(scrub, page, start_s):
    scrub.open(f"?t={start_s + 30}&in={start_s + 20}&out={start_s + 26}")
    page.keyboard.press("b")
    link = panel(page, "shown").locator(".best-foot a").first
    with page.expect_download() as download:
        link.click()
    name = download.value.suggested_filename
    assert name.startswith("gate 20")
    assert name.endswith(".jpg")
    assert download.value.path().read_bytes()[:3] == b"\xff\xd8\xff"


def test_a_search_is_cancelled_and_begun_anew(scrub, page, start_s):
    scrub.open(f"?t={start_s + 30}&z=400,0.1")
    page.keyboard.press("b")
    panel(page, "searching").get_by_role("button", name="Cancel").click()
    panel(page, "cancelled").get_by_role("button", name="Brightest").click()
    panel(page, "shown")
    page.keyboard.press("Escape")
    expect(page.locator(".best-panel")).to_have_count(0)


def test_a_searcher_that_dies_is_told_and_the_next_one_answers(scrub, page, searcher, start_s):
    scrub.open(f"?t={start_s + 30}&z=500,0.1")
    page.keyboard.press("b")
    page.get_by_role("button", name="Faces").click()
    scrub.wait("document.querySelector('.best-panel progress')?.value > 0.1", "the search to be under way")
    searcher.kill()
    failed = panel(page, "failed")
    expect(failed.get_by_role("alert")).to_contain_text("try again")
    searcher.start()
    page.get_by_role("button", name="Brightest").click()
    panel(page, "shown")


def test_faces_are_framed_and_where_there_is_none_it_says_so(scrub, page, start_s):
    face = {"box": {"x": 0.25, "y": 0.5, "width": 0.125, "height": 0.25}, "confidence": 0.98}
    frame = {"time": start_s + 5, "score": 0.2, "url": f"/api/1/camera/gate/frame/{start_s + 5}.jpg", "faces": [face]}
    answers = [[frame], []]

    def answer(route):
        result = {"frames": answers.pop(0), "looked_at": 77, "unreadable": 0, "recorded": 10}
        lines = [{"progress": 0.5, "waits": False}, {"result": result}]
        route.fulfill(content_type="application/x-ndjson", body="".join(json.dumps(line) + "\n" for line in lines))

    scrub.open(f"?t={start_s + 30}")
    page.route("**/best-frames?*", answer)
    page.keyboard.press("b")
    panel(page, "shown")
    scrub.wait("document.querySelector('.best-picture img').naturalWidth > 0")
    picture, framed = (page.locator(name).bounding_box() for name in (".best-picture", ".best-face"))
    assert (framed["x"] - picture["x"]) / picture["width"] == pytest.approx(0.25, abs=0.02)
    assert (framed["y"] - picture["y"]) / picture["height"] == pytest.approx(0.5, abs=0.04)
    assert framed["width"] / picture["width"] == pytest.approx(0.125, abs=0.04)
    page.get_by_role("button", name="Faces").click()
    expect(page.locator(".search-state")).to_contain_text("No face in 77 pictures")


def test_on_a_phone_it_stands_in_the_sheet_which_makes_way_for_the_picture(browser, live_site, searcher, start_s):
    context = browser.new_context(base_url=live_site.url, viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    log_in(context, live_site, "viewer")
    page = context.new_page()
    scrub = ScrubPage(page)
    scrub.open(f"?t={start_s + 30}&in={start_s + 20}&out={start_s + 30}")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Best frames").click()
    shown = panel(page, "shown")
    scrub.wait("[...document.querySelectorAll('.best-picture img')].every(image => image.naturalWidth > 0)")
    boxes = [box.bounding_box() for box in shown.locator(".best-picture").all()]
    assert max(box["x"] + box["width"] for box in boxes) <= 390
    shown.locator(".best-picture").first.click()
    expect(page.locator(".sheet")).to_be_hidden()
    context.close()
