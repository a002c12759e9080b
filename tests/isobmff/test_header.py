from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from pynvr.isobmff.boxes import boxes
from pynvr.isobmff.header import HeaderTooLargeError, segment_header
from pynvr.isobmff.identity import identity_box, parse_identity
from pynvr.isobmff.reader import read_segment
from pynvr.isobmff.table import SegmentIdentity, TrackTable
from pynvr.model.frame import Track

GOLDEN = Path(__file__).parent / "golden"
START_US = 1_760_000_000_123_456
IDENTITY = SegmentIdentity("gate-1", START_US, START_US + 160_000)
RESERVED = 2048
# A visual sample entry: fixed fields with 64×48, then a box `pasp` of 4:3.
ENTRY = b"".join(
    (
        (102).to_bytes(4, "big") + b"avc1" + bytes(6) + b"\0\1" + bytes(16),
        b"\0\x40\0\x30" + bytes(50),
        (16).to_bytes(4, "big") + b"pasp" + b"\0\0\0\4\0\0\0\3",
    )
)
SOUND_ENTRY = (
    (36).to_bytes(4, "big") + b"mp4a" + bytes(6) + b"\0\1" + bytes(8) + b"\0\1\0\x10" + bytes(4) + b"\xbb\x80\0\0"
)
VIDEO = TrackTable(
    track=Track(0, "video", "h264", 90_000, ENTRY, 64, 48),
    sizes=array("I", [100, 20, 30, 20]),
    offsets=array("Q", [2300, 2417, 2500, 2600]),
    durations=array("I", [3600, 3600, 3600, 3600]),
    keyframes=array("I", [0]),
    composition=array("i", [3600, 7200, 3600, 0]),
)
AUDIO = TrackTable(
    track=Track(1, "audio", "aac", 48_000, SOUND_ENTRY, sample_rate=48_000, channels=1),
    sizes=array("I", [9, 8, 7]),
    offsets=array("Q", [2400, 2480, 2550]),
    durations=array("I", [1024, 1024, 1024]),
    keyframes=array("I", [0, 1, 2]),
    start_offset_us=-10_000,
)


def header(*tables: TrackTable, start: int = RESERVED, end: int = 2700) -> bytes:
    return segment_header(tables, START_US, start, end, IDENTITY)


def found_boxes(data: bytes, *path: bytes) -> list[bytes]:
    start, end = 0, len(data)
    for name in path:
        child = next(b for b in boxes(data, start, end) if b.type == name)
        start, end = child.start, child.end
    return [b.type for b in boxes(data, start, end)]


def test_the_golden_header_is_still_written():
    assert header(VIDEO, AUDIO) == (GOLDEN / "header.bin").read_bytes()


def test_the_golden_header_is_read(tmp_path):
    path = tmp_path / "x.mp4"
    path.write_bytes((GOLDEN / "header.bin").read_bytes() + bytes(2700 - RESERVED))
    found = read_segment(path)
    assert found.tables == (VIDEO, AUDIO)
    assert found.identity == IDENTITY
    assert (found.creation_us, found.mdat_start, found.mdat_end) == (1_760_000_000_000_000, RESERVED, 2700)


def test_it_is_as_long_as_what_is_reserved_and_holds_these_boxes():
    data = header(VIDEO, AUDIO)
    assert len(data) == RESERVED
    assert found_boxes(data + bytes(2700 - RESERVED)) == [b"ftyp", b"moov", b"free", b"mdat"]
    assert found_boxes(data[:-8], b"moov") == [b"mvhd", b"trak", b"trak", b"uuid"]
    assert found_boxes(data[:-8], b"moov", b"trak") == [b"tkhd", b"edts", b"mdia"]


def test_a_reserve_that_just_fits_has_no_free_box_and_a_smaller_one_is_refused():
    data = header(VIDEO)
    free = next(b for b in boxes(data[:-8], 0, len(data) - 8) if b.type == b"free")
    exact = free.start - 8 + 8
    assert len(header(VIDEO, start=exact)) == exact
    assert found_boxes(header(VIDEO, start=exact)[:-8]) == [b"ftyp", b"moov"]
    assert len(header(VIDEO, start=exact + 8)) == exact + 8
    for start in (exact - 1, exact + 1, exact + 7, 0):
        with pytest.raises(HeaderTooLargeError, match="reserved"):
            header(VIDEO, start=start)


def test_pixels_that_are_not_square_widen_the_picture():
    data = header(VIDEO)
    at = data.index(b"tkhd") + 4 + 76
    assert data[at : at + 8] == (64 * 4 // 3 << 16 | 0x5555).to_bytes(4, "big") + (48 << 16).to_bytes(4, "big")


def test_what_presentation_is_decoding_and_all_sync_needs_no_table(tmp_path):
    plain = replace(VIDEO, composition=array("i"), keyframes=array("I", range(4)))
    data = header(plain)
    assert found_boxes(data[:-8], b"moov", b"trak") == [b"tkhd", b"mdia"]
    stbl = found_boxes(data[:-8], b"moov", b"trak", b"mdia", b"minf", b"stbl")
    assert stbl == [b"stsd", b"stts", b"stsc", b"stsz", b"stco"]


def test_late_sound_waits_in_an_empty_edit(tmp_path):
    path = tmp_path / "x.mp4"
    late = replace(AUDIO, start_offset_us=1_500_000)
    path.write_bytes(header(VIDEO, late) + bytes(2700 - RESERVED))
    assert read_segment(path).tables == (VIDEO, late)


@pytest.mark.parametrize("duration", [3600, (1 << 32) - 1])
def test_dates_after_2040_and_long_durations_are_told_in_64_bits(tmp_path, duration):
    path = tmp_path / "x.mp4"
    later_us = 2_300_000_000_000_000
    table = replace(VIDEO, durations=array("I", [duration] * 4), start_offset_us=0)
    path.write_bytes(segment_header([table], later_us, RESERVED, 2700, IDENTITY) + bytes(2700 - RESERVED))
    found = read_segment(path)
    assert found.creation_us == later_us
    assert found.tables == (table,)


def test_media_data_beyond_4_gib_gets_a_long_size():
    data = header(VIDEO, end=1 << 33)
    assert data[-16:] == (1).to_bytes(4, "big") + b"mdat" + ((1 << 33) - RESERVED + 16).to_bytes(8, "big")


def test_an_identity_is_read_back_and_a_foreign_box_is_not_one():
    content = identity_box(IDENTITY)[8:]
    assert parse_identity(content) == IDENTITY
    assert parse_identity(bytes(16) + content[16:]) is None
    assert parse_identity(content[:16] + b"\2" + content[17:]) is None
    assert parse_identity(b"") is None
