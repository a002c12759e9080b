"""The live page in Chromium, playing what simulated cameras send just now."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.waiting import PATIENCE_S, wait_until
from tests.web.browser.watching import nameless_controls, poor_contrasts, width_beyond_the_screen, without_complaints
from tests.web.live.looking import age_ms

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def page(browser, program, cookie):
    context = browser.new_context(base_url=f"http://127.0.0.1:{program.port}", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_S * 1000)
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{program.port}"}])
    yield context.new_page()
    context.close()


LIVE = re.compile(r"live · \d+\.\d s")
VIDEO = "document.querySelector('[data-camera=gate] video')"


def tile(page, camera):
    return page.locator(f'[data-camera="{camera}"]')


def playing(page, camera):
    expect(tile(page, camera).locator(".live-state")).to_have_text(LIVE)


def comes_true(page, expression):
    # Not Playwright's own wait: that one evaluates text, which the page's security policy forbids.
    wait_until(lambda: page.evaluate(expression), 20, expression)


def test_all_cameras_play_with_a_picture_of_now(page):
    with without_complaints(page):
        page.goto("/live")
        for camera in ("gate", "busy", "yard"):
            playing(page, camera)

        def young():
            age = age_ms(page, "gate")
            return age is not None and -100 < age < 5000

        # A busy machine may be late now and then.
        wait_until(young, what=lambda: f"a picture of now; it is {age_ms(page, 'gate')} ms old")
    before = page.evaluate(f"{VIDEO}.currentTime")
    comes_true(page, f"{VIDEO}.currentTime > {before} + 2")
    comes_true(page, f"{VIDEO}.getVideoPlaybackQuality().totalVideoFrames > 20")


def test_what_the_browser_cant_decode_comes_as_pictures(page):
    page.goto("/live?camera=yard")
    playing(page, "yard")
    assert tile(page, "yard").get_attribute("data-mode") == "jpeg"
    expect(tile(page, "yard").locator(".live-note")).to_contain_text("H.265")
    assert page.evaluate("document.querySelector('[data-camera=yard] canvas').width") == 480


def test_one_click_to_full_and_back_and_the_address_says_so(page):
    page.goto("/live")
    playing(page, "gate")
    tile(page, "gate").get_by_role("button", name="Show gate large").click()
    expect(tile(page, "busy")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/live\?camera=gate$"))
    wait_until(lambda: tile(page, "gate").bounding_box()["width"] > 1000, what="the large picture")
    page.keyboard.press("Escape")
    expect(tile(page, "busy")).to_be_visible()
    playing(page, "busy")
    page.keyboard.press("3")
    expect(page).to_have_url(re.compile("camera=busy"))
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("camera=gate"))


def test_rewound_it_leads_to_the_scrub_page_at_the_same_moment(page):
    page.goto("/live?camera=gate")
    playing(page, "gate")
    before = time.time()
    page.keyboard.press("r")
    expect(tile(page, "gate").locator(".rewound-bar")).to_be_visible()
    page.keyboard.press("r")
    tile(page, "gate").get_by_role("link", name="gate: this moment on the scrub page").click()
    page.wait_for_url("**/scrub?**", wait_until="commit")
    entered = page.evaluate("performance.getEntriesByType('navigation')[0].name")
    found = re.search(r"[?&]t=([\d.]+)", entered)
    assert found is not None and float(found[1]) < before - 25


def test_a_way_back_in_time_that_does_not_come_leaves_the_present(page):
    page.goto("/live?camera=gate")
    playing(page, "gate")
    page.route("**/player/group_player.js", lambda route: route.abort())
    with without_complaints(page, "ERR_FAILED"):
        page.keyboard.press("r")
        page.keyboard.press("r")
        expect(tile(page, "gate").locator(".rewound-bar")).to_be_hidden()
        playing(page, "gate")


def test_sound_is_played_for_one_camera(page):
    page.goto("/live")
    playing(page, "gate")
    on = tile(page, "gate").get_by_role("button", name="gate: sound on")
    off = tile(page, "gate").get_by_role("button", name="gate: sound off")
    heard = f"!{VIDEO}.muted && {VIDEO}.webkitAudioDecodedByteCount > 4000"
    on.click()
    expect(off).to_be_visible()

    def is_heard():
        # Where a starved machine's picture stays away for seconds, its sound is switched off again.
        if on.is_visible():
            on.click()
        return page.evaluate(heard) and off.is_visible()

    wait_until(is_heard, 120, "the sound")
    playing(page, "gate")
    expect(tile(page, "busy").get_by_role("button", name="busy: sound on")).to_have_count(0)


def test_it_comes_back_by_itself_when_the_connection_breaks(page):
    page.add_init_script(
        "const Plain = WebSocket; window.sockets = [];"
        "window.WebSocket = class extends Plain {"
        " constructor(...given) { super(...given); window.sockets.push(this); } };"
    )
    page.goto("/live?camera=gate")
    playing(page, "gate")
    page.evaluate("window.sockets[0].close()")
    # On a busy machine it may break once more.
    comes_true(page, "window.sockets.length >= 2 && window.sockets.at(-1).readyState === 1")
    playing(page, "gate")


def test_one_socket_carries_the_page_and_what_nobody_sees_isnt_sent(page):
    kinds: dict[str, int] = {}
    sockets = []

    def note(frame):
        if isinstance(frame, bytes):
            camera = frame[2 : 2 + frame[1]].decode()
            kinds[camera] = kinds.get(camera, 0) + 1

    def opened(socket):
        sockets.append(socket.url)
        socket.on("framereceived", note)

    page.on("websocket", opened)
    page.goto("/live")
    for camera in ("gate", "busy", "yard"):
        playing(page, camera)
    wait_until(lambda: page.wait_for_timeout(20) or set(kinds) == {"gate", "busy", "yard"}, what=lambda: str(kinds))
    assert len(sockets) == 1
    page.keyboard.press("1")

    def nothing_else():
        """Of more than thirty frames; those of the others that were on their way don't count."""
        page.wait_for_timeout(100)
        if set(kinds) - {"gate"}:
            kinds.clear()
        return kinds.get("gate", 0) > 30

    wait_until(nothing_else, what=lambda: json.dumps(kinds))


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_it_fits_its_screen_and_says_what_everything_is(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/live")
    playing(page, "gate")
    assert width_beyond_the_screen(page) == 0
    assert nameless_controls(page) == []
    assert poor_contrasts(page) == []
    boxes = [tile(page, camera).bounding_box() for camera in ("gate", "yard", "busy")]
    assert all(box["width"] >= 270 for box in boxes)
