"""What was recorded of a camera over a time: finished segments and the growing chunk, with their sample tables."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pynvr.archive.index_codec import decode_record
from pynvr.archive.index_head import HeadReader, RecordHead
from pynvr.archive.index_places import Place, PlaceReader
from pynvr.archive.index_record import IndexRecord
from pynvr.archive.paths import chunk_path, day_folder, index_path, segment_path
from pynvr.base.clock import Clock, SystemClock
from pynvr.base.errors import BoxError, ChunkError, FootageGoneError
from pynvr.model.settings import Settings
from pynvr.model.stamp import day_of, stamp_of, stamp_start_us
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.chunk_watch import ChunkWatch
from pynvr.playback.chunk_watches import ChunkWatches
from pynvr.playback.record_places import RecordPlaces
from pynvr.store.store import Store

# A chunk is finished when its minute is over; one of yesterday may still be growing after midnight, or wait for the
# finisher after a crash.
_UNFINISHED_US = 86_400 * MICROSECONDS
_HOUR_US = 3600 * MICROSECONDS
# No day is passed over in such steps.
_HALF_A_DAY_US = 12 * _HOUR_US


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment, or a chunk that isn't one yet (`growing`; then `end_us` is of the last whole frame seen).

    `codec`: libav's name; `width`, `height` in pixels; `frames`: of video; `inode`: of a growing chunk's file, by
    which it is found when it was finished; 0 for a segment.
    """

    camera_id: str
    dst: Path
    stamp: str
    start_us: int
    end_us: int
    frames: int
    file_bytes: int
    codec: str
    width: int
    height: int
    growing: bool = False
    inode: int = 0


class Footage:
    """One per process, for all its threads."""

    def __init__(self, store: Store, settings: Callable[[], Settings], clock: Clock | None = None) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock or SystemClock()
        self._places = RecordPlaces()
        self._heads = HeadReader()
        self._watches = ChunkWatches(self._clock)

    def pieces(self, camera_id: str, from_us: int, to_us: int, unfinished_since_us: int | None = None) -> list[Piece]:
        """What overlaps `[from_us, to_us)`, by start; no sample table is read for it. Raises StoreError.

        Chunks are looked for as far back as `unfinished_since_us`, None = a day: older ones are there after a start
        only, until the finisher comes to them.
        """
        # Chunks and files first: one that is finished in between is then found twice, and not never.
        growing, newest = self._newest(camera_id, from_us, to_us, unfinished_since_us)
        found: dict[tuple[str, int], Piece] = {}
        folders: dict[str, Path] = {}
        # With those that end before, so as to know which of the newest have a row.
        reach_us = self._reach_us() if newest else 0
        for facts in self._store.segments.facts(camera_id, from_us - reach_us, to_us):
            dst = folders.get(facts.dst) or folders.setdefault(facts.dst, Path(facts.dst))
            # A copy of the archive on another disk holds the same segment again.
            found.setdefault((facts.stamp, facts.start_us), Piece(camera_id, dst, *facts[1:]))
        starts = {piece.start_us for piece in found.values()}
        pieces = [*found.values(), *(piece for piece in growing if piece.start_us not in starts)]
        known = {piece.stamp for piece in [*growing, *found.values()]}
        pieces += self._without_rows(camera_id, [stamp for stamp in newest if stamp not in known], from_us, to_us)
        overlapping = [piece for piece in pieces if piece.start_us < to_us and piece.end_us > from_us]
        return sorted(overlapping, key=lambda piece: (piece.start_us, piece.end_us))

    def record(self, piece: Piece) -> IndexRecord:
        """Its sample tables, out of the day index, else of the file itself. Raises FootageGoneError."""
        watch = self._watch_of(piece)
        if watch is not None:
            try:
                return watch.record()
            except ChunkError as err:
                raise FootageGoneError(f"camera {piece.camera_id}, {piece.stamp}: {err}") from err
        place = self.place(piece)
        try:
            with PlaceReader() as reader:
                return decode_record(reader.read(place, 0, place.length), 0, place.length)
        except ValueError as err:
            raise FootageGoneError(f"{place.path}: {err}") from err

    def place(self, piece: Piece) -> Place:
        """Where the encoded record of a finished piece lies. Raises FootageGoneError."""
        zone = self._settings().system.timezone
        try:
            path = segment_path(piece.dst, piece.camera_id, piece.stamp)
            return self._places.find(path, piece.camera_id, 0 if piece.growing else piece.file_bytes, zone)
        except (OSError, BoxError, ValueError) as err:
            reason = getattr(err, "strerror", None) or err
            raise FootageGoneError(f"camera {piece.camera_id}: {piece.stamp} can't be read: {reason}") from err

    def heads(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Place, RecordHead] | FootageGoneError]:
        """Of finished pieces, the head of each one's record and where that lies; cheap for days of them.

        An error instead says why a piece can't be read: index and file are gone, or the file is shorter than it was.
        """
        reader = HeadReader()
        day: tuple[Path, str, str] | None = None
        found: Mapping[str, tuple[Place, RecordHead]] = {}
        folder = ""
        for piece in pieces:
            stamp = piece.stamp
            if day is None or day[2] != stamp[:8] or day[1] != piece.camera_id or day[0] is not piece.dst:
                day = piece.dst, piece.camera_id, stamp[:8]
                folder = str(day_folder(piece.dst, day[2]))
                found = self._heads_of(index_path(*day))
            try:
                known = found.get(stamp)
                if known is None or known[0].file_bytes != piece.file_bytes:
                    place = self.place(piece)
                    with PlaceReader() as records:
                        known = place, reader.read(records.read(place, 0, place.length))
                length = os.stat(f"{folder}/{piece.camera_id}.{stamp}.mp4").st_size
                if length < known[1].file_bytes:
                    raise FootageGoneError(f"its file has {length} of {known[1].file_bytes} bytes")
                yield piece, *known
            except FootageGoneError as err:
                yield err
            except (OSError, ValueError) as err:
                yield FootageGoneError(f"its file can't be read: {getattr(err, 'strerror', None) or err}")

    def open(self, piece: Piece) -> int:
        """A descriptor to read its file with, whatever its name is by now. Raises FootageGoneError."""
        try:
            return self._open_growing(piece) if piece.growing else _open(_path(piece))
        except OSError as err:
            raise FootageGoneError(
                f"camera {piece.camera_id}: the video of {piece.stamp} was deleted or its disk is gone: {err.strerror}"
            ) from err

    def close(self) -> None:
        """Let go of the files that are being followed."""
        self._watches.close()

    def _heads_of(self, index: Path) -> Mapping[str, tuple[Place, RecordHead]]:
        try:
            return self._places.heads(index)
        except (OSError, FootageGoneError):
            return {}  # piece by piece it is told what is the matter

    def _newest(self, camera_id: str, from_us: int, to_us: int, since_us: int | None) -> tuple[list[Piece], list[str]]:
        """Chunks since then, and stamps of the newest segments, whose rows may still have to come."""
        settings = self._settings()
        camera = settings.camera(camera_id)
        now_us = self._clock.now_us()
        oldest_us = now_us - _UNFINISHED_US if since_us is None else since_us
        first_us, last_us = max(from_us, oldest_us), min(to_us, now_us + _HOUR_US)
        if camera is None or first_us >= last_us:
            return [], []
        # What covers the beginning of the period may have begun in the day before it.
        instants = (*range(max(first_us - _HOUR_US, 0), last_us, _HALF_A_DAY_US), last_us)
        days = list(dict.fromkeys(day_of(stamp_of(at_us, settings.system.timezone)) for at_us in instants))
        newest = self._watches.newest(camera.dst, camera_id, days)
        watches = self._watches.of(camera.dst, camera_id, days)
        return [_growing_piece(camera_id, camera.dst, watch) for watch in watches], newest

    def _without_rows(self, camera_id: str, stamps: list[str], from_us: int, to_us: int) -> Iterator[Piece]:
        """Segments that have no row yet: it follows within a second, or when the database lets it."""
        settings = self._settings()
        camera = settings.camera(camera_id)
        reach_us = self._reach_us()
        for stamp in stamps:
            try:
                begun_us = stamp_start_us(stamp, settings.system.timezone)
            except ValueError:
                continue
            if camera is None or begun_us >= to_us or begun_us + reach_us <= from_us:
                continue
            piece = self._piece_of(camera_id, camera.dst, stamp)
            if piece is not None:
                yield piece

    def _reach_us(self) -> int:
        """From a stamp to the end of its segment, at most: it ends with the first keyframe after the next border."""
        return 2 * self._settings().system.segment_s * MICROSECONDS + _HOUR_US // 60

    def _piece_of(self, camera_id: str, dst: Path, stamp: str) -> Piece | None:
        """By its index record, or by itself; None if it can't be read, or is a chunk."""
        path = segment_path(dst, camera_id, stamp)
        try:
            place = self._places.find(path, camera_id, os.stat(path).st_size, self._settings().system.timezone)
            with PlaceReader() as reader:
                head = self._heads.read(reader.read(place, 0, place.length))
        except (OSError, BoxError, ValueError, FootageGoneError):
            return None
        video = head.tracks[0]
        return Piece(
            camera_id, dst, stamp, head.start_us, head.end_us, video.samples, head.file_bytes,
            video.track.codec, video.track.width, video.track.height,
        )  # fmt: skip

    def _watch_of(self, piece: Piece) -> ChunkWatch | None:
        if not piece.growing:
            return None
        watch = self._watches.find(piece.dst, piece.camera_id, piece.stamp)
        return watch if watch is not None and watch.inode == piece.inode else None

    def _open_growing(self, piece: Piece) -> int:
        """The file that the chunk is, or was made into without moving a frame."""
        watch = self._watch_of(piece)
        if watch is not None:
            return watch.duplicate()
        for path in _possible_paths(piece):
            try:
                fd = _open(path)
            except FileNotFoundError:
                continue
            if os.fstat(fd).st_ino == piece.inode:
                return fd
            os.close(fd)
        raise FileNotFoundError(2, "it isn't there any more")


def _growing_piece(camera_id: str, dst: Path, watch: ChunkWatch) -> Piece:
    video = watch.video
    codec, width, height = (video.codec, video.width, video.height) if video else ("", 0, 0)
    return Piece(
        camera_id,
        dst,
        watch.stamp,
        watch.start_us,
        watch.end_us,
        watch.frames,
        watch.file_bytes,
        codec,
        width,
        height,
        growing=True,
        inode=watch.inode,
    )


def _path(piece: Piece) -> Path:
    return segment_path(piece.dst, piece.camera_id, piece.stamp)


def _possible_paths(piece: Piece) -> Iterator[Path]:
    yield chunk_path(piece.dst, piece.camera_id, piece.stamp)
    yield _path(piece)
    # Its name was taken: it was given the next free one.
    yield from sorted(_path(piece).parent.glob(f"{piece.camera_id}.*.mp4"))


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
