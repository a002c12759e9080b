"""How old the picture is that a page shows, read from the clock burnt into it."""

from playwright.sync_api import Page

from pynvr.simulator.time_code import read_time_code

# The luma of the picture shown, its size, and the wall clock at that moment, in ms.
_PICTURE = """
([id, place]) => {
  const tile = document.querySelector(place || `[data-camera="${id}"]`);
  if (!tile) return null;
  const shown = place || tile.dataset.mode === "mp4" ? tile.querySelector("video") : tile.querySelector("canvas");
  const width = shown.videoWidth || shown.width, height = shown.videoHeight || shown.height;
  if (!width) return null;
  // The cells of the clock are in the last rows.
  const rows = Math.max(16, Math.ceil(height / 40));
  const canvas = new OffscreenCanvas(width, rows);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(shown, 0, height - rows, width, rows, 0, 0, width, rows);
  const now = Date.now();
  const rgba = context.getImageData(0, 0, width, rows).data;
  const luma = new Array(width * rows);
  for (let n = 0; n < luma.length; n += 1) luma[n] = Math.round((rgba[4 * n] + rgba[4 * n + 1] + rgba[4 * n + 2]) / 3);
  return { width, height, rows, now, luma };
}
"""


def age_ms(page: Page, camera: str, place: str = "") -> int | None:
    """Milliseconds since the camera took the picture; None while there is none that can be read.

    `place`: selects what holds the <video>, if it isn't the camera's live picture.
    """
    got = page.evaluate(_PICTURE, [camera, place])
    if got is None:
        return None
    width, height, rows = got["width"], got["height"], got["rows"]
    luma = bytes(width * (height - rows)) + bytes(got["luma"])
    code = read_time_code(luma, width, width, height)
    return None if code is None else int(got["now"] - code)
