"""The scrub page as a test drives it: what it shows, read from its pictures, and what it is told to do."""

from typing import Any

from playwright.sync_api import Page

from tests.waiting import wait_until

# The milliseconds since its minute began that a picture tells (`pynvr.simulator.time_code`); null where it tells none.
_CODE = """id => {
  const tile = document.querySelector(`.tile[data-camera="${id}"]`);
  const [still, video] = [tile.querySelector("canvas"), tile.querySelector("video")];
  const source = still.hidden ? video : still;
  const [width, height] = still.hidden ? [video.videoWidth, video.videoHeight] : [still.width, still.height];
  if (!width) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0);
  const row = height - Math.max(1, Math.floor(Math.max(8, Math.floor(height / 90)) / 2));
  const pixels = context.getImageData(0, row, width, 1).data;
  const cells = [];
  for (let n = 0; n < 48; n += 1) cells.push(pixels[4 * Math.floor((2 * n + 1) * width / 96) + 1] > 128 ? 1 : 0);
  if (cells.slice(0, 4).join("") !== "1100" || cells.reduce((a, b) => a + b) % 2) return null;
  return parseInt(cells.slice(4, 47).join(""), 2);
}"""


class ScrubPage:
    """Times are epoch seconds; places are CSS pixels of the window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, query: str = "") -> None:
        self.page.goto(f"/scrub{query}")
        self.wait("document.querySelector('#main')?.dataset.state === 'ready' && !!window.scrub", "the page")
        self.settle()

    def get(self, expression: str) -> Any:
        return self.page.evaluate(f"() => {expression}")

    def wait(self, expression: str, what: str = "") -> Any:
        return wait_until(lambda: self.get(expression), what=what or expression)

    def settle(self) -> None:
        """Every camera shows something, or says why it doesn't."""
        self.wait(
            "scrub.player.players.length > 0 && scrub.player.players.every("
            "player => ['shown', 'gap'].includes(player.condition))",
            "the pictures",
        )

    @property
    def moment(self) -> float:
        return float(self.get("scrub.player.moment"))

    @property
    def playing(self) -> bool:
        return bool(self.get("scrub.player.playing"))

    def shown(self, camera_id: str) -> float:
        """When the frame was that the camera shows, as the page believes."""
        return float(self.get(f"scrub.player.players.find(player => player.id === '{camera_id}').shown"))

    def code(self, camera_id: str) -> float | None:
        """Seconds since its minute began, as the camera's picture itself says."""
        found = self.page.evaluate(_CODE, camera_id)
        return None if found is None else found / 1000

    def codes(self, *camera_ids: str) -> list[float | None]:
        """What the pictures of several cameras say at one and the same instant."""
        found = self.page.evaluate(f"ids => ids.map({_CODE})", camera_ids)
        return [None if code is None else code / 1000 for code in found]

    def code_between(self, camera_id: str) -> tuple[float, float | None, float]:
        """The clock before, the picture's own time, the clock after: a busy machine may take long to tell them."""
        before = self.moment
        code = self.code(camera_id)
        return before, code, self.moment

    def seek(self, time: float) -> None:
        self.page.evaluate("time => scrub.player.seek(time)", time)

    def play_until(self, time: float) -> None:
        """Plays, and goes on playing, when it returns."""
        if not self.playing:
            self.page.keyboard.press("k")
        wait_until(
            lambda: self.get(f"scrub.player.moment >= {time}"),
            what=lambda: f"the clock to reach {time}; it is at {self.moment}",
        )

    def pause(self) -> None:
        if self.playing:
            self.page.keyboard.press("k")
        self.wait("!scrub.player.playing")
        self.settle()

    def on_axis(self, time: float, row: int = 0) -> tuple[float, float]:
        box = self.page.locator("#axis").bounding_box()
        assert box is not None
        place = self.page.evaluate(
            "([time, row]) => { const { rows } = scrub.timeline.state;"
            " return [scrub.timeline.xOf(time), rows[row].top + rows[row].height / 2]; }",
            [time, row],
        )
        return box["x"] + place[0], box["y"] + place[1]

    def reason(self, camera_id: str) -> str:
        return self.page.locator(f'.tile[data-camera="{camera_id}"] .reason').inner_text()

    @property
    def clock(self) -> str:
        return self.page.locator(".big-clock").inner_text()
