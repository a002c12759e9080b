"""What of the time that an incident asks for isn't in its clip, and why."""

from collections.abc import Iterable, Sequence

from pynvr.model.cause import Cause, gap_name
from pynvr.model.incident import MissingSpan
from pynvr.playback.footage import Piece
from pynvr.store.accounting import coverage_of
from pynvr.store.segments import Span
from pynvr.store.store import Store


def missing_of(
    store: Store, camera_id: str, spans: Iterable[tuple[int, int]], pieces: Sequence[Piece], now_us: int
) -> tuple[MissingSpan, ...]:
    """The spans with their causes, split where the cause changes. Raises StoreError."""
    recorded = [Span(piece.start_us, piece.end_us, piece.frames) for piece in pieces]
    found: list[MissingSpan] = []
    for start_us, end_us in spans:
        coverage = coverage_of(
            store, [camera_id], start_us, end_us, now_us=max(now_us, end_us), growing={camera_id: recorded}
        )[camera_id]
        told = [
            MissingSpan(account.start_us, account.end_us, account.cause, account.detail)
            for account in coverage.accounts
            if account.cause is not Cause.RECORDED
        ]
        found += told or [MissingSpan(start_us, end_us, Cause.UNKNOWN)]
    return tuple(found)


def in_words(missing: Sequence[MissingSpan]) -> str:
    """Why nothing at all was recorded, in a sentence: the cause that holds for longest."""
    if not missing:
        return "nothing was recorded"
    longest = max(missing, key=lambda span: span.end_us - span.start_us)
    detail = f": {longest.detail}" if longest.detail else ""
    return f"nothing was recorded ({gap_name(longest.cause)}{detail})"
