"""The bytes of an index record (docs/index-format.md)."""

import struct
import zlib
from fractions import Fraction
from typing import Literal

from pynvr.archive.index_record import IndexRecord, IndexTrack
from pynvr.model.frame import Track

MAGIC = b"NVRi\x01"  # the last byte is the version
# Magic, length of the body, its CRC-32.
RECORD_HEADER = struct.Struct(">5sII")
# start_us, end_us, file_bytes, mdat_start, number of tracks, and the lengths of stamp, activity and signature.
BODY = struct.Struct(">qqQQBBIH")
# number, kind, flags, length of the codec's name, timescale, width, height, sample rate, channels, frame rate as a
# fraction, start_offset_us, duration, samples, and the lengths of sample entry, durations, composition, keyframes.
TRACK = struct.Struct(">BBBBIIIIIIIqQIIIII")
WIDE_FLAG = 1
_KINDS: tuple[Literal["video"], Literal["audio"]] = ("video", "audio")


def encode_record(record: IndexRecord) -> bytes:
    """The whole record."""
    stamp = record.stamp.encode("ascii")
    lengths = len(record.tracks), len(stamp), len(record.activity), len(record.signature)
    body = b"".join(
        (
            BODY.pack(record.start_us, record.end_us, record.file_bytes, record.mdat_start, *lengths),
            stamp,
            record.activity,
            record.signature,
            *(_encode_track(track) for track in record.tracks),
        )
    )
    return RECORD_HEADER.pack(MAGIC, len(body), zlib.crc32(body)) + body


def decode_record(data: bytes, start: int, end: int) -> IndexRecord:
    """The record whose body is `data[start:end]`; raises ValueError if it isn't one."""
    try:
        cursor = _Cursor(data, start, end)
        start_us, end_us, file_bytes, mdat_start, tracks, *lengths = cursor.fields(BODY)
        stamp, activity, signature = (cursor.take(length) for length in lengths)
        return IndexRecord(
            stamp=stamp.decode("ascii"),
            start_us=start_us,
            end_us=end_us,
            file_bytes=file_bytes,
            mdat_start=mdat_start,
            tracks=tuple(_decode_track(cursor) for _ in range(tracks)),
            activity=activity,
            signature=signature,
        )
    except (struct.error, IndexError, ZeroDivisionError) as err:
        raise ValueError(f"an index record can't be read: {err}") from err


def named_in(body: memoryview) -> tuple[str, int]:
    """The stamp of the record with this body, and the length of its MP4; an empty stamp if it isn't a record."""
    if len(body) < BODY.size:
        return "", 0
    _, _, file_bytes, _, _, length, *_ = BODY.unpack_from(body)
    try:
        return str(body[BODY.size : BODY.size + length], "ascii"), file_bytes
    except UnicodeDecodeError:
        return "", 0


class _Cursor:
    """Takes piece after piece off a record's body, which is never copied as a whole: a day has tens of MB."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data, self._at, self._end = data, start, end

    def fields(self, form: struct.Struct) -> tuple[int, ...]:
        found = form.unpack_from(self._data, self._at)
        self._at += form.size
        return found

    def take(self, count: int) -> bytes:
        at, self._at = self._at, self._at + count
        if self._at > self._end:
            raise ValueError("an index record is shorter than it says")
        return self._data[at : self._at]


def _encode_track(entry: IndexTrack) -> bytes:
    track = entry.track
    codec = track.codec.encode("utf-8")
    return b"".join(
        (
            TRACK.pack(
                track.number,
                _KINDS.index(track.kind),
                WIDE_FLAG if entry.wide else 0,
                len(codec),
                track.timescale,
                track.width,
                track.height,
                track.sample_rate,
                track.channels,
                track.frame_rate.numerator,
                track.frame_rate.denominator,
                entry.start_offset_us,
                entry.duration,
                entry.count,
                len(track.sample_entry),
                len(entry.durations),
                len(entry.composition),
                len(entry.keyframes),
            ),
            codec,
            track.sample_entry,
            entry.sizes,
            entry.offsets,
            entry.durations,
            entry.composition,
            entry.keyframes,
        )
    )


def track_of(fields: tuple[int, ...], described: bytes) -> Track:
    """What the fields of `TRACK`, and codec and sample entry behind them, say of a track."""
    number, kind, _, codec_bytes, timescale, width, height, sample_rate, channels, numerator, denominator = fields[:11]
    return Track(
        number=number,
        kind=_KINDS[kind],
        codec=described[:codec_bytes].decode("utf-8"),
        timescale=timescale,
        sample_entry=described[codec_bytes:],
        width=width,
        height=height,
        sample_rate=sample_rate,
        channels=channels,
        frame_rate=Fraction(numerator, denominator),
    )


def _decode_track(cursor: _Cursor) -> IndexTrack:
    fields = cursor.fields(TRACK)
    flags, codec_bytes = fields[2:4]
    start_offset_us, duration, count, entry_bytes, *lengths = fields[11:]
    wide = flags & WIDE_FLAG != 0
    return IndexTrack(
        track=track_of(fields, cursor.take(codec_bytes + entry_bytes)),
        count=count,
        duration=duration,
        start_offset_us=start_offset_us,
        wide=wide,
        sizes=cursor.take(4 * count),
        offsets=cursor.take((8 if wide else 4) * count),
        durations=cursor.take(lengths[0]),
        composition=cursor.take(lengths[1]),
        keyframes=cursor.take(lengths[2]),
    )
