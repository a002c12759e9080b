"""Sub-streams from camera to viewer: a client's WebSocket and Chromium, on the whole of PyNVR and simulated cameras."""

import os
import re
import signal
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program
from tests.waiting import PATIENCE_S, wait_until
from tests.web.browser.watching import without_complaints
from tests.web.live.watching import is_init, log_in, texts, wait_serving, watch
from tests.web.running import add_users

pytestmark = pytest.mark.timeout(600)

CAMERAS = (
    SimulatedCamera("main", width=640, height=360, fps=10, gop_s=1, bitrate_kbps=400, loop_s=4),
    SimulatedCamera("small", width=160, height=90, fps=10, gop_s=1, bitrate_kbps=80, loop_s=4),
)
LIVE = re.compile(r"live · \d+\.\d s")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with SimulatorServer(CAMERAS) as server:
        main, sub = server.url("main"), server.url("small")
        login = sub.replace("rtsp://", "rtsp://viewer:planted-secret@")
        cameras = [
            {"id": "gate", "url": main, "live": {"url": login}},
            {"id": "door", "url": main, "record": {"mode": "never"}, "live": {"url": sub}},
            {"id": "hall", "url": main, "live": {"url": "rtsp://127.0.0.1:9/nothing"}},
        ]
        made = Program(tmp_path_factory.mktemp("sub"), cameras)
        add_users(made.config)
        made.start()
        try:
            made.wait_recording("gate", "hall")
            wait_serving(made.port)
            yield made
        finally:
            made.end()


@pytest.fixture(scope="module")
def cookie(program):
    return log_in(program.port)


def first(viewer):
    """What the viewer is told of the stream that it gets first."""
    return next(texts(viewer, "stream"))


def widths(viewer):
    """Of what comes from now on, each as it changes."""
    for told in texts(viewer, "stream"):
        yield told["source"], told["width"], told["stands_in"]


@contextmanager
def hanging(program, name):
    """The process neither works nor dies."""
    pid = program.pid_of(name)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # on a busy machine it may have been replaced meanwhile
            os.kill(pid, signal.SIGCONT)


def test_a_viewer_is_shown_the_stream_that_it_asks_for(program, cookie):
    url = "rtsp://" + program.cameras[0]["live"]["url"].partition("@")[2]
    wanted = {
        "/ws/stream/?camera=gate": ("sub", 160),
        "/ws/stream/?camera=gate&stream=main": ("main", 640),
        f"/ws/stream/?url={url}": ("sub", 160),
        f"/ws/stream/?url={program.cameras[0]['url']}": ("main", 640),
        "/ws/stream/?camera=door": ("sub", 160),
        "/ws/stream/?camera=door&stream=main": ("sub", 160),
    }
    for path, expected in wanted.items():
        with watch(program.port, path, cookie) as viewer:
            told = first(viewer)
            while told["source"] != expected[0]:  # it was only just opened
                assert told["stands_in"]
                told = first(viewer)
            assert (told["source"], told["width"]) == expected, path
            assert not told["stands_in"]  # what is never recorded has no main stream
            assert is_init(next(message for message in viewer if isinstance(message, bytes)))
    for bad in (f"/ws/stream/?url={url}x", "/ws/stream/?camera=gate&stream=other"):
        with pytest.raises(InvalidStatus) as refused:
            watch(program.port, bad, cookie)
        assert refused.value.response.status_code in (400, 404)


def test_the_main_stream_stands_in_and_gives_way_again(program, cookie):
    with watch(program.port, "/ws/stream/?camera=gate", cookie) as viewer:
        seen = widths(viewer)
        assert next(told for told in seen if told[0] == "sub") == ("sub", 160, False)
        with hanging(program, "live gate"):
            assert next(seen) == ("main", 640, True)
        assert next(seen) == ("sub", 160, False)
        # Killed, it is replaced; until then the main stream may stand in, or nothing be missed.
        os.kill(program.pid_of("live gate"), signal.SIGKILL)
        frames = 0
        for message in viewer:
            frames += isinstance(message, bytes) and not is_init(message)
            if frames > 40:
                break
    assert "planted-secret" not in program.said()


def test_what_isnt_recorded_is_live_and_leaves_no_recording(program, cookie):
    with watch(program.port, "/ws/stream/?camera=door", cookie) as viewer:
        next(told for told in texts(viewer, "system_status") if told["state"] == "live")
        assert program.camera("door")["cause"] == "disabled"
        live = program.data_dir / "run" / "live" / "door"
        wait_until(lambda: list(live.glob("*/*.chunk")), what="a chunk of it")
    assert not list((program.data_dir / "cameras" / "door").glob("*/*"))
    assert {path.suffix for path in live.glob("*/*")} <= {".chunk", ".new"}


def test_why_a_sub_stream_is_away_is_told(program, cookie):
    with watch(program.port, "/ws/stream/?camera=hall", cookie) as viewer:
        told = next(told for told in texts(viewer, "system_status") if told["sub_stream"])
        assert told["sub_stream"].startswith("unreachable")
    wait_until(lambda: program.camera("hall").get("cause") == "", what="the main stream to be recorded")


@pytest.fixture
def page(browser, program, cookie):
    context = browser.new_context(base_url=f"http://127.0.0.1:{program.port}", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_S * 1000)
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{program.port}"}])
    yield context.new_page()
    context.close()


def shows(page, camera, width):
    wait_until(
        lambda: page.evaluate("id => document.querySelector(`[data-camera=${id}] video`)?.videoWidth", camera) == width,
        what=lambda: f"{camera} to be {width} wide: {page.locator(f'[data-camera={camera}]').inner_text()}",
    )
    expect(page.locator(f"[data-camera={camera}] .live-state")).to_have_text(LIVE)


def test_the_page_shows_sub_streams_side_by_side_and_the_whole_picture_large(page, program):
    with without_complaints(page):
        page.goto("/live")
        shows(page, "gate", 160)
        shows(page, "door", 160)
        shows(page, "hall", 640)
        expect(page.locator("[data-camera=hall] .live-note")).to_have_text("main stream")
        expect(page.locator("[data-camera=gate] .live-note")).to_have_text("")
        page.locator("[data-camera=gate] .tile-button").click()
        shows(page, "gate", 640)
        page.keyboard.press("Escape")
        shows(page, "gate", 160)
        page.locator("[data-camera=door] .tile-button").click()
        shows(page, "door", 160)
        expect(page.locator("[data-camera=door] .live-note")).to_contain_text("sub-stream")
        page.keyboard.press("Escape")
        shows(page, "gate", 160)
        with hanging(program, "live gate"):
            shows(page, "gate", 640)
            expect(page.locator("[data-camera=gate] .live-note")).to_have_text("main stream")
        shows(page, "gate", 160)
        expect(page.locator("[data-camera=gate] .live-note")).to_have_text("")
