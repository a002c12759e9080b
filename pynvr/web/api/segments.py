"""The segments of a camera, one by one: what a strip of minutes is made of."""

from bottle import request

from pynvr.model.segment import Segment
from pynvr.playback.footage import Piece
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, LIMIT, refuse_unknown, whole_number
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import query_range, seconds

_MOST = 5000
_COUNT = {"type": "integer"}
_SEGMENT = record(
    {
        "stamp": TEXT,
        "start": INSTANT,
        "end": INSTANT,
        "frames": _COUNT,
        "bytes": _COUNT,
        "codec": TEXT,
        "width": _COUNT,
        "height": _COUNT,
        "audio": {**TEXT, "description": "codec of the sound, empty without"},
        "growing": {"type": "boolean", "description": "it is being recorded now; there is no MP4 of it yet"},
    }
)


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "GET",
            f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>/segments",
            lambda camera_id: _segments(site, camera_id),
            Access.VIEWER,
            "The segments that overlap a range, by start; `next` goes into `cursor` for those that follow",
            (
                CAMERA_ID,
                Parameter("from", "query", "beginning", required=True),
                Parameter("to", "query", "end, exclusive", required=True),
                Parameter("cursor", "query", "`next` of the answer before"),
                Parameter("limit", "query", LIMIT.description, {**LIMIT.schema, "maximum": _MOST, "default": 1500}),
            ),
            answer=enveloped(record({"segments": list_of(_SEGMENT), "next": {"type": ["string", "null"]}})),
        )
    ]


def _segments(site: Site, camera_id: str) -> dict[str, object]:
    refuse_unknown(site, [camera_id])
    from_us, to_us = query_range(site.settings().system.timezone)
    limit = whole_number("limit", 1, _MOST, 1500)
    cursor = whole_number("cursor", 0, 1 << 62, 0) if request.query.getunicode("cursor", "") else None
    found = site.store.segments.page(camera_id, from_us, to_us, limit=limit + 1, after_us=cursor)
    shown = [_finished(segment) for segment in found[:limit]]
    if len(found) > limit:
        return envelope(site, {"segments": shown, "next": str(found[limit - 1].start_us)})
    known = {segment.stamp for segment in found}
    # Only what came last can still be growing.
    late_us = max(from_us, (found[-1].end_us if found else from_us) - 1)
    growing = site.footage.pieces(camera_id, late_us, to_us) if late_us < to_us else []
    shown += [_growing(piece) for piece in growing if piece.growing and piece.stamp not in known]
    return envelope(site, {"segments": shown, "next": None})


def _finished(segment: Segment) -> dict[str, object]:
    return {
        "stamp": segment.stamp,
        "start": seconds(segment.start_us),
        "end": seconds(segment.end_us),
        "frames": segment.frames,
        "bytes": segment.file_bytes,
        "codec": segment.codec,
        "width": segment.width,
        "height": segment.height,
        "audio": segment.audio_codec,
        "growing": False,
    }


def _growing(piece: Piece) -> dict[str, object]:
    return {
        "stamp": piece.stamp,
        "start": seconds(piece.start_us),
        "end": seconds(piece.end_us),
        "frames": piece.frames,
        "bytes": piece.file_bytes,
        "codec": piece.codec,
        "width": piece.width,
        "height": piece.height,
        "audio": "",
        "growing": True,
    }
