"""Recorded pictures as grids of brightness: the small ones of a day, and finer ones here and there."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from pynvr.archive.index_record import IndexRecord
from pynvr.archive.paths import thumbnail_path
from pynvr.base.errors import FootageGoneError, MediaError
from pynvr.media.jpeg import THUMBNAIL_WIDTH
from pynvr.media.run_decoder import RunDecoder
from pynvr.media.still import Picture, decode_still
from pynvr.model.box import Box
from pynvr.playback.footage import Footage, Piece
from pynvr.playback.frame_at import read_samples
from pynvr.playback.frame_times import FrameTimes, frame_times
from pynvr.playback.signatures import COLUMNS, ROWS
from pynvr.playback.stretches import Stretch
from pynvr.vision.change_grid import Bytes, Cells, cells_of, grid, planes_of, reduced

# The narrower side of a box is looked at with so many points at least, if the camera has them.
_LEAST_POINTS = 16
_WIDEST = 1280
# So much of such a grid is compared, around the box: the rest of the picture says what light and weather do.
_COMPARED_COLUMNS, _COMPARED_ROWS = 336, 216
_RECORDS_KEPT = 12
_PICTURES_KEPT = 48


@dataclass(frozen=True, slots=True)
class Shot:
    """A keyframe: sample `index` of the stretch's piece; -1: its first one, of which there may be a thumbnail."""

    at_us: int
    stretch: Stretch
    index: int = -1


@dataclass(frozen=True, slots=True)
class Scale:
    """A grid over brightness or a colour (`plane`): a cell is `factor` × `factor` of its points (0: no whole number).

    `box`, `compared` (with much around it) and `near` (with a little) are parts of it.
    """

    plane: int
    columns: int
    rows: int
    factor: int
    box: Cells
    compared: Cells
    near: Cells


@dataclass(frozen=True, slots=True)
class _Open:
    record: IndexRecord
    times: FrameTimes


class ChangePictures:
    """Of one search. `looked_at`: pictures that were decoded."""

    def __init__(self, footage: Footage, jpg_cache_dir: Path) -> None:
        self._footage = footage
        self._jpg_cache_dir = jpg_cache_dir
        self._opened: OrderedDict[tuple[str, int], _Open] = OrderedDict()
        self._kept: OrderedDict[tuple[str, int, Scale], Bytes] = OrderedDict()
        self.looked_at = 0

    def small(self, shot: Shot) -> tuple[Bytes, Bytes, Bytes]:
        """As a signature's planes. Raises MediaError, FootageGoneError."""
        return planes_of(self._decoded(shot).planes(COLUMNS, ROWS), COLUMNS, ROWS)

    def scale(self, piece: Piece, box: Box, plane: int) -> Scale:
        """How the box of a piece's pictures is looked at closely."""
        part = 2 if plane else 1
        width, height = max(2, piece.width // part), max(2, piece.height // part)
        narrow = min(box.width, box.height * height / width)
        wanted = min(max(THUMBNAIL_WIDTH // part, ceil(_LEAST_POINTS / part / narrow)), _WIDEST, width)
        factor = next((one for one in range(width // wanted, 0, -1) if width % one == 0 and height % one == 0), 1)
        columns, rows = width // factor, height // factor
        if columns > 2 * wanted:  # the sides have hardly a divisor in common
            factor, columns, rows = 0, _even(wanted), _even(wanted * height / width)
        inside = cells_of(box, columns, rows)
        compared = inside.widened(2 * inside.width, 2 * inside.height, columns, rows)
        across, down = max(0, _COMPARED_COLUMNS - compared.width), max(0, _COMPARED_ROWS - compared.height)
        compared = compared.widened(-(-across // 2), -(-down // 2), columns, rows)
        near = inside.widened(max(4, inside.width + 1), max(4, inside.height + 1), columns, rows)
        return Scale(plane, columns, rows, factor, inside, compared, near)

    def compared(self, shot: Shot, scale: Scale) -> Bytes:
        """What is compared of it. Raises MediaError, FootageGoneError."""
        key = (shot.stretch.piece.stamp, shot.at_us, scale)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._thumbnail(shot, scale) if shot.index < 0 else None
            if kept is None:
                kept = _part_of(self._decoded(shot), scale, scale.compared)
            self._kept[key] = kept
            if len(self._kept) > _PICTURES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept

    def near(self, shot: Shot, scale: Scale) -> Bytes:
        """What is near the box. Raises MediaError, FootageGoneError."""
        return _part_of(self._decoded(shot), scale, scale.near)

    def shots(self, stretch: Stretch) -> list[Shot]:
        """All keyframes of the stretch. Raises FootageGoneError."""
        times = self._open(stretch).times
        found = [Shot(times.times_us[index], stretch, index) for index in times.keyframes]
        return [shot for shot in found if stretch.start_us <= shot.at_us < stretch.end_us]

    def between(self, stretches: Sequence[Stretch], begin: Shot, end: Shot) -> list[Shot]:
        """All keyframes from one shot to another one, both included; what was deleted meanwhile is left out."""
        found: dict[int, Shot] = {}
        for stretch in stretches:
            if stretch.end_us <= begin.at_us or end.at_us < stretch.start_us:
                continue
            try:
                shots = self.shots(stretch)
            except FootageGoneError:
                continue  # its neighbours tell
            for one in shots:
                if begin.at_us <= one.at_us <= end.at_us:
                    found.setdefault(one.at_us, one)
        found.setdefault(begin.at_us, begin)
        found.setdefault(end.at_us, end)
        return [found[at_us] for at_us in sorted(found)]

    def frames(self, shot: Shot, scale: Scale) -> Iterator[tuple[int, Bytes]]:
        """What is near the box, of each frame up to the next keyframe, and when that is shown.

        Raises MediaError, FootageGoneError.
        """
        opened = self._open(shot.stretch)
        video, times = opened.record.video, opened.times
        following = [index for index in times.keyframes if index > shot.index]
        last = following[0] if following else len(times.times_us)
        samples = read_samples(self._footage, shot.stretch.piece, video, range(shot.index, last))
        decoder = RunDecoder(video.track.codec, video.track.sample_entry)
        for picture, place in decoder.pictures(samples):
            at_us = times.times_us[shot.index + place]
            self.looked_at += 1
            # What is shown before its keyframe refers to pictures that weren't decoded.
            if at_us >= shot.at_us:
                yield at_us, _part_of(picture, scale, scale.near)

    def frame_count(self, shot: Shot) -> int:
        """How many `frames` would decode. Raises FootageGoneError."""
        times = self._open(shot.stretch).times
        following = [index for index in times.keyframes if index > shot.index]
        return (following[0] if following else len(times.times_us)) - shot.index

    def _decoded(self, shot: Shot) -> Picture:
        opened = self._open(shot.stretch)
        video = opened.record.video
        if not opened.times.keyframes:
            raise MediaError(f"{shot.stretch.piece.stamp} has no keyframe")
        index = opened.times.keyframes[0] if shot.index < 0 else shot.index
        samples = read_samples(self._footage, shot.stretch.piece, video, range(index, index + 1))
        self.looked_at += 1
        return decode_still(video.track.codec, video.track.sample_entry, samples)

    def _thumbnail(self, shot: Shot, scale: Scale) -> Bytes | None:
        piece = shot.stretch.piece
        if scale.columns != THUMBNAIL_WIDTH // (2 if scale.plane else 1):
            return None
        try:
            data = thumbnail_path(self._jpg_cache_dir, piece.camera_id, piece.stamp).read_bytes()
            found = decode_still("mjpeg", b"", [data])
        except (OSError, MediaError):
            return None
        self.looked_at += 1
        return _part_of(found, replace(scale, factor=1), scale.compared)

    def _open(self, stretch: Stretch) -> _Open:
        key = stretch.piece.stamp, stretch.piece.start_us
        opened = self._opened.get(key)
        if opened is None:
            try:
                record = self._footage.record(stretch.piece)
            except ValueError as err:
                raise FootageGoneError(str(err)) from err
            opened = self._opened[key] = _Open(record, frame_times(record, stretch))
            if len(self._opened) > _RECORDS_KEPT:
                self._opened.popitem(last=False)
        self._opened.move_to_end(key)
        return opened


def _part_of(picture: Picture, scale: Scale, part: Cells) -> Bytes:
    size = scale.columns, scale.rows
    rows = picture.rows(scale.plane) if scale.factor else None
    if rows is not None and (rows.width, rows.height) == (size[0] * scale.factor, size[1] * scale.factor):
        return reduced(rows, scale.factor, part)
    if scale.plane:
        return part.of(
            planes_of(picture.planes(2 * size[0], 2 * size[1]), 2 * size[0], 2 * size[1])[scale.plane]
        ).copy()
    return part.of(grid(picture.luma(*size), *size)).copy()


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
