"""The header of an MP4 put together from many: its boxes and their lengths, without the tables."""

import struct
from dataclasses import replace

import pytest

from pynvr.isobmff.boxes import boxes
from pynvr.isobmff.virtual import Edit, Rows, Table, TrackShape, virtual_header
from tests.archive.building import AUDIO, VIDEO

SHAPES = (
    TrackShape(
        VIDEO, (VIDEO.sample_entry, b"\0\0\0\x0cavc1more"), 9, 3, 2, 4, ((0, 0), (5, 1)), 32_400, (Edit(900, 7),)
    ),
    TrackShape(AUDIO, (AUDIO.sample_entry,), 14, 1, 0, None, ((0, 0),), 14_336, (Edit(90, -1), Edit(800, 0))),
)


def filled(header):
    """The header with zeros for rows."""
    return b"".join(part if isinstance(part, bytes) else bytes(part.length) for part in header.parts)


def tree(data, start=0, end=None):
    """Offsets of all boxes by path; of several of a name the last one."""
    found = {}
    for box in boxes(data, start, len(data) if end is None else end):
        name = box.type.decode()
        found[name] = (box.start, box.end)
        if name in ("moov", "trak", "mdia", "minf", "stbl", "edts"):
            for path, place in tree(data, box.start, box.end).items():
                found[f"{name}.{path}"] = place
    return found


def test_all_boxes_are_as_long_as_they_say():
    header = virtual_header(SHAPES, 1_760_000_000_000_000, 90_000, 1000)
    data = filled(header)
    assert len(data) == header.length
    found = tree(data + bytes(1000))
    assert [name for name in found if "." not in name] == ["ftyp", "moov", "mdat"]
    assert found["mdat"] == (header.length, header.length + 1000)
    assert "moov.trak.mdia.minf.stbl.ctts" in found, "of the picture"
    video_only = tree(filled(virtual_header(SHAPES[1:], 1, 90_000, 1000)) + bytes(1000))
    assert "moov.trak.mdia.minf.stbl.ctts" not in video_only
    assert "moov.trak.mdia.minf.stbl.stss" not in video_only


def test_a_place_is_kept_for_each_table():
    header = virtual_header(SHAPES, 1, 90_000, 1000)
    assert [part for part in header.parts if isinstance(part, Rows)] == [
        Rows(0, Table.DURATIONS, 24),
        Rows(0, Table.COMPOSITION, 16),
        Rows(0, Table.KEYFRAMES, 16),
        Rows(0, Table.SIZES, 36),
        Rows(0, Table.OFFSETS, 36),
        Rows(1, Table.DURATIONS, 8),
        Rows(1, Table.SIZES, 56),
        Rows(1, Table.OFFSETS, 56),
    ]


@pytest.mark.parametrize(("beyond", "wide"), [(0, False), (1, True)])
def test_offsets_are_wide_just_when_they_must_be(beyond, wide):
    usual = virtual_header(SHAPES, 1, 90_000, 1000)
    content = (1 << 32) - 1 - usual.length + beyond
    header = virtual_header(SHAPES, 1, 90_000, content)
    assert header.wide == wide
    data = filled(header)
    assert len(data) == header.length == usual.length + (23 * 4 if wide else 0)
    assert (b"co64" in data, b"stco" in data) == (wide, not wide)
    assert data.endswith(struct.pack(">I4s", content + 8, b"mdat"))


def test_media_data_beyond_4_gib_has_a_long_length():
    data = filled(virtual_header(SHAPES, 1, 90_000, 5 << 30))
    assert data.endswith(struct.pack(">I4sQ", 1, b"mdat", (5 << 30) + 16))


def test_edit_lists_get_long_when_they_must():
    long = replace(SHAPES[0], edits=(Edit(1 << 33, 5),))
    data = filled(virtual_header((long,), 1, 90_000, 1000))
    start, end = tree(data + bytes(1000))["moov.trak.edts.elst"]
    assert data[start:end] == struct.pack(">IIQqi", 1 << 24, 1, 1 << 33, 5, 0x10000)
    usual = filled(virtual_header(SHAPES[1:], 1, 90_000, 1000))
    start, end = tree(usual + bytes(1000))["moov.trak.edts.elst"]
    assert usual[start:end] == struct.pack(">IIIiiIii", 0, 2, 90, -1, 0x10000, 800, 0, 0x10000)


def test_a_month_of_samples_fits():
    month = replace(SHAPES[0], samples=200_000_000, keyframes=1_000_000, composition=200_000_000)
    header = virtual_header((month, SHAPES[1]), 1, 90_000, 1 << 40)
    rows = {part.table: part.length for part in header.parts if isinstance(part, Rows) and part.track == 0}
    assert rows[Table.OFFSETS] == 1_600_000_000
    assert header.length > 1 << 31
    fixed = sum(len(part) for part in header.parts if isinstance(part, bytes))
    assert fixed < 2000
