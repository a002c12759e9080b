"""The best pictures of a camera's time: keyframes here and there, more of them around the best, then single frames.

What it costs is bounded, however long the time is; the longer it is, the likelier a short moment is missed.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from pynvr.archive.index_record import IndexRecord
from pynvr.base.errors import FootageGoneError, MediaError, NothingRecordedError
from pynvr.media.run_decoder import RunDecoder
from pynvr.media.still import Picture
from pynvr.model.search import BestFramesOrder, By
from pynvr.model.settings import Detect
from pynvr.playback.footage import Piece
from pynvr.playback.frame_at import read_samples
from pynvr.playback.frame_times import FrameTimes, frame_times
from pynvr.playback.stretches import BRIDGED_US, Stretch, stretches
from pynvr.searcher.candidates import Candidate, candidates
from pynvr.searcher.in_part import in_part
from pynvr.searcher.looks import closer_looks, first_looks
from pynvr.searcher.tools import Tools
from pynvr.vision.best import best
from pynvr.vision.detector import Found
from pynvr.vision.detectors import FACE, make_faces
from pynvr.vision.measures import brightness, sharpness

# Keyframes at first. A 1080p one takes 10 to 30 ms, faces in it 80 more.
_FIRST_LOOKS = {"brightness": 150, "sharpness": 240, "faces": 150}
# Around each of the best so far, twice.
_CLOSER_LOOKS = 6
_CLOSER_ROUNDS = 2
_MORE_THAN_WANTED = 3
# Of a group of pictures so many frames are decoded, so many of them are looked at, and so many of all groups: of the
# best ones first, of a short time in all.
_FRAMES = 60
_FRAMES_LOOKED_AT = {"brightness": 60, "sharpness": 30, "faces": 6}
_ALL_FRAMES_LOOKED_AT = {"brightness": 600, "sharpness": 300, "faces": 60}
_MOST_SEEN = 200
# Share of the whole that each part takes, for the progress.
_PARTS = (0.1, 0.5, 0.2, 0.2)

Progress = Generator[float, None, None]


@dataclass(frozen=True, slots=True)
class Rated:
    """A frame that was looked at: sample `index` of the stretch's piece. `faces`: the largest first."""

    at_us: int
    score: float
    faces: tuple[Found, ...]
    stretch: Stretch
    index: int


@dataclass(frozen=True, slots=True)
class _Open:
    """The piece that was looked at last."""

    piece: Piece
    record: IndexRecord
    times: FrameTimes


class BestFrames:
    """One search; `steps` is for one run through."""

    def __init__(self, tools: Tools, order: BestFramesOrder) -> None:
        self._tools = tools
        self._order = order
        self._rated: list[Rated] = []
        self._open: _Open | None = None
        self._unreadable = 0
        camera = tools.settings().camera(order.camera_id)
        self._measure = _measure(order.by, camera.detect if camera is not None else Detect())

    def steps(self) -> Generator[float, None, object]:
        """Yields how far it is; returns what the interface answers but for addresses. Raises NothingRecordedError."""
        order = self._order
        pieces = self._tools.footage.pieces(order.camera_id, order.from_us - BRIDGED_US, order.to_us + BRIDGED_US)
        row = stretches(pieces, order.from_us, order.to_us)
        if not row:
            raise NothingRecordedError(f"camera {order.camera_id}: nothing was recorded then")
        done = 0.0
        index = candidates(self._tools.footage, row, order, self._seen_us())
        found = yield from in_part(done, done + _PARTS[0], index)
        done += _PARTS[0]
        for part, looks in zip(_PARTS[1:], (self._first, self._closer, self._frames), strict=True):
            yield from in_part(done, done + part, looks(found))
            done += part
        return {
            "frames": [_plain(rated) for rated in self._best(order.count)],
            "looked_at": len(self._rated),
            "unreadable": self._unreadable,
            "recorded_us": sum(stretch.end_us - stretch.start_us for stretch in row),
        }

    def _seen_us(self) -> list[int]:
        """When detectors saw faces."""
        order = self._order
        if order.by != "faces":
            return []
        seen, _ = self._tools.store.detections.page(
            [order.camera_id], order.from_us, order.to_us, kind=FACE, limit=_MOST_SEEN
        )
        return [detection.at_us for detection in seen]

    def _first(self, found: list[Candidate]) -> Progress:
        times_us, promises = [one.at_us for one in found], [one.promise for one in found]
        yield from self._look(found, first_looks(times_us, promises, _FIRST_LOOKS[self._order.by]))

    def _closer(self, found: list[Candidate]) -> Progress:
        places = {(id(one.stretch), one.index): place for place, one in enumerate(found)}
        for number in range(_CLOSER_ROUNDS):
            looked = {places[id(rated.stretch), rated.index]: rated.score for rated in self._rated}
            wanted = best(self._rated, self._order.count + _MORE_THAN_WANTED, self._order.apart_us)
            around = [places[id(rated.stretch), rated.index] for rated in wanted if rated.score > 0]
            more = closer_looks(len(found), looked, around, _CLOSER_LOOKS)
            part = number / _CLOSER_ROUNDS, (number + 1) / _CLOSER_ROUNDS
            yield from in_part(*part, self._look(found, more))

    def _look(self, found: list[Candidate], places: list[int]) -> Progress:
        """At these keyframes."""
        for number, place in enumerate(places):
            one = found[place]
            for _ in self._ratings(one.stretch, one.index, one.index + 1, 1):
                pass
            yield (number + 1) / len(places)

    def _frames(self, found: list[Candidate]) -> Progress:
        """At the frames that follow the best keyframes."""
        order = self._order
        keyframes = list(self._rated)
        chosen = best(keyframes, order.count, order.apart_us)
        rest = [rated for rated in best(keyframes, len(keyframes), 0) if rated not in chosen]
        # There may be something between two keyframes without anything; of a long time others are likelier.
        every_one = len(keyframes) >= len(found)
        groups = [rated for rated in (*chosen, *rest) if every_one or rated.score > 0]
        most = _ALL_FRAMES_LOOKED_AT[order.by]
        for number, rated in enumerate(groups):
            for share in self._ratings(rated.stretch, rated.index, None, _FRAMES_LOOKED_AT[order.by]):
                spent = len(self._rated) - len(keyframes)
                yield max((number + share) / len(groups), min(spent / most, 1.0))
                if spent >= most:
                    return

    def _ratings(self, stretch: Stretch, keyframe: int, end: int | None, most: int) -> Progress:
        """Look at frames from a keyframe to another (None: the next one), at `most` of them; a step is a picture."""
        try:
            opened = self._opened(stretch)
            following = [index for index in opened.times.keyframes if index > keyframe]
            last = min([keyframe + _FRAMES, len(opened.times.times_us), *following[:1]]) if end is None else end
            video = opened.record.video
            samples = read_samples(self._tools.footage, stretch.piece, video, range(keyframe, last))
            decoder = RunDecoder(video.track.codec, video.track.sample_entry)
            every = max(1, -(-len(samples) // most))
            begun_us = opened.times.times_us[keyframe]
            place = -1
            for picture, place in decoder.pictures(samples):
                at_us = opened.times.times_us[keyframe + place]
                # What is shown before its keyframe refers to pictures that weren't decoded.
                if place % every == 0 and at_us >= begun_us:
                    self._rate(stretch, keyframe + place, at_us, picture)
                yield (place + 1) / len(samples)
        except (MediaError, FootageGoneError):
            place = -1
        self._unreadable += place < 0

    def _rate(self, stretch: Stretch, index: int, at_us: int, picture: Picture) -> None:
        score, faces = self._measure(picture)
        self._rated.append(Rated(at_us, score, faces, stretch, index))

    def _opened(self, stretch: Stretch) -> _Open:
        if self._open is None or self._open.piece is not stretch.piece:
            record = self._tools.footage.record(stretch.piece)
            self._open = _Open(stretch.piece, record, frame_times(record, stretch))
        return self._open

    def _best(self, count: int) -> list[Rated]:
        order = self._order
        shown = (rated for rated in self._rated if order.from_us <= rated.at_us < order.to_us and rated.score > 0)
        return best(shown, count, order.apart_us)


def _measure(by: By, detect: Detect) -> Callable[[Picture], tuple[float, tuple[Found, ...]]]:
    """Raises MissingLibraryError."""
    if by == "brightness":
        return lambda picture: (brightness(picture), ())
    if by == "sharpness":
        return lambda picture: (sharpness(picture), ())
    detector = make_faces()

    def rate(picture: Picture) -> tuple[float, tuple[Found, ...]]:
        faces = sorted(detector.look(picture, 0, detect.faces), key=_worth, reverse=True)
        return _worth(faces[0]) if faces else 0.0, tuple(faces)

    return rate


def _worth(face: Found) -> float:
    """How well a face can be seen: its share of the picture's height, as surely as it is one."""
    return face.box.height * face.confidence


def _plain(rated: Rated) -> dict[str, object]:
    faces = [{"box": face.box._asdict(), "confidence": face.confidence} for face in rated.faces]
    return {"at_us": rated.at_us, "score": round(rated.score, 4), "faces": faces}
