"""Presentation times brought into bounds, so that each frame keeps a moment of its own. Pure."""

from collections.abc import Sequence


def squeezed(times: Sequence[int], start: int, end: int) -> list[int]:
    """The times with none before `start` nor at or after `end`, in any unit; all different, in the same order.

    `times`: of frames in decode order, presentation. The frames before the one shown at `start` pass within a unit each
    from `start` on: a decoder needs them, a viewer doesn't. The frames that come too late share what is left behind
    the last one in time.
    """
    if not times or (min(times) >= start and max(times) < end):
        return list(times)
    order = sorted(range(len(times)), key=times.__getitem__)
    shown = [times[index] for index in order]
    _spread_late(shown, end)
    _hurry_early(shown, start)
    # Where there isn't a unit for each, they stay in order all the same.
    for position in range(1, len(shown)):
        shown[position] = max(shown[position], shown[position - 1] + 1)
    result = [0] * len(times)
    for index, time in zip(order, shown, strict=True):
        result[index] = time
    return result


def _spread_late(shown: list[int], end: int) -> None:
    late = sum(time >= end for time in shown)
    if not late:
        return
    first = max(0, len(shown) - late - 1)
    begin = min(shown[first], end - 1)
    share = end - begin
    for position in range(first, len(shown)):
        shown[position] = begin + share * (position - first) // (len(shown) - first)


def _hurry_early(shown: list[int], start: int) -> None:
    early = sum(time <= start for time in shown)
    if early and shown[0] < start:
        for position in range(early):
            shown[position] = start + position
