"""A range's MP4 in a browser: it seeks to any instant and shows the picture of just then."""

import pytest

from pynvr.model.stamp import stamp_of
from pynvr.simulator.time_code import read_time_code
from tests.playback.watching import decode_all
from tests.waiting import wait_until
from tests.web.browser.conftest import log_in

WIDTH, HEIGHT = 640, 360
FRAME_MS = 100

SEEK = """async ([url, time]) => {
    const video = window.video ??= document.body.appendChild(document.createElement('video'));
    const said = (name) => new Promise((done, failed) => {
        video.addEventListener(name, done, {once: true});
        video.addEventListener('error', () => failed(new Error(video.error.message)), {once: true});
    });
    if (video.src !== new URL(url, location).href) {
        const loaded = said('loadeddata');
        video.src = url;
        await loaded;
    }
    const sought = said('seeked');
    video.currentTime = time;
    await sought;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    const luma = [];
    const row = canvas.height - 4;
    for (let x = 0; x < canvas.width; x++) luma.push(pixels[4 * (row * canvas.width + x)]);
    return {duration: video.duration, time: video.currentTime, luma};
}"""


@pytest.fixture
def page(context, live_site):
    log_in(context, live_site, "viewer")
    page = context.new_page()
    # Any page of the site will do: the video must come from its own origin.
    page.goto(f"{live_site.url}/api/me")
    return page


def minute_ms(found):
    """What the picture says of the time since its minute began."""
    luma = bytes(min(255, value) for value in found["luma"])
    # The row of cells is the only one that was taken out of the page.
    return read_time_code(luma * HEIGHT, WIDTH, WIDTH, HEIGHT)


def url_of(archive, begin_s, end_s, camera_id="gate", more=""):
    zone = archive.settings.system.timezone
    stamps = [stamp_of(archive.start_us + at * 1_000_000, zone, seconds=True) for at in (begin_s, end_s)]
    return f"/api/1/camera/{camera_id}.range.{stamps[0]}.to.{stamps[1]}.mp4{more}"


def shows(page, url, at_s, seconds, expected_ms):
    """`seconds`: how long all of it is; `expected_ms`: of its minute, the picture's."""

    def is_shown():
        """A browser that is short of time says that it has sought before it has the picture."""
        found = page.evaluate(SEEK, [url, at_s])
        assert found["duration"] == pytest.approx(seconds, abs=0.05)
        shown_ms = minute_ms(found)
        return shown_ms is not None and 0 <= expected_ms - shown_ms < FRAME_MS

    wait_until(is_shown, what=f"the picture at {at_s} s")


def test_every_instant_shows_its_own_picture(page, archive):
    url = url_of(archive, 33, 407)
    for at_s in (0.05, 26.95, 27.05, 100.45, 0.05, 373.95):
        shows(page, url, at_s, 374, (33_000 + at_s * 1000) % 60_000)


def test_gaps_take_their_time_if_that_is_wanted(page, archive):
    # Nothing is recorded of the yard from minute 4 to minute 6.
    for more, seconds in (("", 90 + 60), ("?gaps=keep", 270)):
        shows(page, url_of(archive, 150, 420, "yard", more), seconds - 29.95, seconds, 30_050)


def test_a_click_saves_it_under_its_name(page, archive, tmp_path):
    url = url_of(archive, 33, 95)
    with page.expect_download() as caught:
        page.evaluate("url => { const a = document.createElement('a'); a.href = url; a.click(); }", url)
    name = caught.value.suggested_filename
    assert name.startswith("gate 20")
    assert name.endswith(".mp4")
    caught.value.save_as(tmp_path / "saved.mp4")
    assert decode_all(tmp_path / "saved.mp4") == ""
