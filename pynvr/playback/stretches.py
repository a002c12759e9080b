"""Which piece is shown when: pieces in a row, without overlaps, joined where they follow each other. Pure.

Neighbouring segments overlap or part by the clock's correction at their border (docs/time.md), and the duration of a
segment's last frame is a guess. A player needs one clock without seams, so what follows on is shown until the next
begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from pynvr.playback.footage import Piece

# A last frame is shown for as long as this while the next piece is awaited; and by as much pieces may overlap and
# still be one recording (the correction is 100 ms at most, a slow camera's last frame may be off by more).
BRIDGED_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """`piece` is shown over `[start_us, end_us)`.

    `next`: the piece that follows without a hole, so all frames of this one are shown before its start; None = a hole
    follows, the end of what was asked for, or a piece from before a clock was set back, whose frames later than
    `end_us` are left out. `follows`: the stretch before leads into this one.
    """

    piece: Piece
    start_us: int
    end_us: int
    next: Piece | None = None
    follows: bool = False


def stretches(pieces: Iterable[Piece], from_us: int, to_us: int) -> list[Stretch]:
    """The pieces of one camera as they are shown within `[from_us, to_us)`; of two at a time, the later one."""
    row = sorted(pieces, key=lambda piece: (piece.start_us, piece.end_us))
    result: list[Stretch] = []
    follows = False
    for piece, after in zip_longest(row, row[1:]):
        end_us, joined = piece.end_us, False
        if after is not None:
            joined = abs(after.start_us - piece.end_us) <= BRIDGED_US
            end_us = after.start_us if joined else min(piece.end_us, after.start_us)
        if end_us <= piece.start_us:
            continue
        shown_us = max(piece.start_us, from_us), min(end_us, to_us)
        if shown_us[0] < shown_us[1]:
            whole = joined and end_us <= to_us
            begins = bool(result) and follows
            result.append(Stretch(piece, *shown_us, after if whole else None, begins))
        follows = joined
    return result


def stretch_at(pieces: Iterable[Piece], at_us: int) -> Stretch | None:
    """The stretch that holds the instant, whole; `pieces`: what lies within `BRIDGED_US` of it, at least."""
    everything = stretches(pieces, -(1 << 62), 1 << 62)
    return next((stretch for stretch in everything if stretch.start_us <= at_us < stretch.end_us), None)
