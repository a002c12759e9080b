"""A growing chunk: made, appended to frame by frame, forced to disk, let go."""

import contextlib
import errno
import os
import threading
from functools import partial
from pathlib import Path

from pynvr.archive.chunk import HEADER, PLAIN, Streams, frame_head, reserve_head, streams_block
from pynvr.archive.disk import disk_error
from pynvr.archive.lock import try_lock, unlock
from pynvr.archive.nal import IDR, LENGTH_BYTES, NAL_TYPE, UNIT, Units, units_of
from pynvr.archive.paths import CHUNK_SUFFIX, NEW_SUFFIX
from pynvr.archive.seal import FORCED_BYTES, SEAL_BYTES, forced_block, seal_of
from pynvr.base.errors import DiskError
from pynvr.base.files import FILE_MODE, FOLDER_MODE, sync_folder, write_all
from pynvr.model.cause import Cause
from pynvr.model.frame import VIDEO_TRACK, Frame, Track

_PAGE = 4096
# Header of an MP4 without samples: boxes and sample entries of two tracks, with room to spare.
_FIXED_BYTES = 4096
# Sample table bytes of one frame: size 4, offset 4, duration 8 if it differs from the one before it, composition
# offset 8, and its share of the keyframes.
_BYTES_A_VIDEO_FRAME = 25
# Audio: size 4, offset 4, and now and then a duration.
_BYTES_AN_AUDIO_FRAME = 10
# A segment may last until the keyframe after its end, and a camera may send more than it says.
_GENEROUS = 1.25
_UNKNOWN_FRAME_RATE = 30.0
# Linux takes at most this many pieces in one call (IOV_MAX).
_MOST_PIECES = 1000


def reserve_for(frame_rate: float, audio_rate: float, segment_s: int) -> int:
    """Bytes to reserve for the MP4's header: generous, whole pages.

    `frame_rate`: of the video, 0 = unknown; `audio_rate`: packets a second, 0 = no audio.
    """
    a_second = (frame_rate or _UNKNOWN_FRAME_RATE) * _BYTES_A_VIDEO_FRAME + audio_rate * _BYTES_AN_AUDIO_FRAME
    needed = int(_FIXED_BYTES + segment_s * a_second * _GENEROUS)
    return -(-needed // _PAGE) * _PAGE


class ChunkWriter:
    """The one writer of a chunk. It holds the chunk's lock until `close`, or its death.

    `frames`: appended so far; `bytes_written`: length of all blocks behind the reserve, but for the one that `close`
    may add; `path`: its name.
    """

    def __init__(self, path: Path, fd: int, end: int, streams: Streams, new_folder: bool) -> None:
        self.path = path
        self.frames = 0
        self.bytes_written = 0
        self._fd = fd
        self._end = end
        self._anchor_pts, self._anchor_us = streams.anchor_pts, streams.anchor_us
        self._plain_timescale = _plain_timescale(streams.tracks)
        # Up to here all is on disk, and up to here the chunk says so.
        self._forced_end = self._told_end = 0
        self._is_doubtful = False
        # What the first sync must force too: the chunk's name, and its folder's name if that is new.
        self._unsynced_folders = [path.parent, path.parent.parent] if new_folder else [path.parent]
        self._closing = threading.Lock()

    @classmethod
    def create(
        cls, path: Path, tracks: tuple[Track, ...], anchor_pts: int, anchor_us: int, reserve_bytes: int
    ) -> "ChunkWriter":
        """Make the chunk; its name appears when its head is whole and it is locked.

        The day folder is made if it isn't there, its parent is not. `reserve_bytes` 0 = no reserve.
        Raises FileExistsError if the name is taken (nothing is overwritten), DiskError.
        """
        streams = Streams(tracks, anchor_pts, anchor_us, is_sealed=True)
        # Text, for a `Path` keeps its name in the interpreter's table of such (`paths._is_taken`).
        temporary = str(path).removesuffix(CHUNK_SUFFIX) + NEW_SUFFIX
        try:
            new_folder = _make_day_folder(path.parent)
            fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
        except FileExistsError:
            raise
        except OSError as err:
            raise disk_error(err, f"make {temporary}") from err
        try:
            if not try_lock(fd):
                raise FileExistsError(errno.EEXIST, "somebody else took the chunk while it was made", temporary)
            end = _write_head(fd, streams, reserve_bytes)
            _give_name(temporary, path)
        except FileExistsError:
            _abandon(fd, temporary)
            raise
        except OSError as err:
            _abandon(fd, temporary)
            raise disk_error(err, f"make {path}") from err
        writer = cls(path, fd, end, streams, new_folder)
        writer.bytes_written = end - reserve_bytes
        return writer

    def append(self, frame: Frame) -> None:
        """Hand the frame to the kernel, whole or not at all.

        Raises DiskError; the chunk is then as it was before, and may be appended to again.
        """
        head = self._head(frame)
        _, _, _, _, _, _, payload, size = frame
        if len(payload) > _MOST_PIECES:
            payload = (b"".join(payload),)
        pieces = (head, *payload, seal_of((head, *payload)))
        expected = len(head) + size + SEAL_BYTES
        forced_end = self._forced_end
        if forced_end != self._told_end:
            pieces = (forced_block(forced_end), *pieces)
            expected += FORCED_BYTES
        end = self._end
        try:
            written = os.pwritev(self._fd, pieces, end)
            if written != expected:
                self._write_rest(pieces, written, expected)
        except OSError as err:
            self._take_back(end)
            raise disk_error(err, f"append to {self.path}") from err
        self._end = end + expected
        self._told_end = forced_end
        self.bytes_written += expected
        self.frames += 1

    def sync(self) -> None:
        """Force all that was appended to disk; may be called from another thread while frames are appended.

        Raises DiskError: then it is not known what of the chunk will outlive a power cut.
        """
        with self._closing:
            if self._fd < 0:
                return
            try:
                fd = os.dup(self._fd)  # close() needn't wait for a slow disk
            except OSError as err:
                raise disk_error(err, f"force {self.path} to disk") from err
        end = self._end
        try:
            os.fdatasync(fd)
            while self._unsynced_folders:
                sync_folder(self._unsynced_folders[-1])
                self._unsynced_folders.pop()
            if not self._is_doubtful:
                self._forced_end = end
        except OSError as err:
            # The kernel says it once; what it couldn't write then, the next sync passes over.
            self._is_doubtful = True
            raise disk_error(err, f"force {self.path} to disk") from err
        finally:
            os.close(fd)

    def close(self) -> None:
        """Let go of the chunk: from now on it is the finisher's. Raises DiskError, and then it is let go of too."""
        with self._closing:
            fd, self._fd = self._fd, -1
        if fd < 0:
            return
        try:
            try:
                self._tell_end(fd)
                unlock(fd)
            finally:
                os.close(fd)
        except OSError as err:
            raise disk_error(err, f"close {self.path}") from err

    def _head(self, frame: Frame) -> bytes:
        # Between two frames of a camera the processor's caches forget all of this: the fewer calls, the better.
        track, time_us, pts, dts, _, is_key, payload, size = frame
        timescale = self._plain_timescale
        if not timescale or track != VIDEO_TRACK or pts != dts:
            return frame_head(frame)
        # pts_at(), written out.
        if pts != self._anchor_pts + ((time_us - self._anchor_us) * timescale + 500_000) // 1_000_000:
            return frame_head(frame)
        if not is_key and len(payload) == 1 and len(payload[0]) >= UNIT.size:
            length, first = UNIT.unpack_from(payload[0])
            if LENGTH_BYTES + length == size and first & NAL_TYPE != IDR:
                return HEADER.pack(PLAIN, size, time_us)  # one slice of an inter frame: by far the most frames
        units = units_of(payload, size)
        if units is Units.BROKEN or is_key != (units is Units.IDR):
            return frame_head(frame)
        return HEADER.pack(PLAIN, size, time_us)

    def _write_rest(self, pieces: tuple[bytes | memoryview, ...], written: int, expected: int) -> None:
        """After a short write: the rest, so that the kernel says why (most often the disk is full)."""
        data = b"".join(pieces)
        if len(data) != expected:
            self._take_back(self._end)
            raise ValueError(f"a frame of {len(data)} bytes says {expected}")
        while written < expected:
            count = os.pwrite(self._fd, memoryview(data)[written:], self._end + written)
            if count == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written += count

    def _tell_end(self, fd: int) -> None:
        """If all is on disk, say so: whoever takes the chunk over then needn't look. It isn't worth an error."""
        if self._forced_end != self._end:
            return
        with contextlib.suppress(OSError):
            if os.pwrite(fd, forced_block(self._end), self._end) == FORCED_BYTES:
                return
        _cut_back(fd, self._end)

    def _take_back(self, end: int) -> None:
        _cut_back(self._fd, end)


def _cut_back(fd: int, end: int) -> None:
    try:
        os.ftruncate(fd, end)
    except OSError:
        # The disk is worse than full; a torn tail is what every reader expects.
        pass


def _plain_timescale(tracks: tuple[Track, ...]) -> int:
    """Timescale of the video if its frames may go as version 0, else 0."""
    return next((t.timescale for t in tracks if t.number == VIDEO_TRACK and t.codec == "h264"), 0)


def _make_day_folder(folder: Path) -> bool:
    """Whether it was made; the folder above must be there, for it is the disk."""
    if folder.is_dir():
        return False
    if not folder.parent.is_dir():
        raise DiskError(f"{folder.parent} isn't there: is the disk mounted?", Cause.DISK_MISSING)
    try:
        folder.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        return False
    folder.chmod(FOLDER_MODE)
    return True


def _write_head(fd: int, streams: Streams, reserve_bytes: int) -> int:
    """Reserve and description of the streams; where the frames begin."""
    if reserve_bytes:
        os.posix_fallocate(fd, 0, reserve_bytes)
        write_all(fd, reserve_head(reserve_bytes), 0)
    block = streams_block(streams)
    write_all(fd, block, reserve_bytes)
    return reserve_bytes + len(block)


def _give_name(temporary: str, path: Path) -> None:
    """Rename, but never over another file."""
    try:
        os.link(temporary, path)
    except OSError as err:
        if err.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
            raise
        # A file system without links (exFAT, some network ones); this camera has one writer, by its lock.
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from err
        os.rename(temporary, path)
        return
    os.unlink(temporary)


def _abandon(fd: int, temporary: str) -> None:
    """Take back what was begun, as far as the disk lets; whoever calls says what went wrong."""
    for give_back in (partial(os.unlink, temporary), partial(os.close, fd)):
        with contextlib.suppress(OSError):
            give_back()
