"""HLS playlists (RFC 8216) of recorded video: fragmented MP4, media time 0 = the beginning of the range.

Holes are EXT-X-GAP entries, so that a player's `currentTime` is the seconds since then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from pynvr.base.errors import FootageGoneError
from pynvr.isobmff.codec_string import codecs_of
from pynvr.model.frame import Track
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.footage import Footage, Piece
from pynvr.playback.hls_cut import Cut, cuts_of
from pynvr.playback.hls_sound import silence_for
from pynvr.playback.keyframes import Outline, Outlines
from pynvr.playback.stretches import BRIDGED_US, Stretch, stretches

_VERSION = 7
_EPOCH = datetime.fromtimestamp(0, UTC)
_LEAST_BANDWIDTH = 64_000
# What reaches the init segment.
_Description = tuple[tuple[bytes, int, int, int], ...]
_Row = tuple[Stretch, Outline, list[Cut]]


@dataclass(frozen=True, slots=True)
class Rendition:
    """What a browser has to know before it plays: `codecs` as a MIME type's parameter, from when to when it holds."""

    codecs: str
    width: int
    height: int
    start_us: int
    end_us: int
    bits_per_s: int


class Playlists:
    """One per process, for all its threads."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage
        self._outlines = Outlines(footage)

    def media(self, camera_id: str, from_us: int, to_us: int, audio: bool = True) -> str:
        """The media playlist of `[from_us, to_us)`; empty if nothing of it can be played.

        Addresses in it are relative to that of the playlist.
        """
        lines: list[str] = []
        longest_us, shown_us = MICROSECONDS, from_us
        described: _Description | None = None
        row = list(self._cut(camera_id, from_us, to_us))
        for (stretch, outline, cuts), lender in zip(row, _lenders(row, audio), strict=True):
            given = {} if audio else {"audio": "0"}
            tracks = outline.tracks if audio else outline.tracks[:1]
            if lender is not None:
                tracks, given = (*tracks, lender[1]), {"sound": lender[0]}
            description = _description(tracks)
            start_us = cuts[0].start_us
            hole = start_us > shown_us
            if hole:
                lines += _gap(shown_us, start_us, described is not None)
            if described is not None and (hole or description != described or not stretch.follows):
                lines.append("#EXT-X-DISCONTINUITY")
            if description != described:
                lines.append(f'#EXT-X-MAP:URI="hls/{stretch.piece.stamp}/init.mp4{_query(given)}"')
                described = description
            lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_date(start_us)}")
            for cut in cuts:
                lines.append(f"#EXTINF:{_seconds(cut.end_us - cut.start_us)},")
                lines.append(_address(stretch.piece.stamp, cut, given))
                longest_us = max(longest_us, cut.end_us - cut.start_us)
            shown_us = cuts[-1].end_us
        if not row:
            return ""
        begins_us = row[0][2][0].start_us - from_us
        # A player that begins in a gap doesn't get out of it.
        start = [f"#EXT-X-START:TIME-OFFSET={_seconds(begins_us)},PRECISE=YES"] if begins_us > 0 else []
        head = [
            "#EXTM3U",
            f"#EXT-X-VERSION:{_VERSION}",
            "#EXT-X-PLAYLIST-TYPE:VOD",
            f"#EXT-X-TARGETDURATION:{-(-longest_us // MICROSECONDS)}",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            *start,
        ]
        return "\n".join([*head, *lines, "#EXT-X-ENDLIST", ""])

    def master(self, camera_id: str, from_us: int, to_us: int, query: str, audio: bool = True) -> str:
        """The playlist around it, which tells native players the codecs; `query`: of the media playlist's address."""
        found = self.renditions(camera_id, from_us, to_us, audio)
        if not found:
            return ""
        most = max(found, key=lambda one: one.end_us - one.start_us)
        peak = max(_LEAST_BANDWIDTH, *(one.bits_per_s for one in found))
        return (
            f"#EXTM3U\n#EXT-X-VERSION:{_VERSION}\n#EXT-X-INDEPENDENT-SEGMENTS\n"
            f'#EXT-X-STREAM-INF:BANDWIDTH={peak},CODECS="{most.codecs}",RESOLUTION={most.width}x{most.height}\n'
            f"playlist.m3u8?{query}\n"
        )

    def renditions(self, camera_id: str, from_us: int, to_us: int, audio: bool = True) -> list[Rendition]:
        """The stretches of one codec and size after each other; of each, the first piece's codec is told."""
        result: list[Rendition] = []
        last: Piece | None = None
        for stretch in self._stretches(camera_id, from_us, to_us):
            piece = stretch.piece
            length_us = max(1, piece.end_us - piece.start_us)
            bits_per_s = piece.file_bytes * 8 * MICROSECONDS // length_us
            if last is not None and (last.codec, last.width, last.height) == (piece.codec, piece.width, piece.height):
                one = result[-1]
                peak = max(one.bits_per_s, bits_per_s)
                result[-1] = Rendition(one.codecs, one.width, one.height, one.start_us, stretch.end_us, peak)
                continue
            try:
                tracks = self._outlines.of(piece).tracks
                tracks = tracks if audio else tracks[:1]
            except FootageGoneError:
                continue
            last = piece
            codecs = codecs_of(tracks)
            result.append(Rendition(codecs, piece.width, piece.height, stretch.start_us, stretch.end_us, bits_per_s))
        return result

    def _cut(self, camera_id: str, from_us: int, to_us: int) -> Iterator[_Row]:
        for stretch in self._stretches(camera_id, from_us, to_us):
            try:
                outline = self._outlines.of(stretch.piece)
            except FootageGoneError:
                continue  # deleted since it was found: a hole like any other
            cuts = cuts_of(stretch, outline)
            if cuts:
                yield stretch, outline, cuts

    def _stretches(self, camera_id: str, from_us: int, to_us: int) -> list[Stretch]:
        # What lies beside the range says where its first and last piece really end.
        pieces = self._footage.pieces(camera_id, from_us - BRIDGED_US, to_us + BRIDGED_US)
        return stretches(pieces, from_us, to_us)


def _lenders(row: Sequence[_Row], audio: bool) -> list[tuple[str, Track] | None]:
    """For each stretch without sound beside ones with sound: stamp and track of the one whose form its silence takes.

    A browser can't change between video with and without sound in the middle.
    """
    sounds = [
        (stretch.piece.stamp, outline.tracks[1])
        if audio and len(outline.tracks) > 1 and silence_for(outline.tracks[1])
        else None
        for stretch, outline, _ in row
    ]
    last = next((sound for sound in sounds if sound is not None), None)
    lenders = []
    for (_, outline, _), sound in zip(row, sounds, strict=True):
        last = sound or last
        lenders.append(last if audio and len(outline.tracks) == 1 else None)
    return lenders


def _description(tracks: tuple[Track, ...]) -> _Description:
    return tuple((track.sample_entry, track.timescale, track.width, track.height) for track in tracks)


def _gap(start_us: int, end_us: int, breaks: bool) -> list[str]:
    """A hole as one entry; there is nothing behind its address."""
    lines = ["#EXT-X-DISCONTINUITY"] if breaks else []
    lines += [f"#EXT-X-PROGRAM-DATE-TIME:{_date(start_us)}", "#EXT-X-GAP", f"#EXTINF:{_seconds(end_us - start_us)},"]
    return [*lines, "hls/gap"]


def _address(stamp: str, cut: Cut, given: Mapping[str, str]) -> str:
    query = dict(given)
    if cut.from_us is not None:
        query["from"] = str(cut.from_us)
    if cut.until_us is not None:
        query["until"] = str(cut.until_us)
    if cut.next_stamp:
        query["next"] = cut.next_stamp
    return f"hls/{stamp}/{cut.first}-{cut.end}.m4s{_query(query)}"


def _query(given: Mapping[str, str]) -> str:
    return f"?{urlencode(given)}" if given else ""


def _seconds(us: int) -> str:
    return f"{us // MICROSECONDS}.{us % MICROSECONDS:06d}"


def _date(at_us: int) -> str:
    moment = _EPOCH + timedelta(microseconds=at_us)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_us % MICROSECONDS:06d}Z"
