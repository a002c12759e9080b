"""Frames of a growing chunk as fragments of MP4, one frame a fragment; nothing is decoded."""

from collections.abc import Callable, Iterator, Sequence

from pynvr.archive.chunk import BlockFrame, Streams
from pynvr.isobmff.codec_string import codecs_of
from pynvr.isobmff.fragment import TrackRun, fragment_head
from pynvr.isobmff.init_segment import init_segment
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK, Track
from pynvr.playback.live_items import Fragment, Head, Stream
from pynvr.playback.live_time import LiveTime, TrackTime

_VIDEO_ID, _AUDIO_ID = 1, 2


class LiveMuxer:
    """One camera's stream. `head` is None until `describe` was called; `numbers`: where heads get theirs.

    `stream`, `stands_in`: for the heads.
    """

    def __init__(self, numbers: Iterator[int], stream: Stream = "main", stands_in: bool = False) -> None:
        self.stream: Stream = stream
        self.stands_in = stands_in
        self.head: Head | None = None
        self._tracks: tuple[Track, ...] = ()
        self._time: LiveTime | None = None
        self._sequence = 0
        self._numbers = numbers

    def describe(self, streams: Streams) -> bool:
        """What the chunk says of its tracks; whether that needs another head than before."""
        tracks = tuple(one for one in streams.tracks if one.number in (VIDEO_TRACK, AUDIO_TRACK))
        if not tracks or tracks[0].number != VIDEO_TRACK or _same(tracks, self._tracks):
            return False
        self._tracks = tracks
        plain = tracks[:1]
        self.head = Head(
            next(self._numbers),
            init_segment(plain),
            _type(plain),
            init_segment(tracks),
            _type(tracks),
            tracks[0],
            len(tracks) > 1,
            self.stream,
            self.stands_in,
        )
        rate = tracks[0].frame_rate
        video = TrackTime(tracks[0].timescale, round(tracks[0].timescale / rate) if rate else 0)
        self._time = LiveTime(video, TrackTime(tracks[1].timescale) if len(tracks) > 1 else None)
        return True

    def foresee(self, frames: Sequence[BlockFrame]) -> None:
        """These come next; how they lie in time is seen best from all of them."""
        if self._time is not None and len(frames) > 1:
            self._time.foresee(frames)

    def fragment(self, frame: BlockFrame, payload_of: Callable[[BlockFrame], bytes]) -> Fragment | None:
        """The frame for all viewers; None for sound that has no place. Raises what `payload_of` raises."""
        if self.head is None or self._time is None:
            return None
        is_sound = frame.track == AUDIO_TRACK
        placed = self._time.audio(frame) if is_sound else self._time.video(frame)
        if placed is None:
            return None
        begin, duration = placed
        payload = payload_of(frame)
        composition = (frame.pts - frame.dts,) if frame.pts != frame.dts else ()
        run = TrackRun(
            _AUDIO_ID if is_sound else _VIDEO_ID,
            begin,
            (len(payload),),
            (duration,),
            composition,
            None if is_sound else ((0,) if frame.is_key else ()),
        )
        self._sequence += 1
        head = fragment_head(self._sequence, (run,))
        scale = self._tracks[1 if is_sound else 0].timescale
        return Fragment(
            self.head.number,
            head + payload,
            len(head),
            frame.is_key and not is_sound,
            is_sound,
            begin / scale,
            self._time.origin_us,
        )


def _type(tracks: tuple[Track, ...]) -> str:
    return f'video/mp4; codecs="{codecs_of(tracks)}"'


def _same(one: tuple[Track, ...], other: tuple[Track, ...]) -> bool:
    return [(track.sample_entry, track.timescale) for track in one] == [
        (track.sample_entry, track.timescale) for track in other
    ]
