"""The init segment of fragmented MP4 (ISO/IEC 14496-12 §8.8): the tracks, without a sample."""

import struct
from array import array
from collections.abc import Sequence
from dataclasses import replace

from pynvr.isobmff.boxes import EPOCH_1904_S, box, full_box
from pynvr.isobmff.fragment import INTER_SAMPLE_FLAGS, KEY_SAMPLE_FLAGS
from pynvr.isobmff.header import movie_header
from pynvr.isobmff.table import TrackTable
from pynvr.isobmff.track import track_box
from pynvr.model.frame import Track

# "Not known": the date 0 of 1904.
_NO_DATE_US = -EPOCH_1904_S * 1_000_000
_HEV1, _HVC1 = b"hev1", b"hvc1"


def init_segment(tracks: Sequence[Track]) -> bytes:
    """`ftyp` and `moov` for fragments of these tracks; their ids are 1, 2, … in this order. Equal tracks, equal bytes.

    H.265 is named `hvc1`, for browsers and Apple's players refuse `hev1`.
    """
    timescale = tracks[0].timescale
    return box(b"ftyp", b"iso6", bytes(4), b"iso6", b"isom", b"mp41", b"cmfc") + box(
        b"moov",
        movie_header(_NO_DATE_US, timescale, 0, len(tracks)),
        *(track_box(_without_samples(track), number, _NO_DATE_US, timescale) for number, track in enumerate(tracks, 1)),
        box(b"mvex", *(_extends(track, number) for number, track in enumerate(tracks, 1))),
    )


def _without_samples(track: Track) -> TrackTable:
    entry = track.sample_entry
    if entry[4:8] == _HEV1:
        track = replace(track, sample_entry=entry[:4] + _HVC1 + entry[8:])
    return TrackTable(track, array("I"), array("Q"), array("I"), array("I"))


def _extends(track: Track, track_id: int) -> bytes:
    """`trex` (§8.8.3): what holds for samples that say nothing else."""
    flags = INTER_SAMPLE_FLAGS if track.kind == "video" else KEY_SAMPLE_FLAGS
    return full_box(b"trex", 0, 0, struct.pack(">IIIII", track_id, 1, 0, 0, flags))
