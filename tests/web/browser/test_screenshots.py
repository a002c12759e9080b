"""Pictures of the pages for the documentation: `make screenshots`. Without PYNVR_SCREENSHOTS nothing is written."""

import dataclasses
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks.change.recorded import recorded
from benchmarks.change.situations import several
from pynvr.model.box import Box
from pynvr.model.cause import Cause
from pynvr.model.incident import Clip, Incident, MissingSpan
from pynvr.simulator.camera import Look, SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.detections import Detection
from pynvr.store.store import Store
from tests.end_to_end.program import Program
from tests.searcher.running import RunningSearcher
from tests.waiting import wait_until
from tests.web.archive_maker import MadeCamera, make_archive
from tests.web.browser.conftest import log_in
from tests.web.browser.standing import running_master
from tests.web.browser.watching import choose_colours, save_picture
from tests.web.live.watching import wait_serving
from tests.web.running import RunningSite, add_users

FOLDER = os.environ.get("PYNVR_SCREENSHOTS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="pictures for the documentation are made by `make screenshots`")

MINUTES = 90
CAMERAS = (
    MadeCamera("front", "Front door", width=1280, height=720, audio=True),
    MadeCamera("gate", "Gate", look="overcast", gaps=((30, 34, Cause.UNREACHABLE),)),
    MadeCamera("garage", "Garage", look="night", gop_s=4),
    MadeCamera("yard", "Back yard", look="dusk", gaps=((60, 72, Cause.STALLED),)),
)
PAGES = (
    "alerts?which=all",
    "incidents",
    "tags",
    "cameras",
    "downloads?list=keeps",
    "system",
    "log",
    "settings",
    "users",
    "account",
)
ALL_LOADED = "[...document.images].every((image) => image.complete)"
# Of cards that aren't in sight the pictures aren't loaded.
ALL_SHOWN = """async () => {
    const pictures = [...document.querySelectorAll('.find-card:nth-child(-n+2) .find-plane img')];
    return (await Promise.all(pictures.map((one) => one.decode().then(() => true, () => false)))).every(Boolean);
}"""
SIZES = {"": {"width": 1440, "height": 900}, "-phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    made = make_archive(tmp_path_factory.mktemp("pictures") / "video", CAMERAS, MINUTES)
    add_users(made.config)
    minute = 60_000_000
    with Store.open(made.settings.system.database) as store:
        for camera, at, length, words in (
            ("gate", 22, 4, "van backs into the post"),
            ("front", 51, 2, "for the insurance"),
            ("yard", 40, 9, "fox"),
        ):
            start_us = made.start_us + at * minute
            store.keeps.add(
                camera, start_us, start_us + length * minute, reason=words, made_by="admin", now_us=made.end_us
            )
            store.tags.add(camera, start_us, start_us, label=words, made_by="admin", now_us=made.end_us)
        store.tokens.create("doorbell", "viewer", made.end_us)
        _add_incidents(store, made)
        _add_alerts(store, made)
    with running_master(made.config, {"yard": ("unreachable", "no route to 192.0.2.7")}):
        yield dataclasses.replace(made)


def _add_incidents(store, made):
    """One in each state that a person meets most."""

    def report(camera, at_minutes, **changes):
        at_us = made.start_us + round(at_minutes * 60_000_000)
        key = f"{camera}-{at_minutes}".replace(".", "-")
        new = Incident(camera, at_us, 10_000_000, 20_000_000, key, at_us, "doorbell", deliver=True, **changes)
        return store.incidents.add(new)

    def cut(incident, megabytes, *missing):
        clip = Clip(incident.start_us, incident.end_us, megabytes * 1_000_000, missing)
        return store.incidents.write(incident.extracted(clip, made.end_us))

    delivered = cut(report("front", 84.2, note="the bell rang"), 7)
    store.incidents.write(store.incidents.write(delivered.uploading()).uploaded(made.end_us))
    hole_us = made.start_us + 30 * 60_000_000
    hole = MissingSpan(hole_us, hole_us + 12_000_000, Cause.UNREACHABLE)
    waiting = store.incidents.write(cut(report("gate", 29.87), 5, hole).uploading())
    words = "https://example.org/incidents answers 503 Service Unavailable"
    store.incidents.write(waiting.waiting(words, made.end_us + 90 * 86_400_000_000))
    store.incidents.write(report("yard", 66).unrecorded("nothing was recorded then", (), made.end_us))
    cut(report("garage", 75.5), 2)


def _add_alerts(store, made):
    """The boxes lie around what moves in these pictures."""
    head, car = Box(0.895, 0.51, 0.04, 0.09), Box(0.55, 0.77, 0.16, 0.14)
    for kind, camera, minute, second, box, viewed in (
        ("motion", "front", 40, 6, Box(0.48, 0.64, 0.16, 0.18), True),
        ("motion", "garage", 55, 4, Box(0.7, 0.66, 0.21, 0.18), False),
        ("motion", "gate", 63, 6, Box(0.87, 0.49, 0.08, 0.24), True),
        ("face", "gate", 78, 6, head, False),
        ("motion", "front", 84, 12, car, False),
    ):
        at_us = made.start_us + (minute * 60 + second) * 1_000_000
        seen = store.detections.add(Detection(0, camera, at_us, kind, 0.91, box, ""))
        alert = store.alerts.follow(seen, 1)
        if viewed and alert is not None:
            store.alerts.mark(alert.id, True)


@pytest.fixture(scope="module")
def live_site(archive):
    with RunningSite(archive.config) as site:
        yield site


@pytest.mark.parametrize(("theme", "size"), [("dark", ""), ("light", "-phone")])
def test_pictures_of_every_page(browser, live_site, archive, theme, size):
    context = browser.new_context(
        base_url=live_site.url, viewport=SIZES[size], reduced_motion="reduce", has_touch=bool(size)
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    choose_colours(page, theme)
    page.goto("/login")
    expect(page.get_by_label("Name")).to_be_visible()
    save_picture(page, Path(FOLDER) / f"login{size}.png")
    log_in(context, live_site, "admin")
    for address in PAGES:
        page.goto(f"/{address}")
        expect(page.locator(".live-line")).to_contain_text("recording 3 / 4")
        expect(page.locator("#main .loading:visible")).to_have_count(0)
        wait_until(lambda: page.evaluate(ALL_LOADED), what="the pictures on the page")
        # The recordings lie where the tests put them, which is nobody's business.
        page.evaluate("document.querySelectorAll('.folder').forEach((place) => (place.textContent = '/video'))")
        save_picture(page, Path(FOLDER) / f"{address.partition('?')[0]}{size}.png")
    moment = archive.start_us / 1e6 + 31.3 * 60  # the gate is gone, the others aren't
    page.goto(f"/scrub?t={moment:.1f}&cams=front,gate,garage,yard&main=front")
    expect(page.locator("#stage")).to_be_visible()
    page.wait_for_load_state("networkidle")
    wait_until(lambda: page.evaluate(ALL_LOADED), what="the pictures on the scrub page")
    save_picture(page, Path(FOLDER) / f"scrub{size}.png")
    context.close()


@pytest.mark.parametrize(("theme", "size"), [("dark", ""), ("light", "-phone")])
def test_a_picture_of_a_change_that_was_found(browser, tmp_path, theme, size):
    scene = recorded(several(8), tmp_path)
    scene.settings.system.run_dir.mkdir(exist_ok=True)
    add_users(scene.config)
    left, top, width, height = scene.case.box
    with RunningSearcher(scene.config), RunningSite(scene.config) as site:
        context = browser.new_context(
            base_url=site.url, viewport=SIZES[size], reduced_motion="reduce", has_touch=bool(size)
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        choose_colours(page, theme)
        log_in(context, site, "admin")
        page.goto(f"/scrub?t={scene.end_us / 1e6 - 120:.1f}")
        expect(page.locator("#stage")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.keyboard.press("c")
        field = page.locator(".find-field").bounding_box()
        assert field is not None
        corners = ((left, top), (left + width / 2, top + height / 2), (left + width, top + height))
        for number, (x, y) in enumerate(corners):
            page.mouse.move(field["x"] + x * field["width"], field["y"] + y * field["height"])
            if number == 0:
                page.mouse.down()
        page.mouse.up()
        page.locator(".find-panel .primary").click()
        expect(page.locator(".find-card")).not_to_have_count(0)
        page.wait_for_load_state("networkidle")
        wait_until(lambda: page.evaluate(ALL_SHOWN), what="the pictures before and after")
        save_picture(page, Path(FOLDER) / f"find-change{size}.png")
        context.close()


def test_a_picture_of_the_live_page(browser, tmp_path):
    scenes: dict[str, Look] = {"front": "day", "gate": "overcast", "garage": "night", "yard": "dusk"}
    cameras = [
        SimulatedCamera(name, width=960, height=540, fps=12, gop_s=1, bitrate_kbps=1500, look=look, loop_s=4)
        for name, look in scenes.items()
    ]
    with SimulatorServer(cameras) as simulator:
        named = [{"id": name, "name": name.title(), "url": simulator.url(name)} for name in scenes]
        program = Program(tmp_path / "live", [*named, {"id": "barn", "name": "Barn", "url": "rtsp://127.0.0.1:9/barn"}])
        add_users(program.config)
        program.start()
        try:
            program.wait_recording(*simulator.cameras)
            wait_serving(program.port)
            context = browser.new_context(
                base_url=f"http://127.0.0.1:{program.port}", viewport=SIZES[""], reduced_motion="reduce"
            )
            page = context.new_page()
            page.request.post("/api/login", data={"name": "admin", "password": "admin-password"})
            page.goto("/live")
            for name in simulator.cameras:
                state = page.locator(f'[data-camera="{name}"] .live-state')
                expect(state).to_have_text(re.compile(r"live · \d+\.\d s"), timeout=120_000)
            away = page.locator('[data-camera="barn"] .live-state')
            expect(away).to_have_text("camera unreachable", timeout=120_000)
            save_picture(page, Path(FOLDER) / "live.png")
            context.close()
        finally:
            program.end()
