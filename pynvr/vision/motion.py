"""Motion: where a camera's view differs from what it usually looks like."""

from pynvr.media.still import Picture
from pynvr.model.box import Box
from pynvr.model.settings import DetectorSettings, Zone
from pynvr.vision.background import Background, Blob
from pynvr.vision.detector import Found
from pynvr.vision.zones import cells_inside

_COLUMNS = 96
# After such a pause the view may be any.
_FORGETS_US = 600 * 1_000_000


class MotionDetector:
    """Of one camera. `threshold` is the smallest moving part of the picture that counts, as a share of it."""

    def __init__(self) -> None:
        self._background = Background(0, 0)
        self._at_us = 0
        self._zones: tuple[Zone, ...] = ()
        self._counting: frozenset[int] = frozenset()

    @property
    def is_settling(self) -> bool:
        """Whether it couldn't tell what moves in the last picture: another light, something large in front of all."""
        return self._background.is_settling

    def look(self, picture: Picture, at_us: int, settings: DetectorSettings) -> list[Found]:
        """One finding, around all that moves within the zones. Raises MediaError."""
        rows = max(2, round(_COLUMNS * picture.height / picture.width))
        background = self._background
        elapsed_us = at_us - self._at_us
        if (background.columns, background.rows) != (_COLUMNS, rows) or not 0 <= elapsed_us < _FORGETS_US:
            self._background = background = Background(_COLUMNS, rows)
            self._zones, self._counting = (), frozenset()
        self._at_us = at_us
        blobs = background.look(picture.luma(_COLUMNS, rows), elapsed_us / 1_000_000)
        return self._judged(blobs, settings)

    def _judged(self, blobs: list[Blob], settings: DetectorSettings) -> list[Found]:
        cells = self._background.columns * self._background.rows
        least = max(1.0, settings.threshold * cells)
        found: list[tuple[Blob, float]] = []
        for blob in blobs:
            inside = self._inside(blob, settings.zones)
            if inside >= least:
                found.append((blob, blob.evidence * inside / len(blob.cells)))
        if not found:
            return []
        # A single cell as clear as can be is three cells' worth; each worth of the threshold halves the doubt.
        evidence = sum(one for _, one in found)
        confidence = 1.0 - 0.5 ** (evidence / least)
        moving = [blob for blob, _ in found]
        parts = tuple(self._around([blob]) for blob in moving) if len(moving) > 1 else ()
        return [Found(round(confidence, 3), self._around(moving), parts)]

    def _inside(self, blob: Blob, zones: tuple[Zone, ...]) -> int:
        if not zones:
            return len(blob.cells)
        if zones != self._zones:
            self._zones = zones
            self._counting = frozenset(cells_inside(self._background.columns, self._background.rows, zones))
        return sum(cell in self._counting for cell in blob.cells)

    def _around(self, blobs: list[Blob]) -> Box:
        columns, rows = self._background.columns, self._background.rows
        left, top = min(blob.left for blob in blobs) / columns, min(blob.top for blob in blobs) / rows
        right, bottom = max(blob.right for blob in blobs) / columns, max(blob.bottom for blob in blobs) / rows
        return Box(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4))
