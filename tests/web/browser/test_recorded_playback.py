"""Recorded video in a real browser: every picture seen has the time code of the time it is shown at."""

from playwright.sync_api import Page

from tests.web.archive_maker import MINUTE_US, Archive

# The time code (pynvr.simulator.time_code) of the picture on the screen, and the media time it is said to have.
PLAYER = """
async ({camera, from, to, seeks, plays}) => {
  const {default: Hls} = await import('/static/vendor/hls/hls.light.min.mjs');
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const hls = new Hls({maxBufferLength: 10, backBufferLength: 30});
  const fatal = [];
  hls.on(Hls.Events.ERROR, (_, error) => { if (error.fatal) fatal.push(error.details); });
  hls.loadSource(`/api/1/camera/${camera}/playlist.m3u8?from=${from}&to=${to}`);
  hls.attachMedia(video);
  const happens = (name) => new Promise((done) => video.addEventListener(name, done, {once: true}));
  if (video.readyState < 2) await happens('loadeddata');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const code = () => {
    const width = canvas.width = video.videoWidth, height = canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const row = height - (Math.max(8, Math.floor(height / 90)) >> 1);
    const pixels = context.getImageData(0, row, width, 1).data;
    let value = 0;
    for (let cell = 4; cell < 47; cell++) {
      value = value * 2 + (pixels[Math.floor((2 * cell + 1) * width / 96) * 4] > 128 ? 1 : 0);
    }
    return value;
  };
  const later = (ms) => new Promise((done) => setTimeout(done, ms));
  const frame = () => new Promise((done) => video.requestVideoFrameCallback((_, found) => done(found.mediaTime)));
  const sought = [];
  for (const time of seeks) {
    // A browser that is short of time shows the picture before once more, or says that it has sought before it has one.
    for (let tries = 0; tries < 20; tries += 1) {
      const shown = frame(), landed = happens('seeked');
      video.currentTime = time;
      await landed;
      const found = [time, await Promise.race([shown, later(5000)]), code()];
      sought[seeks.indexOf(time)] = found;
      if (found[1] <= time && time < found[1] + 0.101 && Math.abs((found[1] % 60) - found[2] / 1000) < 0.001) break;
    }
  }
  const played = [];
  for (const [start, end] of plays) {
    const landed = happens('seeked');
    video.currentTime = start;
    await landed;
    await video.play();
    while (video.currentTime < end) await frame();
    video.pause();
    played.push(video.currentTime);
  }
  const duration = video.duration;
  hls.destroy();
  video.remove();
  return {sought, played, duration, fatal};
}
"""


def watch(page: Page, camera, from_us, to_us, seeks, plays=()):
    page.goto("/account")
    given = {"camera": camera, "from": from_us / 1e6, "to": to_us / 1e6, "seeks": seeks, "plays": list(plays)}
    return page.evaluate(PLAYER, given)


def test_a_seek_lands_on_the_frame_of_that_time(page: Page, archive: Archive):
    seeks = [3.37, 59.95, 60.05, 119.31, 200.5, 90.77, 0.05]
    seen = watch(page, "gate", archive.start_us, archive.end_us, seeks)
    assert seen["fatal"] == []
    assert abs(seen["duration"] - (archive.end_us - archive.start_us) / 1e6) < 0.001
    for time, shown, code in seen["sought"]:
        assert shown <= time < shown + 0.1 + 0.001
        assert abs(shown % 60 - code / 1000) < 0.001


def test_play_goes_on_over_the_ends_of_minutes_and_over_a_hole(page: Page, archive: Archive):
    # The yard has nothing from minute 4 to 6.
    seen = watch(page, "yard", archive.start_us, archive.end_us, [238.05, 360.55], [(58.5, 61.5), (238.5, 361)])
    assert seen["fatal"] == []
    # No frame is passed over; but a busy machine may be late to end it.
    assert seen["played"][0] < 70
    assert 361 <= seen["played"][1] < 370
    for _, shown, code in seen["sought"]:
        assert abs(shown % 60 - code / 1000) < 0.001


def test_a_range_that_begins_in_a_hole_starts_behind_it(page: Page, archive: Archive):
    from_us = archive.start_us + 5 * MINUTE_US
    seen = watch(page, "yard", from_us, archive.end_us, [63.35])
    assert seen["fatal"] == []
    ((_, shown, code),) = seen["sought"]
    assert abs(shown - 63.3) < 0.001
    assert code == 3300
