"""What is detected, in Chromium: boxes over live pictures, alerts on every page; and the way back in time in place."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect

from pynvr.config.load import load
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import Store
from tests.end_to_end.program import Program
from tests.footage import face_clip
from tests.waiting import wait_until
from tests.web.browser.watching import nameless_controls, poor_contrasts, without_complaints
from tests.web.live.looking import age_ms
from tests.web.live.watching import log_in, wait_serving
from tests.web.running import add_users

pytestmark = pytest.mark.timeout(600)

FACES = {"faces": {"enabled": True, "fps": 1, "cooldown_seconds": 2}}
# Its alerts would come all the time; that it moves is what is looked at here.
MOTION = {"motion": {"enabled": True, "fps": 4, "confidence_threshold": 1}}
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def simulator():
    return SimulatorServer(
        [
            SimulatedCamera("yard", width=640, height=360, fps=15, gop_s=1, bitrate_kbps=400, live=True),
            SimulatedCamera("rare", width=320, height=180, fps=5, gop_s=60, bitrate_kbps=100, live=True),
            SimulatedCamera("car", clip=face_clip()),
        ]
    )


@pytest.fixture(scope="module")
def program(simulator, tmp_path_factory):
    with simulator as server:
        cameras = [
            {"id": "rare", "url": server.url("rare")},
            {"id": "yard", "name": "Yard", "url": server.url("yard"), "detect": MOTION},
            {"id": "car", "name": "Car park", "url": server.url("car"), "detect": FACES},
        ]
        made = Program(tmp_path_factory.mktemp("marks"), cameras)
        add_users(made.config)
        made.start()
        try:
            made.wait_recording("yard", "car", "rare")
            wait_serving(made.port)
            # On a busy machine the detectors take longest to come.
            wait_until((made.data_dir / "run" / "looks.jsonl").exists, 240, "the analyser to look at something")
            yield made
        finally:
            made.end()


@pytest.fixture(scope="module")
def cookie(program):
    return log_in(program.port)


@pytest.fixture
def page(browser, program, cookie):
    context = browser.new_context(base_url=f"http://127.0.0.1:{program.port}", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{program.port}"}])
    yield context.new_page()
    context.close()


@pytest.fixture
def token(program):
    with Store.open(load(program.config).system.database) as store:
        made = store.tokens.create("outside detector", "admin", 1)
        yield made
        store.tokens.revoke("outside detector")


# The words of the line for news, if they lead to the yard; it changes and ends no more then.
_HOLD_NEWS = """() => {
  const link = document.querySelector(".news-link");
  if (link.hidden || !link.href.includes("yard")) return "";
  document.documentElement.dataset.news = "held";
  link.focus();
  return link.matches(":focus") ? link.textContent : "";
}"""


def tile(page, camera):
    return page.locator(f'[data-camera="{camera}"]')


def report(program, token, **detection):
    """What an outside detector saw."""
    body = json.dumps({"confidence_score": 0.95, "kind": "parcel", **detection}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{program.port}/api/detections/",
        body,
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def test_what_moves_has_a_box_around_it_and_its_tile_says_so(page):
    with without_complaints(page):
        page.goto("/live")
        expect(tile(page, "yard").locator(".live-badge")).to_have_text("motion", timeout=PATIENCE_MS)
        box = tile(page, "yard").locator(".boxes rect[data-kind=motion]").first
        expect(box).to_be_attached(timeout=PATIENCE_MS)
        assert tile(page, "yard").locator(".boxes").get_attribute("viewBox") == "0 0 640 360"
        assert 0 < float(box.get_attribute("width")) <= 640
        assert nameless_controls(page) == []


def test_the_first_picture_waits_for_no_keyframe_and_is_of_now(page, simulator):
    """Where one comes each minute, a picture before the next one is the group that had begun already."""

    def keyframes():
        return sum(unit.is_key for unit in simulator.sent("rare")[-1].track("video"))

    def shown_before_the_next():
        before = keyframes()
        page.goto("/live?camera=rare")
        age = wait_until(lambda: age_ms(page, "rare"), 120, "a picture with a clock that can be read")
        return age is not None and keyframes() == before and -500 < age < 20_000

    wait_until(shown_before_the_next, 240, "a picture between two keyframes")


def test_boxes_are_hidden_by_a_key_and_the_choice_is_kept(page):
    page.goto("/live")
    boxes = tile(page, "yard").locator(".boxes rect")
    expect(boxes.first).to_be_attached(timeout=PATIENCE_MS)
    page.keyboard.press("b")
    expect(boxes).to_have_count(0)
    page.reload()
    expect(tile(page, "yard").locator(".live-badge")).to_have_text("motion", timeout=PATIENCE_MS)
    expect(boxes).to_have_count(0)
    expect(page.get_by_role("button", name="Boxes")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Boxes").click()
    expect(boxes.first).to_be_attached(timeout=PATIENCE_MS)


def test_a_camera_with_b_frames_is_seen_and_a_face_has_its_box_where_it_is(page):
    page.goto("/live?camera=car")
    video = "document.querySelector('[data-camera=car] > video')"
    # Groups of this clip are 4 s long: who shows keyframes alone shows few pictures.
    many = f"{video}?.getVideoPlaybackQuality().totalVideoFrames > 60"
    wait_until(lambda: page.evaluate(many), 120, "the video to play")
    assert tile(page, "car").get_attribute("data-mode") == "mp4"
    box = tile(page, "car").locator(".boxes rect[data-kind=face]").first
    expect(box).to_be_attached(timeout=PATIENCE_MS)
    # By eye: from 0.2 to 0.65 across, 0.2 to 0.7 down a picture of 176 x 144.
    x, y, width, height = (float(box.get_attribute(name)) for name in ("x", "y", "width", "height"))
    assert 0.25 * 176 < x + width / 2 < 0.6 * 176
    assert 0.25 * 144 < y + height / 2 < 0.7 * 144


def test_a_new_alert_is_told_on_every_page_with_the_way_to_its_moment(page, program, token):
    page.goto("/system")
    expect(page.locator(".live-line")).to_contain_text("recording", timeout=PATIENCE_MS)
    # It is told to who listens; the page may only be about to. What comes while one stands there is told with it, also
    # of the car park. Once it is seen it is held where it is: it would stand for some seconds.
    stamps = iter(range(10_000))

    def told():
        report(program, token, stream="yard", timestamp=1_700_000_000 + 60 * next(stamps))
        page.wait_for_timeout(500)
        return page.evaluate(_HOLD_NEWS)

    words = wait_until(told, 60, "the alert to be shown")
    assert re.match(r"Parcel at Yard|\d+ alerts: .*Yard", words), words
    shown = page.locator(".news-link")
    assert poor_contrasts(page) == []
    # Beside the header's own words: over nothing that one works with.
    assert shown.evaluate(
        "link => link.getBoundingClientRect().bottom <= document.querySelector('#main').getBoundingClientRect().top"
    )
    shown.click()
    # The page writes its address anew when it has begun.
    page.wait_for_url(re.compile(r"/scrub\?(cams=yard&t=1(699|700)\d+|t=2023-11-1.*cams=yard)"), wait_until="commit")


def test_who_wants_no_news_gets_none(page, program, token):
    page.goto("/cameras")
    page.locator(".user-menu summary").click()
    page.get_by_role("switch", name="Show alerts as they come").click()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    page.goto("/live")
    expect(tile(page, "yard").locator(".live-badge")).to_have_text("motion", timeout=PATIENCE_MS)
    now = page.evaluate("Date.now() / 1000")
    report(program, token, stream="yard", timestamp=now)
    # The tile says it, and nothing covers the page.
    expect(tile(page, "yard").locator(".live-alert")).to_contain_text("Parcel", timeout=PATIENCE_MS)
    assert page.locator(".news-link").is_hidden()


def test_back_in_time_in_place_and_live_again(page, program):
    wait_until(lambda: program.segments("yard"), 60, "a segment to go back to")
    with without_complaints(page):
        page.goto("/live?camera=yard")
        wait_until(lambda: age_ms(page, "yard"), 60, "a live picture")
        page.keyboard.press("r")
        expect(tile(page, "yard").locator(".rewound-clock")).to_contain_text(" s ago")
        old = "[data-camera=yard] .rewound"
        wait_until(lambda: (age_ms(page, "yard", old) or 0) > 8_000, 60, "a picture of the past")
        before = page.evaluate(f"document.querySelector('{old} video').currentTime")
        playing = f"document.querySelector('{old} video').currentTime > {before} + 1"
        wait_until(lambda: page.evaluate(playing), 60, "it to play on")
        page.keyboard.press("k")
        expect(tile(page, "yard").locator(".rewound-bar button svg path[d^='M7 4.5']")).to_be_attached()
        assert "/live?camera=yard" in page.url
        page.keyboard.press("l")
        expect(tile(page, "yard").locator(".rewound")).to_be_hidden()
        wait_until(lambda: 0 < (age_ms(page, "yard") or 0) < 8_000, 60, "the present")
