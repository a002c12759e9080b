"""What an index record says of its tracks without their arrays, and where in the record those lie."""

import struct
from typing import NamedTuple

from pynvr.archive.index_codec import BODY, TRACK, WIDE_FLAG, track_of
from pynvr.archive.index_record import IndexTrack
from pynvr.model.frame import Track

_RUN = struct.Struct(">II")
_TICKS = struct.Struct(">i")


class TrackHead(NamedTuple):
    """One track of a record.

    `arrays_at`: where in the record's body its arrays begin: sizes, offsets, durations, composition, keyframes, one
    behind the other. `last_run`: (count, ticks) of the durations' last run; `first_composition`: ticks.
    """

    track: Track
    samples: int
    duration: int
    start_offset_us: int
    wide: bool
    arrays_at: int
    durations_bytes: int
    composition_bytes: int
    keyframes_bytes: int
    last_run: tuple[int, int]
    first_composition: int


# Of a track that isn't there.
NOTHING = TrackHead(Track(0, "audio", "", 1, b""), 0, 0, 0, False, 0, 0, 0, 0, (0, 0), 0)


class RecordHead(NamedTuple):
    """A record without its arrays; the video is the first of `tracks`."""

    stamp: str
    start_us: int
    end_us: int
    file_bytes: int
    mdat_start: int
    tracks: tuple[TrackHead, ...]


class HeadReader:
    """Reads heads; tracks that are described alike share one `Track`."""

    def __init__(self) -> None:
        self._tracks: dict[bytes, Track] = {}

    def read(self, body: bytes | memoryview) -> RecordHead:
        """Raises ValueError if it isn't a record's body."""
        try:
            start_us, end_us, file_bytes, mdat_start, tracks, *lengths = BODY.unpack_from(body)
            at = BODY.size + sum(lengths)
            stamp = str(body[BODY.size : BODY.size + lengths[0]], "ascii")
            heads = []
            for _ in range(tracks):
                head, at = self._track(body, at)
                heads.append(head)
        except (struct.error, IndexError, ZeroDivisionError) as err:
            raise ValueError(f"an index record can't be read: {err}") from err
        if not heads or at != len(body):
            raise ValueError("an index record isn't as long as it says")
        return RecordHead(stamp, start_us, end_us, file_bytes, mdat_start, tuple(heads))

    def _track(self, body: bytes | memoryview, at: int) -> tuple[TrackHead, int]:
        fields = TRACK.unpack_from(body, at)
        flags, codec_bytes = fields[2:4]
        start_offset_us, duration, count, entry_bytes, durations_bytes, composition_bytes, keyframes_bytes = fields[11:]
        described = at + TRACK.size
        arrays_at = described + codec_bytes + entry_bytes
        wide = flags & WIDE_FLAG != 0
        durations_at = arrays_at + count * (12 if wide else 8)
        composition_at = durations_at + durations_bytes
        end = composition_at + composition_bytes + keyframes_bytes
        # All that describes the track: its fixed fields up to the frame rate, codec and sample entry.
        key = bytes(body[at : at + 32]) + body[described:arrays_at]
        track = self._tracks.get(key)
        if track is None:
            track = self._tracks[key] = track_of(fields, bytes(body[described:arrays_at]))
        last_run = _RUN.unpack_from(body, composition_at - _RUN.size) if durations_bytes else (0, 0)
        first = _TICKS.unpack_from(body, composition_at + 4)[0] if composition_bytes else 0
        head = TrackHead(
            track,
            count,
            duration,
            start_offset_us,
            wide,
            arrays_at,
            durations_bytes,
            composition_bytes,
            keyframes_bytes,
            last_run,
            first,
        )
        return head, end


def head_of(track: IndexTrack) -> TrackHead:
    """The same of a track that is in memory; its arrays lie nowhere."""
    return TrackHead(
        track.track,
        track.count,
        track.duration,
        track.start_offset_us,
        track.wide,
        0,
        len(track.durations),
        len(track.composition),
        len(track.keyframes),
        _RUN.unpack_from(track.durations, len(track.durations) - _RUN.size) if track.durations else (0, 0),
        _TICKS.unpack_from(track.composition, 4)[0] if track.composition else 0,
    )
