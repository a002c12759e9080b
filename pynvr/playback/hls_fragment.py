"""The bytes behind an HLS playlist: init segments, and fragments made of the recorded files' samples as asked for."""

import os
from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

from pynvr.archive.index_record import IndexRecord, IndexTrack
from pynvr.isobmff.fragment import TrackRun, fragment_head
from pynvr.isobmff.init_segment import init_segment
from pynvr.isobmff.runs import from_big_endian
from pynvr.model.frame import Track
from pynvr.model.ticks import to_ticks, to_us
from pynvr.playback.footage import Footage, Piece
from pynvr.playback.hls_sound import Sound, heard_within, silence_for, sounds_of
from pynvr.playback.keyframes import first_shown, presentation_ticks
from pynvr.playback.sample_stream import Sample, SampleStream
from pynvr.playback.squeeze import squeezed
from pynvr.playback.stretches import BRIDGED_US

_VIDEO_ID, _AUDIO_ID = 1, 2
# Of a fragment; a segment has an hour at most, and its only group of pictures may be as long.
_LONGEST_US = 7_200_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fragment as its address names it: fields as in `hls_cut.Cut`.

    `next`: the piece that follows on. `sound`: the piece whose sound's form a silent one takes; `audio` False = none.
    """

    piece: Piece
    first: int
    end: int
    from_us: int | None = None
    until_us: int | None = None
    next: Piece | None = None
    sound: Piece | None = None
    audio: bool = True


@dataclass(frozen=True, slots=True)
class _Pictures:
    run: TrackRun
    indices: range
    start_us: int
    end_us: int


class Fragments:
    """One per process, for all its threads."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage

    def init(self, piece: Piece, audio: bool = True, sound: Piece | None = None) -> bytes:
        """The init segment of fragments of this piece. Raises FootageGoneError."""
        record = self._footage.record(piece)
        heard = self._heard(record, audio, sound)
        return init_segment([record.video.track, heard] if heard is not None else [record.video.track])

    def open(self, wanted: Wanted) -> SampleStream:
        """The fragment's bytes, to be closed. Raises FootageGoneError; ValueError if the piece has no such samples."""
        pieces = [wanted.piece]
        records = [self._footage.record(wanted.piece)]
        pictures = _pictures(records[0], wanted)
        heard = self._heard(records[0], wanted.audio, wanted.sound)
        sounds: list[Sound] = []
        runs = [pictures.run]
        if heard is not None:
            if wanted.next is not None:
                pieces.append(wanted.next)
                records.append(self._footage.record(wanted.next))
            sounds, run = _sounds(records, heard, pictures)
            runs.append(run)
        head = fragment_head(pictures.start_us // 1000, runs)
        needed = {0, *(sound.source for sound in sounds if sound.source >= 0)}
        with ExitStack() as opened:
            files: dict[int, int] = {-1: -1}
            for number in sorted(needed):
                files[number] = self._footage.open(pieces[number])
                opened.callback(os.close, files[number])
            samples = _places(records[0].video, pictures.indices, files[0])
            samples += [Sample(files[sound.source], sound.offset, sound.size) for sound in sounds]
            own = silence_for(heard) if heard is not None else b""
            return SampleStream(head, samples, opened.pop_all(), own)

    def _heard(self, record: IndexRecord, audio: bool, sound: Piece | None) -> Track | None:
        if not audio:
            return None
        if record.audio is not None and record.audio.count:
            return record.audio.track
        if sound is None:
            return None
        lent = self._footage.record(sound).audio
        return lent.track if lent is not None else None


def _pictures(record: IndexRecord, wanted: Wanted) -> _Pictures:
    video = record.video
    scale = video.track.timescale
    if not 0 <= wanted.first < wanted.end <= video.count:
        raise ValueError(f"{wanted.piece.stamp} has no pictures {wanted.first} to {wanted.end}")
    shown = presentation_ticks(video)
    base = to_ticks(record.start_us, scale)
    first = first_shown(shown, wanted.first)
    start, start_us = base + first, record.start_us + to_us(first, scale)
    if wanted.from_us is not None:
        start, start_us = to_ticks(wanted.from_us, scale), wanted.from_us
    behind = _end_ticks(video, shown, wanted.end)
    end, end_us = base + behind, record.start_us + to_us(behind, scale)
    if wanted.until_us is not None:
        end, end_us = to_ticks(wanted.until_us, scale), wanted.until_us
    is_within = record.start_us - BRIDGED_US <= start_us < end_us <= record.end_us + 2 * BRIDGED_US
    if not is_within or end_us - start_us > _LONGEST_US:
        # Not what a playlist names, or of a damaged file that lasts for months, it says: silence could fill the memory.
        raise ValueError(f"{wanted.piece.stamp} has no pictures from {start_us} to {end_us}")
    last = wanted.end
    if wanted.next is None:
        while last - 1 > wanted.first and base + shown[last - 1] >= end:
            last -= 1
    times = squeezed([base + ticks for ticks in shown[wanted.first : last]], start, end)
    run = _video_run(video, range(wanted.first, last), times, end)
    return _Pictures(run, range(wanted.first, last), start_us, end_us)


def _end_ticks(video: IndexTrack, shown: "array[int]", end: int) -> int:
    """When what follows these samples begins to be shown."""
    if end < video.count:
        return first_shown(shown, end)
    return max(shown) + from_big_endian("I", video.durations[-4:])[0]


def _video_run(video: IndexTrack, indices: range, times: list[int], end: int) -> TrackRun:
    """Decode times are the sorted presentation times: so the fragment begins at the time of its first picture, and
    the offsets of B-frames are negative (ISO/IEC 23000-19 §7.5.17, as CMAF has it)."""
    decoded = sorted(times)
    durations = [after - before for before, after in pairwise(decoded)]
    durations.append(max(1, end - decoded[-1]))
    composition = [time - decode for time, decode in zip(times, decoded, strict=True)]
    sizes = from_big_endian("I", video.sizes[4 * indices.start : 4 * indices.stop])
    keyframes = from_big_endian("I", video.keyframes)
    keys = [index - indices.start for index in keyframes if index in indices]
    return TrackRun(_VIDEO_ID, decoded[0], sizes, durations, composition if any(composition) else (), keys)


def _sounds(records: Sequence[IndexRecord], heard: Track, pictures: _Pictures) -> tuple[list[Sound], TrackRun]:
    sounds: list[Sound] = []
    for source, record in enumerate(records):
        audio = record.audio
        if audio is not None and (audio.track.sample_entry, audio.track.timescale) == (
            heard.sample_entry,
            heard.timescale,
        ):
            sounds += sounds_of(audio, record.start_us, source, pictures.start_us, pictures.end_us)
    start, end = to_ticks(pictures.start_us, heard.timescale), to_ticks(pictures.end_us, heard.timescale)
    row, durations = heard_within(sounds, start, end, len(silence_for(heard)))
    run = TrackRun(_AUDIO_ID, row[0].time if row else 0, [sound.size for sound in row], durations)
    return row, run


def _places(video: IndexTrack, indices: range, fd: int) -> list[Sample]:
    width = 8 if video.wide else 4
    offsets = from_big_endian("Q" if video.wide else "I", video.offsets[width * indices.start : width * indices.stop])
    sizes = from_big_endian("I", video.sizes[4 * indices.start : 4 * indices.stop])
    return [Sample(fd, offset, size) for offset, size in zip(offsets, sizes, strict=True)]
