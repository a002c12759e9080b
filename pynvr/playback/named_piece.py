"""A piece by its stamp, as addresses name it."""

from zoneinfo import ZoneInfo

from pynvr.base.errors import FootageGoneError
from pynvr.model.stamp import stamp_start_us
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.footage import Footage, Piece

# A stamp names the minute or the second of the start; where that was taken, a few seconds later.
_NEAR_US = 120 * MICROSECONDS
# Stamps given before the configured zone changed are off by as much.
_FAR_US = 26 * 3600 * MICROSECONDS


def piece_named(footage: Footage, camera_id: str, stamp: str, zone: ZoneInfo) -> Piece:
    """The camera's piece of that stamp. Raises FootageGoneError, ValueError if it is no stamp."""
    start_us = stamp_start_us(stamp, zone)
    for first_us, last_us in ((start_us, start_us + _NEAR_US), (start_us - _FAR_US, start_us + _FAR_US)):
        for piece in footage.pieces(camera_id, first_us, last_us):
            if piece.stamp == stamp:
                return piece
    raise FootageGoneError(f"camera {camera_id} has no recording {stamp} (any more)")
