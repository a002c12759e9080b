"""The segments of a camera as they lie in its folders, each read once."""

from contextlib import suppress
from pathlib import Path

import av

from pynvr.archive.chunk import ChunkContents
from pynvr.archive.reader import read_chunk
from pynvr.base.errors import ChunkError
from pynvr.model.frame import VIDEO_TRACK
from pynvr.simulator.sent import hash_sample
from tests.torture.proof import Piece


class Shelf:
    """The segments below one camera's folder. What the test takes away counts as recorded."""

    def __init__(self, dst: Path, camera_id: str, codec: str, decode_one_in: int) -> None:
        self.dst = dst
        self._camera_id = camera_id
        self._codec = codec
        self._decode_one_in = decode_one_in
        self._read: dict[Path, tuple[tuple[int, int], Piece]] = {}
        self.unreadable: dict[Path, str] = {}
        self._taken_away: list[Piece] = []
        self._damaged: set[Path] = set()

    def segments(self) -> list[Path]:
        return sorted(self.dst.glob(f"*/{self._camera_id}.*.mp4"))

    def chunks(self) -> list[Path]:
        return sorted(self.dst.glob(f"*/{self._camera_id}.*.chunk"))

    def set_aside(self) -> list[Path]:
        return sorted(self.dst.glob(f"*/{self._camera_id}.*.bad"))

    def take_away(self, path: Path) -> Piece | None:
        """A segment is about to be damaged by the test; what it holds, None if it can't be read, or was before."""
        self.pieces()
        if path not in self._read or path in self._damaged:
            return None
        piece = self._read[path][1]
        self._taken_away.append(piece)
        self._damaged.add(path)
        return piece

    def remove(self, path: Path) -> None:
        """One that was taken away; its name may be given again."""
        path.unlink(missing_ok=True)
        self._damaged.discard(path)

    def pieces(self, with_chunks: bool = False) -> list[Piece]:
        """`with_chunks`: also what the finisher hasn't come to, and what is growing."""
        self.unreadable = {}
        found: dict[Path, Piece] = {}
        if with_chunks:  # first, for they become segments meanwhile
            for path in self.chunks():
                with suppress(FileNotFoundError, av.FFmpegError):
                    digests = self._digests_of(path)
                    if digests:
                        found[path.with_suffix(".mp4")] = Piece(path, digests)
        for path in self.segments():
            if path in self._damaged:
                continue
            try:
                found[path] = self._piece(path)
            except FileNotFoundError:
                continue
            except av.FFmpegError as err:
                self.unreadable[path] = str(err)
        return [*self._taken_away, *found.values()]

    def _digests_of(self, chunk: Path) -> tuple[str, ...]:
        try:
            return tuple(digests_of(read_chunk(chunk), chunk.read_bytes(), self._codec))
        except ChunkError:  # it is finished, but hasn't its new name yet
            return read_piece(chunk, decode=False).digests

    def _piece(self, path: Path) -> Piece:
        facts = path.stat()
        state = (facts.st_size, facts.st_ino)
        if path not in self._read or self._read[path][0] != state:
            self._read[path] = (state, read_piece(path, len(self._read) % self._decode_one_in == 0))
        return self._read[path][1]

    def written(self) -> list[str]:
        """Digests of the whole frames in the newest chunk, as they are in the kernel's hands now."""
        try:
            path = max(self.chunks(), key=lambda chunk: chunk.stat().st_mtime_ns)
            data = path.read_bytes()
            return digests_of(read_chunk(path), data, self._codec)
        except (ValueError, FileNotFoundError, ChunkError):  # there is none yet, or it has just been begun or finished
            return []


def digests_of(contents: ChunkContents, data: bytes, codec: str) -> list[str]:
    """Of the video frames that lie in the data as a whole."""
    return [
        hash_sample(data[frame.offset : frame.offset + frame.size], codec)
        for frame in contents.frames
        if frame.track == VIDEO_TRACK and frame.offset + frame.size <= len(data)
    ]


def read_piece(path: Path, decode: bool) -> Piece:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        digests, decoded = [], 0
        for packet in container.demux(stream):
            if packet.size:
                digests.append(hash_sample(bytes(packet), codec))
            if decode:
                decoded += len(packet.decode())
    return Piece(path, tuple(digests), decoded if decode else -1)
