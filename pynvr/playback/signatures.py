"""The small picture that is stored of each segment: of a camera's days, without a picture being decoded."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pynvr.archive.index_signatures import Signed, signatures
from pynvr.archive.paths import index_path
from pynvr.model.stamp import day_of
from pynvr.playback.footage import Piece

# Brightness alone, of 64 × 36 points; the colours behind it have a quarter of that each.
COLUMNS, ROWS = 64, 36
SIGNATURE_BYTES = COLUMNS * ROWS * 3 // 2


def signatures_of(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Of each piece in turn; empty where none is stored: of the growing one, or what the finisher still owes."""
    day: tuple[Path, str, str] | None = None
    found: dict[str, Signed] = {}
    for piece in pieces:
        of_piece = piece.dst, piece.camera_id, day_of(piece.stamp)
        if of_piece != day:
            day = of_piece
            try:
                found = signatures(index_path(*of_piece))
            except OSError:
                found = {}
        signed = found.get(piece.stamp)
        whole = signed is not None and signed.start_us == piece.start_us and len(signed.signature) == SIGNATURE_BYTES
        yield signed.signature if signed is not None and whole and not piece.growing else b""
