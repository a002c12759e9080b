"""Recorded video as HLS: playlists, and the fragments that they name."""

import hashlib
from urllib.parse import urlencode

from bottle import request, response

from pynvr.playback.footage import Piece
from pynvr.playback.hls import Playlists, Rendition
from pynvr.playback.hls_fragment import Fragments, Wanted
from pynvr.playback.named_piece import piece_named
from pynvr.web.api.absence import nothing_recorded
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, STAMP_PATTERN, switch
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.caching import keep, zipped
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import ApiError, bad_request, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.streaming import Sending
from pynvr.web.times import query_range, seconds

_LONGEST_S = 49 * 3600
_PLAYLIST = "application/vnd.apple.mpegurl"
_MP4 = "video/mp4"
_CAMERA = f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>"
_STAMP = f"<stamp:re:{STAMP_PATTERN}>"
_RANGE = (
    CAMERA_ID,
    Parameter("from", "query", "beginning: the player's time 0", required=True),
    Parameter("to", "query", "end, exclusive; at most 49 hours later", required=True),
)
_AUDIO = Parameter("audio", "query", "0 leaves the sound out", {"type": "integer", "enum": [0, 1], "default": 1})
_SOUND = Parameter("sound", "query", "stamp of the recording whose sound's form a silent one takes")
_STAMP_PARAMETER = Parameter("stamp", "path", "the segment's stamp")
_SAMPLES = (
    Parameter("first", "path", "number of the first frame", {"type": "integer"}),
    Parameter("end", "path", "number of the frame behind the last", {"type": "integer"}),
    Parameter("from", "query", "when it begins, in microseconds, if that isn't with its first frame"),
    Parameter("until", "query", "when it ends, in microseconds, if that isn't with its last frame"),
    Parameter("next", "query", "stamp of the recording that follows on"),
)
_RENDITION = record(
    {
        "codecs": {"type": "string", "description": "As in a MIME type: avc1.640028,mp4a.40.2"},
        "mime": TEXT,
        "width": {"type": "integer"},
        "height": {"type": "integer"},
        "start": INSTANT,
        "end": INSTANT,
    }
)


def routes(site: Site) -> list[Route]:
    handlers = _Handlers(site)
    viewer = Access.VIEWER
    return [
        Route(
            "GET",
            f"{_CAMERA}/playlist.m3u8",
            handlers.playlist,
            viewer,
            "HLS playlist (fragmented MP4) of a range; holes are gaps in it, so that time 0 is `from` all along",
            (*_RANGE, _AUDIO),
            media_type=_PLAYLIST,
        ),
        Route(
            "GET",
            f"{_CAMERA}/master.m3u8",
            handlers.master,
            viewer,
            "HLS playlist around it that tells the codecs, for players that need them",
            (*_RANGE, _AUDIO),
            media_type=_PLAYLIST,
        ),
        Route(
            "GET",
            f"{_CAMERA}/codecs",
            handlers.codecs,
            viewer,
            "Codecs and sizes of a range, for a browser to ask itself whether it can play them",
            _RANGE,
            answer=enveloped(record({"renditions": list_of(_RENDITION)})),
        ),
        Route(
            "GET",
            f"{_CAMERA}/hls/{_STAMP}/init.mp4",
            handlers.init,
            viewer,
            "Init segment of a recording's fragments, as a playlist names it",
            (CAMERA_ID, _STAMP_PARAMETER, _AUDIO, _SOUND),
            media_type=_MP4,
        ),
        Route(
            "GET",
            f"{_CAMERA}/hls/{_STAMP}/<first:int>-<end:int>.m4s",
            handlers.fragment,
            viewer,
            "A fragment, as a playlist names it",
            (CAMERA_ID, _STAMP_PARAMETER, *_SAMPLES, _AUDIO, _SOUND),
            media_type=_MP4,
        ),
    ]


class _Handlers:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._playlists = Playlists(site.footage)
        self._fragments = Fragments(site.footage)

    def playlist(self, camera_id: str) -> bytes:
        from_us, to_us = self._range()
        text = self._playlists.media(camera_id, from_us, to_us, _audio())
        if not text:
            raise self._nothing(camera_id, from_us)
        return zipped(text, _PLAYLIST)

    def master(self, camera_id: str) -> bytes:
        from_us, to_us = self._range()
        query = urlencode(_given("from", "to", "audio"))
        text = self._playlists.master(camera_id, from_us, to_us, query, _audio())
        if not text:
            raise self._nothing(camera_id, from_us)
        return zipped(text, _PLAYLIST)

    def codecs(self, camera_id: str) -> dict[str, object]:
        found = self._playlists.renditions(camera_id, *self._range())
        return envelope(self._site, {"renditions": [_rendition_json(one) for one in found]})

    def init(self, camera_id: str, stamp: str) -> bytes:
        piece = self._piece(camera_id, stamp)
        keep(_tag("init", piece), forever=not piece.growing)
        return self._fragments.init(piece, _audio(), self._other(camera_id, "sound"))

    def fragment(self, camera_id: str, stamp: str, first: int, end: int) -> Sending:
        piece = self._piece(camera_id, stamp)
        after = self._other(camera_id, "next")
        changing = piece.growing or (after is not None and after.growing)
        keep(_tag(f"{first}-{end}", piece), forever=not changing)
        wanted = Wanted(
            piece,
            first,
            end,
            _microseconds("from"),
            _microseconds("until"),
            after,
            self._other(camera_id, "sound"),
            _audio(),
        )
        try:
            stream = self._fragments.open(wanted)
        except ValueError as err:
            raise not_found(f"camera {camera_id}: {err}") from err
        response.content_length = stream.length
        return Sending(stream, stream.length, f"camera {camera_id}: fragment {first}-{end} of {stamp}", stream.close)

    def _nothing(self, camera_id: str, from_us: int) -> ApiError:
        return nothing_recorded(self._site, camera_id, from_us, f"camera {camera_id}: nothing was recorded then")

    def _range(self) -> tuple[int, int]:
        return query_range(self._site.settings().system.timezone, longest_s=_LONGEST_S)

    def _piece(self, camera_id: str, stamp: str) -> Piece:
        try:
            return piece_named(self._site.footage, camera_id, stamp, self._site.settings().system.timezone)
        except ValueError as err:
            raise bad_request(f"{stamp!r} is not a stamp") from err

    def _other(self, camera_id: str, name: str) -> Piece | None:
        stamp = request.query.getunicode(name, "")
        return self._piece(camera_id, stamp) if stamp else None


def _rendition_json(one: Rendition) -> dict[str, object]:
    return {
        "codecs": one.codecs,
        "mime": f'video/mp4; codecs="{one.codecs}"',
        "width": one.width,
        "height": one.height,
        "start": seconds(one.start_us),
        "end": seconds(one.end_us),
    }


def _audio() -> bool:
    return switch("audio", default=True)


def _microseconds(name: str) -> int | None:
    text = request.query.getunicode(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 17:
        raise bad_request(f"{name!r} is given in microseconds since 1970")
    return int(text)


def _given(*names: str) -> dict[str, str]:
    """Those parameters of the query that were given."""
    return {name: value for name in names if (value := request.query.getunicode(name, ""))}


def _tag(what: str, piece: Piece) -> str:
    # Whatever a client wrote doesn't become a header as it stands.
    query = repr(_given("from", "until", "next", "sound", "audio")).encode("utf-8", "replace")
    digest = hashlib.blake2b(query, digest_size=8).hexdigest()
    return f"{what}-{piece.start_us:x}-{piece.file_bytes:x}-{digest}"
