"""Previews and thumbnails: the first picture of a segment."""

from typing import Literal

from pynvr.base.errors import FootageGoneError
from pynvr.playback.named_piece import piece_named
from pynvr.playback.previews import Previews
from pynvr.playback.turns import BusyError
from pynvr.web.api.absence import is_known
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, STAMP_PATTERN
from pynvr.web.api.frames import JPEG, busy
from pynvr.web.caching import keep
from pynvr.web.errors import bad_request, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site

_STAMP = f"<stamp:re:{STAMP_PATTERN}>"
_SUMMARIES: tuple[tuple[Literal["preview", "thumbnail"], str], ...] = (
    ("preview", "A segment's first picture; made if it isn't stored"),
    ("thumbnail", "A segment's first picture, 320 wide; made if it isn't stored"),
)


def routes(site: Site, previews: Previews) -> list[Route]:
    def handler(kind: Literal["preview", "thumbnail"]) -> "_Handler":
        return _Handler(site, previews, kind)

    return [
        Route(
            "GET",
            f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>.{kind}.{_STAMP}.jpg",
            handler(kind),
            Access.VIEWER,
            summary,
            (CAMERA_ID, Parameter("stamp", "path", "the segment's stamp: YYYYMMDD.HHMM or YYYYMMDD.HHMMSS")),
            media_type=JPEG,
        )
        for kind, summary in _SUMMARIES
    ]


class _Handler:
    """Answers for one kind of picture."""

    def __init__(self, site: Site, previews: Previews, kind: Literal["preview", "thumbnail"]) -> None:
        self._site = site
        self._previews = previews
        self._kind = kind

    def __call__(self, camera_id: str, stamp: str) -> bytes:
        try:
            piece = piece_named(self._site.footage, camera_id, stamp, self._site.settings().system.timezone)
        except ValueError as err:
            raise bad_request(f"{stamp!r} is not a stamp") from err
        except FootageGoneError as err:
            if is_known(self._site, camera_id):
                raise
            raise not_found(f"there is no camera {camera_id!r}") from err
        keep(f"{self._kind}-{piece.start_us:x}", forever=not piece.growing)
        try:
            return self._previews.jpeg(piece, self._kind)
        except BusyError as err:
            raise busy(err) from err
