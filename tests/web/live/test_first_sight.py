"""The scrub page of an installation that is being started for the first time, from nothing to the growing minute."""

import pytest
from playwright.sync_api import expect

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import NoAnswer
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program
from tests.waiting import wait_until
from tests.web.browser.scrub_page import ScrubPage
from tests.web.live.watching import log_in, wait_serving
from tests.web.running import add_users

pytestmark = pytest.mark.timeout(600)

PATIENCE_MS = 60_000
CAMERAS = (
    SimulatedCamera("gate", width=480, height=270, fps=10, gop_s=1, bitrate_kbps=200),
    SimulatedCamera("yard", width=480, height=270, fps=10, gop_s=1, bitrate_kbps=200),
)


@pytest.fixture
def simulator():
    with SimulatorServer(CAMERAS) as server:
        for name in server.cameras:
            server.fault(name, NoAnswer())
        yield server


@pytest.fixture
def program(simulator, tmp_path):
    cameras = [
        {"id": name, "url": simulator.url(name), "initial_timeout": 3, "retry": {"first": 1, "longest": 2}}
        for name in simulator.cameras
    ]
    made = Program(tmp_path, cameras, {"segment_seconds": 60})
    add_users(made.config)
    made.start()
    try:
        wait_serving(made.port)
        yield made
    finally:
        made.end()


@pytest.fixture
def page(browser, program):
    context = browser.new_context(base_url=f"http://127.0.0.1:{program.port}", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    name, _, value = log_in(program.port).partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{program.port}"}])
    yield context.new_page()
    context.close()


def test_the_page_says_the_truth_from_the_first_second_on(page, simulator):
    scrub = ScrubPage(page)
    page.goto("/scrub")
    expect(page.locator("#message")).to_contain_text("Nothing recorded yet", timeout=PATIENCE_MS)

    simulator.clear("gate")
    # The growing minute appears by itself, and says what it is.
    scrub.wait("document.querySelector('#main').dataset.state === 'ready' && !!window.scrub", "the page")
    expect(page.locator("#fresh")).to_contain_text("The first minute is being recorded", timeout=PATIENCE_MS)
    expect(page.locator('.tile[data-camera="gate"]')).to_have_attribute("data-condition", "shown", timeout=PATIENCE_MS)
    scrub.wait(f"{_ROW.format(id='gate')}.recorded.length > 0", "the growing minute on the axis")
    wait_until(lambda: scrub.code("gate") is not None, what="a picture of the growing minute")
    # A camera that isn't there yet says why, as soon as that is known.
    wait_until(
        lambda: (words := scrub.reason("yard")) and "nothing recorded" not in words,
        what=lambda: f"the cause; it says {scrub.reason('yard')}",
    )

    simulator.clear("yard")
    scrub.wait(f"{_ROW.format(id='yard')}.recorded.length > 0", "the camera that came later on the axis")
    later = scrub.get(f"{_ROW.format(id='yard')}.recorded[0][0]")
    # What grows is played.
    begun = scrub.moment
    scrub.play_until(max(begun + 1, later + 1))
    expect(page.locator('.tile[data-camera="yard"]')).to_have_attribute("data-condition", "shown", timeout=PATIENCE_MS)
    scrub.pause()


_ROW = "scrub.timeline.state.rows.find(row => row.id === '{id}')"
