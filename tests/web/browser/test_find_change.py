"""Finding a change on the scrub page, in a real browser, with a real searcher, in a scene whose truth is known."""

import pytest
from playwright.sync_api import expect

from benchmarks.change.recorded import recorded
from tests.searcher.running import RunningSearcher
from tests.searcher.test_change_scenes import BROUGHT
from tests.waiting import PATIENCE_S
from tests.web.browser.conftest import log_in
from tests.web.browser.scrub_page import ScrubPage
from tests.web.browser.watching import nameless_controls, poor_contrasts, without_complaints
from tests.web.running import RunningSite, add_users

PATIENCE_MS = PATIENCE_S * 1000
(LEFT, TOP, WIDTH, HEIGHT) = BROUGHT.box
(TRUTH,) = BROUGHT.truths
MISSING = "Failed to load resource"  # a hole has no thumbnail; the strip asks and is told


# Keeps what the line under the picture says, from now on.
_NOTE_HINTS = """() => {
  const hint = document.querySelector(".find-hint");
  window.hints = [];
  const note = () => window.hints.push(hint.textContent);
  new MutationObserver(note).observe(hint, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    made = recorded(BROUGHT, tmp_path_factory.mktemp("scene"))
    made.settings.system.run_dir.mkdir(exist_ok=True)
    add_users(made.config)
    return made


@pytest.fixture(scope="module")
def site(scene):
    with RunningSearcher(scene.config), RunningSite(scene.config) as running:
        yield running


@pytest.fixture
def open_page(browser, site):
    contexts = []

    def opened(name="admin", **more):
        context = browser.new_context(base_url=site.url, **more)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        log_in(context, site, name)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def panel(page, state):
    found = page.locator(f'.find-panel[data-state="{state}"]')
    expect(found).to_be_visible(timeout=PATIENCE_MS)
    return found


def draw(page, left, top, width, height):
    field = page.locator(".find-field").bounding_box()

    def place(x, y):
        return field["x"] + x * field["width"], field["y"] + y * field["height"]

    page.mouse.move(*place(left, top))
    page.mouse.down()
    page.mouse.move(*place(left + width / 2, top + height / 2))
    page.mouse.move(*place(left + width, top + height))
    page.mouse.up()


def test_a_box_drawn_around_it_tells_when_it_came(open_page, scene):
    page = open_page(viewport={"width": 1440, "height": 900})
    scrub, start_s = ScrubPage(page), scene.start_us / 1e6
    with without_complaints(page, MISSING):
        scrub.open(f"?t={start_s + 660}")
        page.get_by_role("button", name="Find the change").click()
        draw(page, -0.03, 0.25, 0.5, 0.5)
        assert scrub.get("scrub.taking.findBox.box[0]") == 0, "from beside the picture up to its edge"
        assert scrub.get("String(getSelection())") == ""
        page.keyboard.press("Delete")
        draw(page, LEFT, TOP, WIDTH, HEIGHT)
        drawn = scrub.get("scrub.taking.findBox.box")
        assert scrub.get("document.documentElement.dataset.news") == "held"
        # It stands for some seconds, in which a busy machine may not come to look.
        page.evaluate(_NOTE_HINTS)
        draw(page, 0.05, 0.05, 0.008, 0.008)
        scrub.wait("window.hints.some(words => words.includes('Too small'))")
        assert scrub.get("scrub.taking.findBox.box") == drawn
        broken = []
        page.on("requestfailed", lambda request: broken.append(request.url))
        page.locator(".find-panel .primary").click()
        panel(page, "found")
        card = page.locator(".find-card")
        expect(card).to_have_count(1)
        assert [url for url in broken if "find-change" in url] == []
        found_s = float(card.get_attribute("data-time")) - start_s
        assert TRUTH.earliest_s - 5 <= found_s <= TRUTH.latest_s + 5
        expect(card).to_contain_text("appeared")
        scrub.wait("[...document.querySelectorAll('.find-plane img')].every(image => image.naturalWidth > 0)")
        # The edge between before and after follows the arrow keys.
        wipe = card.get_by_role("slider")
        wipe.focus()
        before = wipe.input_value()
        page.keyboard.press("ArrowRight")
        assert float(wipe.input_value()) > float(before)
        card.get_by_role("button", name="Play").click()
        scrub.wait("document.querySelector('.find-clip')?.currentTime > 0")
        assert scrub.get("Math.abs(document.querySelector('.find-clip').duration - 20) < 1")
        card.get_by_role("button", name="Keep the 20 seconds around it").click()
        expect(card.get_by_role("button", name="Kept")).to_be_visible()
        (keep,) = page.request.get("/api/1/keeps").json()["payload"]["keeps"]
        assert keep["end"] - keep["start"] == pytest.approx(20)
        card.get_by_role("button", name="Kept").click()
        expect(card.get_by_role("button", name="Keep the 20 seconds around it")).to_be_visible()
        assert page.request.get("/api/1/keeps").json()["payload"]["keeps"] == []
        card.get_by_role("button", name="Go there").click()
        scrub.wait(f"Math.abs(scrub.player.moment - {start_s + found_s}) < 0.1")
        # Its mark on the axis leads there, too.
        scrub.get(f"scrub.seek({start_s + 60}, {{reveal: true}})")
        scrub.get(f"scrub.timeline.setView({start_s}, {start_s + 1200})")
        axis = page.locator("#axis").bounding_box()
        (mark,) = scrub.wait("scrub.timeline.state.found", "its mark")
        page.mouse.click(axis["x"] + mark["x"], axis["y"] + mark["y"])
        scrub.wait(f"Math.abs(scrub.player.moment - {start_s + found_s}) < 0.1")
        expect(card).to_have_attribute("aria-current", "true")
        assert nameless_controls(page) == []
        assert poor_contrasts(page) == []
        page.keyboard.press("Escape")
        expect(page.locator(".find-layer, .find-results, .find-panel")).to_have_count(0)
        assert scrub.get("scrub.timeline.state.found") == []
        assert scrub.get("document.documentElement.dataset.news ?? null") is None


def test_by_keys_alone_on_a_phone_by_a_viewer(open_page, scene):
    page = open_page("viewer", viewport={"width": 390, "height": 844}, has_touch=True)
    scrub, start_s = ScrubPage(page), scene.start_us / 1e6
    scrub.open(f"?t={start_s + 300}")
    page.keyboard.press("c")
    field = page.locator(".find-field")
    expect(field).to_be_focused()
    for key in ("Enter", "ArrowUp", "Shift+ArrowLeft", "Alt+ArrowDown"):
        page.keyboard.press(key)
    x, y, width, height = scrub.get("scrub.taking.findBox.box")
    assert (width, height) == pytest.approx((0.23, 0.3))
    assert (x, y) == pytest.approx((0.385, 0.334))
    page.keyboard.press("Enter")
    # Before it came, nothing had changed there.
    nothing = panel(page, "nothing")
    expect(nothing).to_contain_text("Nothing changed for good in the box")
    # Where nothing was recorded nobody is sent to.
    expect(nothing.get_by_role("button", name="Look in")).to_have_count(0)
    offered = ["in the 24 hours before", "in the 24 hours after", "in the 7 days after"]
    expect(page.locator(".find-otherwise option:not([hidden])")).to_have_text(offered)
    # It comes only later; a time is proposed there, too.
    page.get_by_label("It looked different").select_option("after-1")
    page.get_by_role("button", name="Propose a time").click()
    expect(panel(page, "proposed")).to_contain_text("it looked different")
    assert scrub.get("Number(document.querySelector('.find-otherwise select').selectedIndex)") == 5
    page.locator(".find-panel .primary").click()
    panel(page, "found")
    expect(page.locator(".find-card")).to_have_count(1)
    expect(page.locator(".find-card .admin-only:visible")).to_have_count(0)
    assert scrub.get("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Every lasting change").click()
    panel(page, "found")
