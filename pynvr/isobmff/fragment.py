"""A fragment of media (ISO/IEC 14496-12 §8.8): what stands in front of the samples of one or more tracks.

For HLS and for Media Source Extensions. The samples' bytes are the caller's: they follow the head, run after run, in
the order of the runs, with nothing between them.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from pynvr.isobmff.boxes import MAX_U32, box, full_box
from pynvr.isobmff.header import media_data_header

# tfhd: data offsets count from the start of moof (§8.8.7.1); all else stands in the trun or the trex.
_DEFAULT_BASE_IS_MOOF = 0x020000
# trun (§8.8.8.1): where the samples begin, then of each: duration, size, flags, composition offset.
_DATA_OFFSET, _DURATION, _SIZE, _FLAGS, _COMPOSITION = 0x001, 0x100, 0x200, 0x400, 0x800
# Sample flags (§8.8.3.1): depends on nothing; depends on others and is no sync sample.
KEY_SAMPLE_FLAGS = 0x02000000
INTER_SAMPLE_FLAGS = 0x01010000


@dataclass(frozen=True, slots=True)
class TrackRun:
    """Successive samples of one track, in decode order.

    `track_id`: as in the init segment, from 1. `decode_time`: of the first sample, in ticks of the track on the clock
    that all fragments share. `composition`: presentation minus decode time of each sample, may be negative; empty if
    all are 0. `keyframes`: indices within the run, from 0; None if every sample is one (sound).
    """

    track_id: int
    decode_time: int
    sizes: Sequence[int]
    durations: Sequence[int]
    composition: Sequence[int] = ()
    keyframes: Sequence[int] | None = None


def fragment_head(sequence: int, runs: Sequence[TrackRun]) -> bytes:
    """`styp`, `moof` and the start of `mdat`. `sequence`: rises from fragment to fragment where they form one file.

    Runs without samples are left out.
    """
    filled = [run for run in runs if run.sizes]
    media_bytes = sum(sum(run.sizes) for run in filled)
    media = media_data_header(media_bytes)
    # The offsets in it don't change its length, so it is made twice.
    length = len(_movie_fragment(sequence, filled, 0))
    return _SEGMENT_TYPE + _movie_fragment(sequence, filled, length + len(media)) + media


def _movie_fragment(sequence: int, runs: Sequence[TrackRun], data_offset: int) -> bytes:
    tracks = []
    for run in runs:
        tracks.append(_track_fragment(run, data_offset))
        data_offset += sum(run.sizes)
    return box(b"moof", full_box(b"mfhd", 0, 0, struct.pack(">I", sequence & MAX_U32)), *tracks)


def _track_fragment(run: TrackRun, data_offset: int) -> bytes:
    return box(
        b"traf",
        full_box(b"tfhd", 0, _DEFAULT_BASE_IS_MOOF, struct.pack(">I", run.track_id)),
        full_box(b"tfdt", 1, 0, struct.pack(">Q", run.decode_time)),
        _track_run(run, data_offset),
    )


def _track_run(run: TrackRun, data_offset: int) -> bytes:
    """`trun` (§8.8.8), version 1 where composition offsets are signed."""
    columns: list[Sequence[int]] = [run.durations, run.sizes]
    flags = _DATA_OFFSET | _DURATION | _SIZE
    if run.keyframes is not None:
        sample_flags = array("I", (INTER_SAMPLE_FLAGS,)) * len(run.sizes)
        for index in run.keyframes:
            sample_flags[index] = KEY_SAMPLE_FLAGS
        columns.append(sample_flags)
        flags |= _FLAGS
    if run.composition:
        columns.append([offset & MAX_U32 for offset in run.composition])
        flags |= _COMPOSITION
    rows = array("I", bytes(4 * len(columns) * len(run.sizes)))
    for number, column in enumerate(columns):
        rows[number :: len(columns)] = array("I", column)
    if sys.byteorder == "little":
        rows.byteswap()
    # An offset beyond 2 GiB can't be told; no fragment is as large.
    return full_box(b"trun", 1, flags, struct.pack(">Ii", len(run.sizes), data_offset), rows.tobytes())


_SEGMENT_TYPE = box(b"styp", b"msdh", bytes(4), b"msdh", b"msix", b"cmfs")
