"""What of a camera's frames is in its segments: each segment a piece of what was sent, the pieces beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pynvr.simulator.sent import SentSession, SentUnit
from tests.end_to_end.program import frames_of
from tests.waiting import is_overwhelmed

# What is on its way when a connection ends or the program is told to stop can't be asked for. On a machine that is busy
# a recorder may come to it that much later.
ON_ITS_WAY_US = 2_000_000
# Where far more want the CPUs than there are, a recorder reads its connection when it gets to. Less than a segment of
# these recordings, so that one that is lost is noticed there too.
_STARVED = 4


def on_its_way_us() -> int:
    """How long before the end of a connection a frame may have been sent, and be lost with it, on this machine now."""
    return ON_ITS_WAY_US * (_STARVED if is_overwhelmed() else 1)


@dataclass(frozen=True)
class Piece:
    """A segment: the place of its first frame, and of the one behind its last, among all that was sent."""

    begin: int
    end: int
    path: Path


@dataclass(frozen=True)
class Recording:
    """All pieces in the order of sending."""

    sent: list[SentUnit]
    pieces: list[Piece]

    def sent_us(self, piece: Piece) -> int:
        """When the piece's first frame was sent, by the machine's own clock."""
        return self.sent[piece.begin].wall_us


def recording_of(sessions: Iterable[SentSession], paths: Iterable[Path]) -> Recording:
    """Fails unless each segment is an unbroken run of frames that were sent, and no frame is in two.

    For cameras that send no picture twice: live ones.
    """
    sent = [unit for session in sessions for unit in session.track("video")]
    place = {unit.core_sha256: number for number, unit in enumerate(sent)}
    assert len(place) == len(sent), "the camera sent a picture twice; this proof needs a live one"
    pieces = []
    for path in paths:
        digests = [frame.digest for frame in frames_of(path)]
        begin = place.get(digests[0], -1)
        known = [number for number, digest in enumerate(digests) if digest in place]
        assert begin >= 0, (
            f"{path.name} begins with a frame that was never sent; {len(known)} of its {len(digests)} frames were, "
            f"the first of them as number {place.get(digests[known[0]]) if known else None} of {len(sent)}"
        )
        expected = [unit.core_sha256 for unit in sent[begin : begin + len(digests)]]
        assert digests == expected, f"{path.name} isn't what was sent from frame {begin} on"
        pieces.append(Piece(begin, begin + len(digests), path))
    pieces.sort(key=lambda piece: piece.begin)
    for before, after in pairwise(pieces):
        assert before.end <= after.begin, f"{before.path.name} and {after.path.name} hold the same frames"
    return Recording(sent, pieces)


def assert_nothing_lost(recording: Recording, until_us: int) -> None:
    """Every frame from the first recorded one on, sent until `until_us`, is in a segment."""
    pieces, sent = recording.pieces, recording.sent
    for before, after in pairwise(pieces):
        lost = after.begin - before.end
        assert lost == 0, f"{lost} frames are missing between {before.path.name} and {after.path.name}"
    late = [unit for unit in sent[pieces[-1].end :] if unit.wall_us < until_us - on_its_way_us()]
    assert not late, f"{len(late)} frames are missing behind {pieces[-1].path.name}"
