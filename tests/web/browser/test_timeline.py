"""The time axis alone, in a real browser, on made-up recordings: gestures, what is drawn, what is asked for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.waiting import wait_until
from tests.web.browser.timeline_page.serve import server

DESKTOP: ViewportSize = {"width": 1440, "height": 700}
PHONE: ViewportSize = {"width": 390, "height": 760}
# Two clicks further apart are two.
DOUBLE_MS = 400
LOADED = "window.axis && !axis.source.loading && axis.timeline.state.rows.every(row => row.complete)"


@dataclass
class Axis:
    """A page with the axis; places are CSS pixels of the canvas."""

    page: Page
    pictures: list[str]

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("axis.timeline.state")
        return found

    @property
    def now(self) -> float:
        return float(self.page.evaluate("axis.NOW"))

    def events(self, kind: str) -> list[Any]:
        found: list[Any] = self.page.evaluate("axis.events")
        return [event["detail"] for event in found if event["type"] == kind]

    def x_of(self, t: float) -> float:
        return float(self.page.evaluate("t => axis.timeline.xOf(t)", t))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The same place in the window."""
        box = self.page.locator("#axis").bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def row(self, number: int) -> float:
        """The middle of a row."""
        row = self.state["rows"][number]
        return float(row["top"] + row["height"] / 2)

    def show(self, before_s: float, after_s: float) -> None:
        self.page.evaluate("([a, b]) => axis.timeline.setView(axis.NOW - a, axis.NOW + b)", [before_s, after_s])
        self.page.wait_for_function(LOADED)

    def drag(self, places: list[tuple[float, float]], key: str | None = None) -> None:
        if key:
            self.page.keyboard.down(key)
        self.page.mouse.move(*self.at(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.at(*place), steps=4)
        self.page.mouse.up()
        if key:
            self.page.keyboard.up(key)

    def touch(self, kind: str, *fingers: tuple[float, float]) -> None:
        """`kind`: touchStart, touchMove or touchEnd; `fingers`: those that are down then."""
        if not hasattr(self, "_session"):
            self._session = self.page.context.new_cdp_session(self.page)
        places = [self.at(*finger) for finger in fingers]
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


Opener = Callable[..., Axis]


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, list[str]]]:
    pictures: list[str] = []
    with server(pictures) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", pictures
        running.shutdown()
        thread.join()


@pytest.fixture
def windows(browser: Browser) -> Iterator[dict[bool, BrowserContext]]:
    """A phone's (True) and a desk's."""
    found = {
        False: browser.new_context(viewport=DESKTOP),
        True: browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2),
    }
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def opened(windows: dict[bool, BrowserContext], address: tuple[str, list[str]]) -> Iterator[Opener]:
    pages: list[Page] = []
    mistakes: list[str] = []

    def open_axis(query: str = "", *, phone: bool = False) -> Axis:
        page = windows[phone].new_page()
        pages.append(page)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        url, pictures = address
        pictures.clear()
        page.goto(f"{url}/?{query}")
        page.wait_for_function(LOADED)
        return Axis(page, pictures)

    yield open_axis
    for page in pages:
        page.close()
    assert mistakes == []


def test_the_axis_shows_what_is_recorded_missing_kept_and_tagged(opened: Opener) -> None:
    axis = opened()
    state = axis.state
    rows = {row["name"]: row for row in state["rows"]}
    assert list(rows) == ["Front door", "Gate", "Garage", "Back yard"]
    unreachable = [
        gap for gap in rows["Back yard"]["gaps"] if gap[:3] == [axis.now - 3900, axis.now - 3480, "unreachable"]
    ]
    assert len(unreachable) == 1
    assert [axis.now - 3480, axis.now] in rows["Back yard"]["recorded"]
    assert rows["Front door"]["keeps"] == [[axis.now - 7800, axis.now - 6000]]
    assert rows["Gate"]["tags"] == ["parcel", "gardener came in by the back gate"]
    assert (state["timezone"], state["contexts"]) == ("Europe/Berlin", ["Saturday 21 November 2026"])
    assert {"15:00", "16:00"} <= set(state["labels"])


def test_the_wheel_zooms_at_the_pointer_from_a_quarter_to_two_seconds(opened: Opener) -> None:
    axis = opened()
    x, y = 600.0, axis.row(1)
    axis.page.mouse.move(*axis.at(x, y))
    held = axis.page.evaluate("x => axis.timeline.timeAt(x)", x)
    axis.page.mouse.wheel(0, -100)
    wait_until(lambda: len(axis.events("view")) >= 1, 5, what="the wheel's zoom")
    view = axis.state["view"]
    assert (view["to"] - view["from"]) * 1.2 == pytest.approx(3 * 3600 + 900)
    assert axis.x_of(held) == pytest.approx(x, abs=0.01)
    for _ in range(16):
        axis.page.mouse.wheel(0, -600)
    wait_until(lambda: axis.state["view"]["to"] - axis.state["view"]["from"] < 2.001, 5, what="two seconds")
    assert axis.x_of(held) == pytest.approx(x, abs=0.1)
    for _ in range(30):
        axis.page.mouse.wheel(0, 600)
    wait_until(lambda: axis.state["view"]["to"] - axis.state["view"]["from"] > 91 * 86_400, 5, what="a quarter")


def test_shift_and_the_wheel_pan_and_so_does_a_drag_on_the_header(opened: Opener) -> None:
    axis = opened()
    before = axis.state["view"]
    axis.page.mouse.move(*axis.at(600, 80))
    axis.page.keyboard.down("Shift")
    axis.page.mouse.wheel(0, -100)
    axis.page.keyboard.up("Shift")
    wait_until(lambda: axis.state["view"] != before, 5, what="the pan")
    panned = axis.state["view"]
    assert panned["to"] - panned["from"] == pytest.approx(before["to"] - before["from"])
    assert panned["from"] < before["from"]
    held = axis.page.evaluate("axis.timeline.timeAt(500)")
    axis.drag([(500, 10), (700, 14)])
    assert axis.x_of(held) == pytest.approx(700, abs=0.5)
    assert axis.events("seek") == []


def test_a_drag_on_the_rows_scrubs_and_never_lets_go(opened: Opener) -> None:
    axis = opened()
    x, y = 400.0, axis.row(0)
    axis.drag([(x, y), (500, y), (640, -300)])
    seeks = axis.events("seek")
    assert [seek["phase"] for seek in seeks].count("end") == 1
    assert seeks[-1]["phase"] == "end"
    assert len(seeks) > 5
    assert seeks[0]["cameraId"] == "camera0"
    end = axis.page.evaluate("axis.timeline.timeAt(640)")
    assert seeks[-1]["time"] == pytest.approx(end)
    assert axis.state["cursor"] == pytest.approx(end)


def test_a_drag_held_beyond_the_edge_takes_the_view_along(opened: Opener) -> None:
    axis = opened()
    before = axis.state["view"]
    axis.page.mouse.move(*axis.at(300, axis.row(0)))
    axis.page.mouse.down()
    axis.page.mouse.move(*axis.at(20, axis.row(0)), steps=3)
    wait_until(lambda: axis.state["view"]["from"] < before["from"] - 60, 10, what="the view moved on")
    axis.page.mouse.up()
    state = axis.state
    assert state["cursor"] == pytest.approx(state["view"]["from"])
    assert state["view"]["to"] - state["view"]["from"] == pytest.approx(before["to"] - before["from"])


def test_a_click_seeks_and_a_double_click_plays_there(opened: Opener) -> None:
    axis = opened()
    axis.page.mouse.click(*axis.at(500, axis.row(2)))
    assert [(seek["phase"], seek["cameraId"]) for seek in axis.events("seek")] == [
        ("move", "camera2"),
        ("end", "camera2"),
    ]
    assert axis.events("activate") == []

    def activations() -> list[Any]:
        """Of a double click, if a busy machine doesn't take it apart."""
        axis.page.wait_for_timeout(DOUBLE_MS)
        axis.page.mouse.dblclick(*axis.at(800, axis.row(1)))
        return axis.events("activate")

    activated = wait_until(activations, what="a double click")
    assert [event["cameraId"] for event in activated] == ["camera1"]
    assert activated[0]["time"] == pytest.approx(axis.page.evaluate("axis.timeline.timeAt(800)"))


def test_nobody_can_seek_into_the_future(opened: Opener) -> None:
    axis = opened()
    axis.page.mouse.click(*axis.at(axis.x_of(axis.now) + 60, axis.row(0)))
    assert axis.events("seek")[-1]["time"] == pytest.approx(axis.now, abs=30)


@pytest.mark.parametrize("key", ["Alt", "Shift"])
def test_a_drag_with_a_key_selects_and_the_handles_move_the_ends(opened: Opener, key: str) -> None:
    axis = opened()
    y = axis.row(1)
    axis.drag([(700, y), (500, y)], key)
    from_, to = (axis.page.evaluate(f"axis.timeline.timeAt({x})") for x in (500, 700))
    assert axis.state["selection"] == {"from": pytest.approx(from_), "to": pytest.approx(to)}
    assert axis.events("select")[-1]["phase"] == "end"
    axis.drag([(702, y), (900, y)])
    further = axis.page.evaluate("axis.timeline.timeAt(900)")
    assert axis.state["selection"] == {"from": pytest.approx(from_), "to": pytest.approx(further)}
    assert axis.events("seek") == []


def test_a_playing_clock_leaves_the_view_alone_while_a_pointer_is_down(opened: Opener) -> None:
    axis = opened()
    axis.page.mouse.move(*axis.at(600, axis.row(0)))
    axis.page.mouse.down()
    before = axis.state["view"]
    axis.page.evaluate("axis.timeline.setCursor(axis.NOW - 86400, { follow: true })")
    axis.page.evaluate("axis.timeline.setView(axis.NOW - 86400, axis.NOW - 80000)")
    assert axis.state["view"] == before
    axis.page.mouse.up()
    axis.page.evaluate("axis.timeline.setCursor(axis.NOW - 86400, { follow: true })")
    assert axis.state["view"]["from"] < axis.now - 86_400 < axis.state["view"]["to"]


def test_the_way_back_leads_to_a_cursor_that_isnt_seen(opened: Opener) -> None:
    axis = opened()
    axis.show(90_000, -80_000)
    assert axis.state["strayed"]
    axis.page.wait_for_function("axis.timeline.state.frames > 2")
    state = axis.state
    axis.page.mouse.click(*axis.at(state["axis"]["left"] + state["axis"]["width"] - 20, state["layout"]["header"] - 14))
    view = axis.state["view"]
    assert view["from"] < axis.state["cursor"] < view["to"]
    assert axis.events("seek") == []


def test_plus_and_minus_zoom_and_the_other_keys_are_the_pages(opened: Opener) -> None:
    axis = opened()
    axis.page.evaluate("addEventListener('keydown', (event) => axis.events.push({ type: 'key', detail: event.key }))")
    axis.page.locator("#axis").focus()
    span = axis.state["view"]["to"] - axis.state["view"]["from"]
    for key in ("+", "ArrowLeft", "Home", "k"):
        axis.page.keyboard.press(key)
    assert axis.state["view"]["to"] - axis.state["view"]["from"] == pytest.approx(span / 1.5)
    axis.page.keyboard.press("-")
    assert axis.state["view"]["to"] - axis.state["view"]["from"] == pytest.approx(span)
    assert axis.events("key") == ["ArrowLeft", "Home", "k"]


def test_the_axis_is_a_slider_that_says_its_time_and_a_list_of_what_is_there(opened: Opener) -> None:
    axis = opened()
    slider = axis.page.get_by_role("slider", name="Time")
    axis.page.wait_for_function(
        "document.getElementById('axis').getAttribute('aria-valuetext')?.includes('Back yard: camera unreachable')"
    )
    assert slider.get_attribute("aria-valuetext") == (
        "Saturday 21 November 2026, 15:07:30; Back yard: camera unreachable"
    )
    rows = axis.page.get_by_role("list", name="Recordings in view").get_by_role("listitem")
    axis.page.wait_for_function("document.querySelectorAll('#axis-summary li').length === 4")
    assert rows.nth(0).inner_text().startswith("Front door: ")
    assert "camera unreachable 15:05" in rows.nth(3).inner_text()


def test_nothing_is_drawn_while_nothing_changes_and_a_moving_cursor_costs_no_rows(opened: Opener) -> None:
    axis = opened()
    axis.show(90_000, -80_000)
    axis.page.evaluate("axis.timeline.setCursor(axis.NOW - 85000)")
    still = """async () => {
      const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      await settled();
      const before = axis.timeline.state;
      await settled(); await settled();
      const after = axis.timeline.state;
      axis.timeline.setCursor(axis.NOW - 84000);
      await settled();
      const moved = axis.timeline.state;
      return [after.frames - before.frames, moved.frames - after.frames, moved.layers - after.layers];
    }"""
    # What was on its way when it was moved may still come.
    wait_until(lambda: axis.page.evaluate(still) == [0, 1, 0], what="one frame, for the cursor alone")


def test_coarser_data_is_shown_while_finer_loads(opened: Opener) -> None:
    axis = opened("latency=300")
    # In one go: a busy machine may take longer than that between two questions.
    row = axis.page.evaluate(
        "() => { axis.timeline.setView(axis.NOW - 3700, axis.NOW - 3500); return axis.timeline.state.rows[3]; }"
    )
    assert (row["complete"], row["gaps"][0][2]) == (False, "unreachable")
    axis.page.wait_for_function(LOADED)


def test_zooming_through_all_levels_asks_little_and_cancels_what_was_passed(opened: Opener) -> None:
    axis = opened("latency=150")
    axis.page.mouse.move(*axis.at(700, axis.row(0)))
    before = axis.page.evaluate("axis.requests.length")
    for _ in range(40):
        axis.page.mouse.wheel(0, -100)
    axis.page.wait_for_function("axis.timeline.state.resolution === 1")
    axis.page.wait_for_function(LOADED)
    asked = axis.page.evaluate("axis.requests.length") - before
    assert 1 <= asked <= 12


def test_a_server_that_is_away_is_told_and_the_axis_comes_back_by_itself(opened: Opener) -> None:
    axis = opened()
    axis.page.evaluate("axis.broken = true; axis.timeline.setView(axis.NOW - 9e5, axis.NOW - 8.9e5)")
    axis.page.wait_for_function("axis.timeline.state.problem !== ''")
    axis.page.evaluate("axis.broken = false")
    axis.page.wait_for_function(LOADED)
    assert axis.state["problem"] == ""


def test_sixteen_cameras_scroll_when_they_dont_fit(opened: Opener) -> None:
    axis = opened("cameras=16&height=240")
    assert axis.state["layout"]["maxScroll"] > 0
    first = axis.state["rows"][0]["id"]
    axis.page.mouse.move(*axis.at(30, 120))
    axis.page.mouse.wheel(0, 400)
    wait_until(lambda: axis.state["rows"][0]["id"] != first, 5, what="the rows scrolled")
    assert axis.state["rows"][-1]["id"] == "camera15"


def test_the_hover_card_shows_every_camera_beside_the_axis(opened: Opener) -> None:
    axis = opened()
    x, y = axis.x_of(axis.now - 3600), axis.row(1)
    axis.page.mouse.move(*axis.at(x, y))
    axis.page.wait_for_function("axis.card.state && /frame/.test(axis.card.state.shots.camera1)")
    card = axis.page.evaluate("axis.card.state")
    assert card["text"] == "15:10:00"
    assert card["shots"]["camera3"] == "camera unreachable"
    top = axis.at(0, 0)[1]
    assert card["box"]["top"] + card["box"]["height"] <= top
    thumbnails = [path for path in axis.pictures if "camera1.thumbnail" in path]
    frames = [path for path in axis.pictures if "camera1/frame" in path]
    assert thumbnails[0] == "/api/1/camera/camera1.thumbnail.20261121.1510.jpg"
    assert frames
    assert axis.pictures.index(thumbnails[0]) < axis.pictures.index(frames[0])
    assert not any("camera3.thumbnail" in path for path in axis.pictures)
    # A bar of activity says what it is.
    bars = set()
    for beside in range(0, 400, 8):
        axis.page.mouse.move(*axis.at(x - beside, y))
        bars.add(axis.page.evaluate("axis.card.state.activity"))
    assert any(re.fullmatch(r".+: activity \d+ %, how much changed in the picture", bar) for bar in bars), bars
    axis.page.mouse.move(*axis.at(x, -200))
    axis.page.wait_for_function("axis.card.state === null")


def test_the_strip_shows_the_minutes_around_the_cursor_and_leads_there(opened: Opener) -> None:
    axis = opened()
    axis.page.wait_for_function("axis.strip.state.cells.length > 8 && axis.strip.state.cells.every(cell => cell.full)")
    cells = axis.page.evaluate("axis.strip.state.cells")
    current = [cell for cell in cells if cell["current"]]
    assert [cell["words"] for cell in current] == ["15:07"]
    target = cells[cells.index(current[0]) + 2]
    axis.page.get_by_role("button", name=target["words"]).click()
    assert axis.events("strip") == [{"time": target["time"], "cameraId": "camera0", "phase": "end"}]
    axis.page.wait_for_function("axis.strip.state.cells.some(cell => cell.current && cell.words === '15:09')")
    shown = axis.page.evaluate("axis.strip.state.cells.map(cell => cell.words)")
    assert shown == [cell["words"] for cell in cells]


def test_the_strip_shows_keyframes_when_zoomed_in(opened: Opener) -> None:
    axis = opened()
    axis.show(3790, -3730)
    axis.page.wait_for_function("axis.strip.state.cells.some(cell => cell.words.includes('.'))")
    cells = axis.page.evaluate("axis.strip.state.cells")
    steps = {round(b["time"] - a["time"], 3) for a, b in pairwise(cells)}
    assert len(steps) == 1
    assert steps.pop() <= 10
    current = [cell for cell in cells if cell["current"]]
    assert len(current) == 1
    assert 0 <= axis.state["cursor"] - current[0]["time"] < 10


def test_a_finger_scrubs_with_its_time_above_it(opened: Opener) -> None:
    axis = opened(phone=True)
    y = axis.row(1)
    axis.touch("touchStart", (120, y))
    assert axis.events("seek") == []
    axis.touch("touchMove", (150, y))
    axis.touch("touchMove", (200, y))
    label = axis.page.locator(".timeline-touch-label")
    label.wait_for(state="visible")
    box = label.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < axis.at(200, y)[1] - 40
    assert [seek["phase"] for seek in axis.events("seek")] == ["move", "move"]
    assert axis.page.evaluate("Object.keys(axis.card.state.shots)") == ["camera1"]
    axis.touch("touchEnd")
    label.wait_for(state="hidden")
    assert axis.events("seek")[-1]["phase"] == "end"


def test_two_fingers_zoom_and_pan_without_a_seek(opened: Opener) -> None:
    axis = opened(phone=True)
    y = axis.row(1)
    left, right = (axis.page.evaluate(f"axis.timeline.timeAt({x})") for x in (120, 240))
    axis.touch("touchStart", (120, y))
    axis.touch("touchStart", (120, y), (240, y))
    axis.touch("touchMove", (100, y), (320, y))
    wait_until(lambda: len(axis.events("view")) > 0, 5, what="the pinch")
    assert axis.x_of(left) == pytest.approx(100, abs=0.5)
    assert axis.x_of(right) == pytest.approx(320, abs=0.5)
    axis.touch("touchEnd")
    assert axis.events("seek") == []


def test_a_tap_seeks_and_two_taps_play_there(opened: Opener) -> None:
    axis = opened(phone=True)
    y = axis.row(0)

    def tap() -> None:
        axis.touch("touchStart", (200, y))
        axis.touch("touchEnd")

    def taps() -> list[Any] | None:
        """The events of two taps; None if a busy machine took too long between them to be two of one kind."""
        axis.page.wait_for_timeout(DOUBLE_MS)
        axis.page.evaluate("axis.events.length = 0")
        tap()
        tap()
        return axis.events("activate") and axis.events("seek")

    seeks = wait_until(taps, what="two taps that come together")
    assert seeks is not None and [seek["phase"] for seek in seeks] == ["end"]
    assert len(axis.events("activate")) == 1


def test_colours_follow_the_theme(opened: Opener) -> None:
    axis = opened()
    corner = "[...document.getElementById('axis').getContext('2d').getImageData(2, 2, 1, 1).data].slice(0, 3)"
    dark = axis.page.evaluate(corner)
    axis.page.evaluate(
        "document.documentElement.dataset.theme = 'light'; document.dispatchEvent(new Event('themechange'))"
    )
    light = axis.page.evaluate(corner)
    assert sum(dark) < 150 < 600 < sum(light)


def test_the_hour_that_comes_twice_is_marked(opened: Opener) -> None:
    axis = opened("zone=Europe/Berlin")
    back = 1_792_890_000  # 25 October 2026, 01:00 UTC
    axis.page.evaluate("([a, b]) => axis.timeline.setView(a, b)", [back - 4 * 3600, back + 4 * 3600])
    axis.page.wait_for_function(LOADED)
    assert axis.state["notices"] == ["clocks back: the hour again from 02:00"]
    assert {"02:00", "02:00 2nd"} <= set(axis.state["labels"])
