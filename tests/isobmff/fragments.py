"""Fragments taken apart by the words of ISO/IEC 14496-12 §8.8, without the code that made them."""

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class FragmentSample:
    """One sample: times in ticks, as the fragment says them."""

    track_id: int
    decode: int
    shown: int
    duration: int
    is_key: bool
    payload: bytes


def boxes_of(data: bytes) -> list[tuple[bytes, int, bytes]]:
    """(type, where the box begins, its content)."""
    found, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        assert size >= 8 and at + size <= len(data)
        found.append((kind, at, data[at + 8 : at + size]))
        at += size
    return found


def samples_of(fragment: bytes) -> list[FragmentSample]:
    """All samples of one fragment, track by track."""
    top = boxes_of(fragment)
    assert [kind for kind, *_ in top] == [b"styp", b"moof", b"mdat"]
    _, moof_at, moof = top[1]
    inside = boxes_of(moof)
    assert inside[0][0] == b"mfhd"
    samples = []
    end = top[2][1] + 8
    for kind, _, traf in inside[1:]:
        assert kind == b"traf"
        parts = {name: content for name, _, content in boxes_of(traf)}
        flags, track_id = struct.unpack(">II", parts[b"tfhd"])
        assert flags == 0x020000
        version, decode = parts[b"tfdt"][0], struct.unpack_from(">Q", parts[b"tfdt"], 4)[0]
        assert version == 1
        first, count, offset = struct.unpack_from(">IIi", parts[b"trun"], 0)
        version, run = first >> 24, first & 0xFFFFFF
        assert version == 1 and run & 0x301 == 0x301
        assert moof_at + offset == end, "the samples of a track follow those of the one before"
        form = ">II" + ("I" if run & 0x400 else "") + ("i" if run & 0x800 else "")
        rows = list(struct.iter_unpack(form, parts[b"trun"][12:]))
        assert len(rows) == count
        for row in rows:
            duration, size, *more = row
            sample_flags = more.pop(0) if run & 0x400 else 0x02000000
            composition = more.pop(0) if run & 0x800 else 0
            is_key = not sample_flags & 0x00010000
            payload = fragment[end : end + size]
            samples.append(FragmentSample(track_id, decode, decode + composition, duration, is_key, payload))
            decode += duration
            end += size
    assert end == len(fragment)
    return samples
