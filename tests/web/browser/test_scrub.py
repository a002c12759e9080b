"""The scrub page in a real browser: scrubbing, playing, stepping, taking away."""

import json
import re
import subprocess
from itertools import pairwise
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from pynvr.store.detections import Detection
from pynvr.store.store import Store
from tests.waiting import wait_until
from tests.web.archive_maker import MadeCamera, make_archive
from tests.web.browser.conftest import log_in
from tests.web.browser.scrub_page import ScrubPage
from tests.web.browser.watching import choose_colours, nameless_controls, poor_contrasts, without_complaints
from tests.web.running import RunningSite, add_users

FRAME_S = 0.1
MISSING = "Failed to load resource"  # a hole has no thumbnail; the strip asks and is told


@pytest.fixture
def scrub(page):
    return ScrubPage(page)


@pytest.fixture
def start_s(archive):
    """The archive's beginning: a whole minute."""
    return archive.start_us / 1e6


def minute_of(time_s):
    return time_s % 60


def is_between(seconds, before_s, after_s, within):
    """Whether a place in a minute lies between two times, or so near to one of them."""
    return (seconds - before_s + within) % 60 <= after_s - before_s + 2 * within


def is_near(seconds, other, within):
    """Whether two places in a minute lie together, also over its border."""
    return seconds is not None and abs((seconds - other + 30) % 60 - 30) <= within


def test_opening_shows_the_last_recorded_pictures_of_all_cameras(scrub, archive, page):
    with without_complaints(page, MISSING):
        scrub.open()
        end_s = archive.end_us / 1e6
        assert end_s - 60 < scrub.moment < end_s
        wait_until(
            lambda: all(is_near(scrub.code(name), minute_of(scrub.moment), FRAME_S) for name in ("gate", "yard")),
            what="both pictures",
        )


# What of the header can't be seen, in pixels; none of them is more than 0.
_WORDLESS = """[...document.querySelectorAll(".marks-bar [data-words] > span")]
  .filter((words) => words.offsetWidth === 0).map((words) => words.textContent)"""
_HIDDEN_IN_HEADER = """(() => {
  const box = (selector) => document.querySelector(`.site-header ${selector}`).getBoundingClientRect();
  const [more, goTo, line, user] = [".more-pages", ".go-to", ".live-line", ".user-menu"].map(box);
  const pages = document.querySelector(".site-nav .line");
  return {
    pages: pages.scrollWidth - pages.clientWidth,
    pages_below_go_to: more.right - (goTo.bottom > more.top ? goTo.left : innerWidth),
    go_to: 150 - goTo.width,
    go_to_below_line: goTo.right - line.left,
    line_below_user: line.right - user.left,
    user: user.right - innerWidth,
  };
})()"""


def test_at_every_width_the_header_shows_all_pages_and_where_to_go(scrub, page):
    scrub.open()
    words = "recording 14 / 16, trouble with 2 cameras, the disk is full in 12 days"
    page.evaluate("words => { document.querySelector('.live-line span:last-child').textContent = words; }", words)
    page.evaluate(
        "() => { const count = document.querySelector('.site-nav .count');"
        " count.firstElementChild.textContent = '999+'; count.hidden = false; }"
    )
    for width in (1440, 1366, 1280, 1100, 960, 800):
        page.set_viewport_size({"width": width, "height": 800})
        hidden = scrub.get(_HIDDEN_IN_HEADER)
        assert {what: by for what, by in hidden.items() if by > 0} == {}, width


_PLACES = """[...document.querySelectorAll(".transport button, .marks-bar button")].map((button) => {
  const { x, y, width } = button.getBoundingClientRect();
  return [button.ariaLabel, button.innerText, x, y, width];
})"""


# Cameras write into any corner of their pictures: nothing of ours lies on one.
_COVERED = """[...document.querySelectorAll(".tile")].filter((tile) => {
  const [picture, bar] = ["video", ".tile-bar"].map((name) => tile.querySelector(name).getBoundingClientRect());
  return picture.height < 20 || picture.bottom > bar.top + 0.5;
}).length"""


def test_marking_a_range_moves_and_renames_nothing_at_any_width(scrub, start_s, page):
    scrub.open(f"?t={start_s + 50}")
    # Where there are alerts, two more buttons take their room.
    page.evaluate("() => { document.querySelector('.alert-steps').hidden = false; }")

    def rows() -> dict[int, tuple[float, object]]:
        found = {}
        for width in (1980, 1740, 1500, 1400, 1300, 1190, 1040):
            page.set_viewport_size({"width": width, "height": 800})
            height = page.evaluate("document.querySelector('.controls').getBoundingClientRect().height")
            found[width] = height, page.evaluate(_PLACES)
            assert page.evaluate(_COVERED) == 0, f"words on a picture at {width} pixels"
            assert page.evaluate(_WORDLESS) == [], f"signs alone at {width} pixels"
        return found

    before = rows()
    scrub.get(f"scrub.taking.setMarks({start_s + 40}, null)")
    expect(page.locator(".marks-words")).to_contain_text(re.compile("30 s, no Out yet · .*B$"))
    assert rows() == before
    assert len({height for height, _ in before.values()}) == 2, "one row, but two where the window is narrow"


def test_dragging_shows_pictures_and_only_its_end_moves_the_video(scrub, start_s, page):
    scrub.open(f"?t={start_s + 30}&z=400,0.2")
    # On a busy machine a single picture stands there first.
    scrub.wait("document.querySelector('.tile canvas').hidden", "the video at its place")
    before = scrub.get("document.querySelector('.tile video').currentTime")
    page.mouse.move(*scrub.on_axis(start_s + 60))
    page.mouse.down()
    for time_s in (80, 100, 120, 130):
        page.mouse.move(*scrub.on_axis(start_s + time_s))
    # A picture of a keyframe at most two seconds before.
    wait_until(lambda: is_near(scrub.code("gate"), minute_of(scrub.moment) - 1, 1.1), what="a picture of the place")
    assert scrub.get("document.querySelector('.tile video').currentTime") == before
    page.mouse.up()
    wait_until(
        lambda: is_near(scrub.code("gate"), minute_of(scrub.moment) - FRAME_S / 2, FRAME_S / 2 + 0.001),
        what="the frame",
    )
    assert abs(scrub.moment - (start_s + 130)) < 1
    wait_until(lambda: is_near(scrub.code("yard"), minute_of(scrub.moment), FRAME_S + 0.001), what="the other camera")


def test_playing_goes_on_over_the_border_of_two_minutes(scrub, start_s):
    scrub.open(f"?t={start_s + 54}")
    scrub.play_until(start_s + 55)
    seen, in_step = [], []
    while scrub.moment < start_s + 61:
        before_s, code, after_s = scrub.code_between("gate")
        if code is not None:
            seen.append(code)
            in_step.append(is_between(code, before_s, after_s, 0.5))
    # On a busy machine one may stand a little longer.
    assert sum(in_step) > 0.8 * len(in_step), (in_step, seen)
    codes = [code + (60 if code < 30 else 0) for code in seen]
    assert all(later >= earlier for earlier, later in pairwise(codes))
    assert codes[0] < 60 < codes[-1]


def test_two_cameras_play_in_step(scrub, start_s):
    scrub.open(f"?t={start_s + 70}&cams=gate,yard")
    scrub.play_until(start_s + 74)

    def are_in_step():
        looks = [scrub.codes("gate", "yard") for _ in range(20)]
        offs = sorted(abs(one - other) for one, other in looks if one is not None and other is not None)
        # The middle of them: a picture may change between the two looks.
        return offs and offs[len(offs) // 2] <= 0.3

    # One of them may still be coming.
    wait_until(are_in_step, what="the cameras to play in step")
    scrub.pause()
    wait_until(lambda: scrub.code("gate") == scrub.code("yard"), what="the same instant in both when they stand")


def test_a_camera_in_a_gap_says_why_and_joins_again(scrub, start_s):
    gap_s, end_s = start_s + 240, start_s + 360
    scrub.open(f"?t={gap_s - 2}&cams=gate,yard")
    scrub.play_until(gap_s + 1)
    scrub.wait("scrub.player.players[1].condition === 'gap'")
    wait_until(
        lambda: scrub.reason("yard").startswith("camera unreachable "), what=lambda: f"why, not {scrub.reason('yard')}"
    )

    def goes_on():
        before_s, code, after_s = scrub.code_between("gate")
        return code is not None and is_between(code, before_s, after_s, 0.5)

    wait_until(goes_on, what="the other camera in step")
    scrub.seek(end_s - 1)
    assert scrub.playing
    scrub.play_until(end_s + 1)
    scrub.wait("scrub.player.players[1].flowing", "the camera that joins again")
    wait_until(lambda: scrub.reason("yard") == "", what="the end of the reason")
    wait_until(lambda: is_near(scrub.code("yard"), minute_of(scrub.moment), 0.5), what="its picture in step")


def test_where_no_camera_has_anything_playing_goes_on_behind_the_gap(scrub, start_s):
    scrub.open(f"?t={start_s + 239}&cams=yard")
    scrub.play_until(start_s + 360)
    assert scrub.moment < start_s + 370
    wait_until(lambda: is_near(scrub.code("yard"), minute_of(scrub.moment), 0.5), what="the picture behind the gap")


def test_playing_ends_where_the_recordings_end(scrub, archive):
    end_s = archive.end_us / 1e6
    scrub.open(f"?t={end_s - 2}&cams=gate")
    scrub.page.keyboard.press("k")
    scrub.wait("!scrub.player.playing", "the end")
    assert abs(scrub.moment - end_s) < 0.5


def test_sixteen_times_is_about_sixteen_times(scrub, start_s):
    scrub.open(f"?t={start_s + 1}&cams=gate&speed=16")
    scrub.play_until(start_s + 20)

    looks = []

    def measured():
        looks.append(look())
        return looks[-1]

    def look():
        return scrub.page.evaluate(
            """async () => {
              const [moment, at] = [scrub.player.moment, performance.now()];
              while (performance.now() - at < 3000) await new Promise(requestAnimationFrame);
              return (scrub.player.moment - moment) / (performance.now() - at) * 1000;
            }"""
        )

    # A busy machine may wait for a picture now and then, and look at the clock late; but it is never ahead for long.
    wait_until(lambda: 8 < measured() < 16.5, what="three seconds at about that speed")
    assert sorted(looks)[len(looks) // 2] < 17


def test_backwards_shows_ever_earlier_pictures(scrub, start_s):
    scrub.open(f"?t={start_s + 230}&cams=gate&speed=-8")
    scrub.page.keyboard.press("k")
    codes: list[float] = []
    while len(codes) < 5 and scrub.moment > start_s + 1:
        code = scrub.code("gate")
        while code is not None and codes and code > codes[-1] + 30:
            code -= 60  # of the minute before
        if code is not None and code not in codes:
            codes.append(code)
    assert len(codes) >= 3
    assert codes == sorted(codes, reverse=True)


def test_steps_are_single_frames_both_ways_and_over_a_border(scrub, start_s):
    scrub.open(f"?t={start_s + 59}&cams=gate,yard")
    expected = 590
    wait_until(lambda: scrub.code("gate") == 59, what="its picture")
    for direction, count in ((1, 15), (-1, 20)):
        for _ in range(count):
            scrub.page.evaluate("direction => scrub.player.step(direction)", direction)
            expected += direction
            assert round(scrub.moment - start_s, 3) == expected / 10
            # A step waits for its picture, but not for ever.
            wait_until(lambda: scrub.code("gate") == round(expected / 10 % 60, 3), what="the frame's picture")  # noqa: B023
    wait_until(lambda: scrub.code("yard") == scrub.code("gate"), what="the same picture of the other camera")


def test_a_step_goes_over_a_gap(scrub, start_s):
    scrub.open(f"?t={start_s + 239.9}&cams=yard")
    scrub.page.keyboard.press(".")
    wait_until(
        lambda: round(scrub.moment - start_s, 3) == 360, what=lambda: f"the frame behind, not {scrub.moment - start_s}"
    )
    wait_until(lambda: scrub.code("yard") == 0, what="its picture")
    scrub.page.keyboard.press(",")
    wait_until(lambda: round(scrub.moment - start_s, 3) == 239.9, what="the frame before")


def test_the_marked_range_is_what_is_downloaded(scrub, start_s, page, tmp_path):
    scrub.open(f"?t={start_s + 50}&cams=gate,yard")
    page.keyboard.press("i")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    wait_until(lambda: round(scrub.moment - start_s, 3) == 70, what="twenty seconds later")
    page.keyboard.press("o")
    words = page.locator(".marks-words")
    wait_until(lambda: "20 s · " in words.inner_text() and words.inner_text().endswith("B"), what="length and size")
    with page.expect_download() as found:
        page.keyboard.press("e")
    path = tmp_path / "range.mp4"
    found.value.save_as(path)
    expect(page.locator("#answers")).to_contain_text("Downloading 20 s")
    command = [
        "ffprobe",
        "-v",
        "error",
        "-count_frames",
        "-select_streams",
        "v",
        "-show_entries",
        "stream=nb_read_frames,duration",
        "-of",
        "json",
        path,
    ]
    stream = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"][0]
    assert stream["nb_read_frames"] == "200"
    assert abs(float(stream["duration"]) - 20) < FRAME_S


def test_a_download_without_marks_asks_for_the_stretch(scrub, start_s, page):
    scrub.open(f"?t={start_s + 50}&cams=gate")
    page.click("[data-deed=download]")
    with page.expect_download():
        page.click("text=30 s around this moment")
    assert [round(scrub.get(f"scrub.taking.marks.{mark}") - start_s) for mark in ("markIn", "markOut")] == [35, 65]


def test_a_range_is_kept_with_its_reason_and_let_go_again(scrub, start_s, page):
    scrub.open(f"?t={start_s + 50}&cams=gate&in={start_s + 40}&out={start_s + 60}")
    page.click("[data-deed=keep]")
    page.keyboard.type("a parcel")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answers >> text=Kept.")
    kept = page.request.get("/api/1/keeps").json()["payload"]["keeps"]
    assert [(keep["camera_id"], keep["reason"], keep["start"] - start_s) for keep in kept] == [("gate", "a parcel", 40)]
    page.click("#answers >> text=Undo")
    page.wait_for_selector("#answers", state="hidden")
    assert page.request.get("/api/1/keeps").json()["payload"]["keeps"] == []


def test_a_range_is_stored_on_the_server(scrub, start_s, page):
    scrub.open(f"?t={start_s + 50}&cams=gate&in={start_s + 40}&out={start_s + 60}")
    page.click("[data-deed=more]")
    page.click("text=Store on the server")
    page.wait_for_selector("#answers >> text=stored,")
    made = page.request.get("/api/1/exports").json()["payload"]["exports"]
    assert [(one["camera_id"], one["state"]) for one in made] == [("gate", "ready")]
    page.request.delete(f"/api/1/exports/{made[0]['id']}", headers={"X-PyNVR": "1"})


def test_a_viewer_is_offered_no_keep_and_no_tag(context, live_site):
    log_in(context, live_site, "viewer")
    scrub = ScrubPage(context.new_page())
    scrub.open()
    expect(scrub.page.locator("[data-deed=download]")).to_be_visible()
    expect(scrub.page.locator("[data-deed=keep]")).to_be_hidden()


def test_the_address_restores_the_view(scrub, start_s, page):
    scrub.open()
    scrub.seek(start_s + 100.4)
    page.keyboard.press("2")
    page.keyboard.press("i")
    scrub.page.evaluate("([from, to]) => scrub.timeline.setView(from, to)", [start_s + 20, start_s + 220])
    scrub.page.locator(".speed").select_option("4")

    def address():
        return parse_qs(scrub.get("location.search")[1:])

    wait_until(lambda: {"speed", "in", "main"} <= address().keys(), what=lambda: f"marks and speed in {address()}")
    wait_until(lambda: address()["z"][0].startswith("200"), what=lambda: f"the view in {address()}")
    look = (
        "({moment: scrub.player.moment, view: scrub.timeline.view, main: scrub.main.id,"
        " marks: scrub.taking.marks, speed: scrub.player.speed})"
    )
    before = scrub.get(look)
    page.reload()
    scrub.wait("!!window.scrub", "the page again")
    scrub.settle()
    after = scrub.get(look)
    for edge in ("from", "to"):
        assert abs(after["view"].pop(edge) - before["view"].pop(edge)) < 0.2
    assert after == before
    wait_until(lambda: scrub.code("yard") == 40.4, what="its picture")


def test_keys_move_through_time(scrub, start_s, page):
    def reaches(seconds):
        wait_until(
            lambda: round(scrub.moment - start_s, 3) == seconds, what=lambda: f"{seconds}, not {scrub.moment - start_s}"
        )

    scrub.open(f"?t={start_s + 100}")
    for key, seconds in (("ArrowRight", 105), ("Shift+ArrowRight", 165), ("ArrowLeft", 160), ("Shift+ArrowLeft", 100)):
        page.keyboard.press(key)
        reaches(seconds)
    page.keyboard.press("n")
    reaches(240)
    page.keyboard.press("n")
    reaches(360)
    page.keyboard.press("p")
    reaches(240)
    page.keyboard.press("g")
    page.keyboard.type("-1m")
    page.keyboard.press("Enter")
    reaches(180)
    page.keyboard.press("l")
    scrub.wait("scrub.player.playing && scrub.player.speed === 1")
    page.keyboard.press("l")
    scrub.wait("scrub.player.speed === 2")
    for _ in range(2):
        page.keyboard.press("j")
    scrub.wait("scrub.player.speed === -1")
    page.keyboard.press("Space")
    scrub.wait("!scrub.player.playing")
    page.keyboard.press("?")
    expect(page.locator(".key-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".key-help")).to_be_hidden()
    page.get_by_role("button", name="What the axis shows").click()
    expect(page.locator(".key-help")).to_contain_text("activity: how much changed in the picture")
    page.keyboard.press("Escape")


def test_what_somebody_writes_is_no_command(scrub, page):
    scrub.open("?cams=gate")
    before = scrub.moment
    page.keyboard.press("g")
    page.keyboard.type("noon, k?")
    page.keyboard.press("Enter")
    expect(page.locator(".go-to .mistake")).to_contain_text("Not a time")
    assert scrub.moment == before
    assert not scrub.playing


def test_a_click_makes_another_camera_the_large_one_at_the_same_instant(scrub, start_s, page):
    scrub.open(f"?t={start_s + 100}&cams=gate,yard")
    page.click('.tile[data-camera="yard"] .tile-button')
    scrub.wait("scrub.main.id === 'yard'")
    width = "document.querySelector('.tile[data-camera=\"{}\"]').getBoundingClientRect().width"
    scrub.wait(f"{width.format('yard')} > 1.5 * {width.format('gate')}", "the other one to be large")
    assert scrub.moment == start_s + 100


def test_cameras_are_chosen_and_the_days_with_recordings_are_shown(scrub, archive, page):
    scrub.open()
    page.click("text=2 cameras")
    page.uncheck(".camera-list >> text=Back yard")
    wait_until(lambda: page.locator(".tile").count() == 1, what="one picture")
    page.keyboard.press("Escape")
    page.click(".day-menu summary")
    days = page.locator(".day:not([aria-disabled])")
    assert 1 <= wait_until(days.count, what="the days with recordings") <= 2
    days.first.click()
    expect(page.locator(".calendar")).to_be_hidden()
    assert archive.start_us / 1e6 <= scrub.moment <= archive.end_us / 1e6


def test_a_phone_scrubs_by_touch(browser, live_site, start_s):
    context = browser.new_context(
        base_url=live_site.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    log_in(context, live_site, "admin")
    scrub = ScrubPage(context.new_page())
    try:
        scrub.open(f"?t={start_s + 30}&z=400,0.2")
        assert scrub.page.evaluate("document.documentElement.scrollWidth") == 390
        assert scrub.page.evaluate(_COVERED) == 0
        scrub.page.touchscreen.tap(*scrub.on_axis(start_s + 130))
        wait_until(lambda: abs(scrub.moment - (start_s + 130)) < 2, what="the tapped place")
        wait_until(lambda: is_near(scrub.code("gate"), minute_of(scrub.moment), FRAME_S), what="its picture")
        scrub.page.tap('.tile[data-camera="yard"] .tile-button')
        scrub.wait("scrub.main.id === 'yard'")
        scrub.page.tap("[data-command=toggle]")
        scrub.wait("scrub.player.playing")
        scrub.page.tap(".quick [data-mark=in]")
        expect(scrub.page.locator(".marks-brief")).to_contain_text("30 s, no Out yet")
        scrub.page.tap(".sheet-button")
        scrub.page.wait_for_selector(".sheet [data-deed=download]")
        expect(scrub.page.locator(".marks-words")).to_contain_text("30 s")
        scrub.page.tap(".sheet [aria-label=Close] >> nth=0")
        expect(scrub.page.locator(".sheet")).to_be_hidden()
    finally:
        context.close()


@pytest.mark.parametrize("look", ["dark", "light"])
def test_words_are_readable_and_controls_have_names(scrub, page, look):
    choose_colours(page, look)
    page.emulate_media(reduced_motion="reduce")
    scrub.open()
    page.keyboard.press("i")
    page.click("[data-deed=more]")
    expect(page.locator("#answers")).to_be_visible()
    assert poor_contrasts(page) == []
    assert nameless_controls(page) == []


def test_while_the_server_is_away_the_page_says_so_and_comes_back(scrub, page):
    page.route("**/api/cameras", lambda route: route.abort())
    page.goto("/scrub")
    page.wait_for_selector("#message >> text=doesn't answer")
    page.unroute("**/api/cameras")
    page.click("#message >> text=Try again")
    scrub.wait("document.querySelector('#main').dataset.state === 'ready'")


def test_a_camera_whose_video_does_not_come_says_so_and_is_tried_again(scrub, start_s, page):
    page.route("**/camera/gate/playlist.m3u8*", lambda route: route.abort())
    page.goto(f"/scrub?t={start_s + 100}&cams=gate,yard")
    scrub.wait("!!window.scrub && scrub.player.players[0]?.condition === 'failed'", "the failure")
    wait_until(lambda: "no picture" in scrub.reason("gate"), what="word of it")
    wait_until(lambda: scrub.code("yard") == 40, what="the other camera, as if nothing were")
    page.unroute("**/camera/gate/playlist.m3u8*")
    wait_until(lambda: scrub.code("gate") == 40 and scrub.reason("gate") == "", what="the picture of the next try")


def test_while_the_video_has_no_frame_at_its_place_a_single_picture_stands_there(scrub, start_s, page):
    page.route("**/camera/gate/hls/**/*.m4s*", lambda route: None)
    page.goto(f"/scrub?t={start_s + 100}&cams=gate")
    scrub.wait("!!window.scrub && scrub.player.players[0]?.condition === 'shown'", "the end of waiting for the video")
    wait_until(lambda: scrub.code("gate") == 40, what="the picture of the moment")


@pytest.fixture
def seen(archive, start_s):
    """Motion for some seconds and two alerts, one of them viewed; gone after the test. Gives the alerts' instants."""
    with Store.open(archive.settings.system.database) as store:
        moments = (("gate", 62.0, "motion"), ("gate", 64.0, "motion"), ("yard", 130.0, "face"))
        rows = [
            store.detections.add(Detection(0, camera, round((start_s + at) * 1e6), kind, 0.9))
            for camera, at, kind in moments
        ]
        alerts = [store.alerts.follow(row, 1_000_000) for row in (rows[0], rows[2])]
        assert alerts[0] and alerts[1]
        store.alerts.mark(alerts[1].id, True)
        yield start_s + 62, start_s + 130
        for row in rows:
            store.detections.remove(row.id)


def test_the_axis_shows_what_was_seen_and_a_key_goes_from_alert_to_alert(scrub, start_s, page, seen):
    first, second = seen
    with without_complaints(page, MISSING):
        scrub.open(f"?t={start_s + 10}&z=300,0.1&cams=gate,yard")
        scrub.wait("scrub.timeline.state.rows.every(row => row.alerts.length === 1)", "the alerts on the axis")
        alerts = scrub.get("scrub.timeline.state.rows.map(row => row.alerts[0])")
        assert [(round(at - start_s), viewed) for at, viewed in alerts] == [(62, False), (130, True)]
        [[begin, end]] = scrub.get("scrub.timeline.state.rows[0].detections")
        assert (round(begin - start_s), round(end - start_s)) == (62, 64)
        page.keyboard.press("a")
        scrub.wait(f"Math.abs(scrub.player.moment - {first - 2}) < 0.1", "the first alert")
        page.get_by_role("button", name="Next alert").click()
        scrub.wait(f"Math.abs(scrub.player.moment - {second - 2}) < 0.1", "the second alert")
        assert scrub.get("scrub.main.id") == "yard"
        page.keyboard.press("Shift+A")
        scrub.wait(f"Math.abs(scrub.player.moment - {first - 2}) < 0.1", "the alert before")


@pytest.fixture(scope="module")
def other_site(tmp_path_factory):
    """A camera of H.265, which this browser can't play, and one that hasn't recorded anything yet."""
    folder = tmp_path_factory.mktemp("other")
    made = make_archive(folder, [MadeCamera("garage", "Garage", codec="hevc", width=320, height=180)], minutes=2)
    add_users(made.config)
    document = json.loads(made.config.read_text())
    document["cameras"].append({"id": "new", "name": "New one", "url": "rtsp://192.0.2.9/new"})
    made.config.write_text(json.dumps(document))
    with RunningSite(made.config) as site:
        yield site, made


@pytest.fixture
def other(browser, other_site):
    site, made = other_site
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 720})
    log_in(context, site, "admin")
    yield ScrubPage(context.new_page()), made
    context.close()


def test_h265_that_the_browser_cannot_play_is_shown_as_pictures(other):
    scrub, made = other
    start_s = made.start_us / 1e6
    scrub.open(f"?t={start_s + 33.3}&cams=garage")
    wait_until(lambda: scrub.code("garage") == 33.3, what="its picture")
    expect(scrub.page.locator(".tile-note")).to_contain_text("H.265")
    scrub.page.keyboard.press(".")
    wait_until(lambda: scrub.code("garage") == 33.4, what="the next frame")
    scrub.play_until(start_s + 35)
    wait_until(lambda: (scrub.code("garage") or 0) > 34, what="later pictures")
    scrub.page.keyboard.press("i")
    with scrub.page.expect_download():
        scrub.page.keyboard.press("e")
    scrub.page.wait_for_selector("#answers >> text=It is H.265")


def test_a_single_picture_that_does_not_come_is_asked_for_again(other):
    scrub, made = other
    page = scrub.page
    page.route("**/camera/garage/frame/**", lambda route: route.abort())
    page.goto(f"/scrub?t={made.start_us / 1e6 + 70}&cams=garage")
    scrub.wait("!!window.scrub && scrub.player.players[0]?.condition === 'failed'", "the failure")
    page.unroute("**/camera/garage/frame/**")
    scrub.wait("scrub.player.players[0].condition === 'shown'", "the picture of another try")
    wait_until(lambda: scrub.reason("garage") == "", what="the end of the reason")


def test_a_camera_without_recordings_says_what_comes(other):
    scrub, _ = other
    scrub.page.goto("/scrub?cams=new")
    scrub.page.wait_for_selector("#message >> text=Nothing recorded yet")
    expect(scrub.page.locator("#stage")).to_be_hidden()
