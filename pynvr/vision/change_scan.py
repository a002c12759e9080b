"""Where a row of small pictures changes for longer than somebody passes by; docs/change-search.md.

What is compared are medians of five pictures before and after each instant, so what hides a place in two of five is
without effect. Light that changes is a smooth difference of logarithms, which is taken away; what stays of a difference
is set against what the same cell usually differs by, and against the rest of the picture at that instant.
"""

from dataclasses import dataclass

import numpy as np

from pynvr.vision.change_grid import Bytes, Cells, Reals, local_mean, logarithms, step_of

# Pictures on each side.
REACH = 5
# A difference counts from so many steps of 255 on, beside what is usual there.
_STEPS = 2.0
# So many times the usual difference; or fewer if nothing else in the picture differs.
_CLEAR = 4.0
_FAINT = 1.8
_TIMES_THE_REST = 2.0
_TIMES_THE_REST_IF_FAINT = 4.5
_LEAST_OF_REST = 0.4
# What is usual is found out for so many pictures at a time, for a night is noisier than a day.
_BLOCK = 120
_EVERY = 3
# The three tenths that differ least; as large as the spread of what is spread evenly around a mean (Gauss).
_CALM, _OF_CALM = 0.3, 2.6
_MOST = 24


@dataclass(frozen=True, slots=True)
class Step:
    """Between the pictures `place` and `place + 1`, or some of `first` to `last`: `score` times what is usual."""

    place: int
    first: int
    last: int
    score: float


def steps(luma: Bytes, inside: Cells) -> list[Step]:
    """Where it may have changed, the clearest first; `luma`: (pictures, rows, columns), `inside`: what is asked for."""
    if len(luma) < 2:
        return []
    score, rest = _scores(luma, inside)
    calm = np.maximum(rest, _LEAST_OF_REST)
    clear = (score > _CLEAR) & (score > _TIMES_THE_REST * calm)
    faint = (score > _FAINT) & (score > _TIMES_THE_REST_IF_FAINT * calm)
    wanted = np.where(clear | faint, score, 0.0)
    return _peaks(wanted, score)


def medians(luma: Bytes) -> Bytes:
    """Of each picture with the four before it; four more at the end, for the row is continued on both sides."""
    wide = np.concatenate([luma[:1]] * (REACH - 1) + [luma] + [luma[-1:]] * REACH)
    count = len(wide) - REACH + 1
    one, two, three, four, five = (wide[place : place + count] for place in range(REACH))
    low = np.maximum(np.minimum(one, two), np.minimum(three, four))
    high = np.minimum(np.maximum(one, two), np.maximum(three, four))
    # Of the first four the two outer ones are gone: the median of all is that of these three.
    return np.asarray(np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), five)), np.uint8)


def _scores(luma: Bytes, inside: Cells) -> tuple[Reals, Reals]:
    """For each instant, how unusual the difference in the box and in the rest of the picture is."""
    rows, columns = luma.shape[1:]
    found = medians(luma)
    before, after = found[: len(luma) - 1], found[REACH : REACH + len(luma) - 1]
    differences = logarithms(after) - logarithms(before)
    down, across = max(3, inside.height + 1), max(3, inside.width + 1)
    apart = np.abs(differences - local_mean(differences, down, across))
    limit = _usual(apart) + _STEPS * step_of(np.minimum(before, after))
    ratio = apart / limit
    # Four cells that touch, so that one noisy cell is nothing.
    fours = (ratio[:, :-1, :-1] + ratio[:, 1:, :-1] + ratio[:, :-1, 1:] + ratio[:, 1:, 1:]) / 4
    box = fours[:, inside.top : inside.bottom - 1, inside.left : inside.right - 1]
    outside = np.ones(fours.shape[1:], bool)
    near = inside.widened(across, down, columns - 1, rows - 1)
    outside[near.top : near.bottom, near.left : near.right] = False
    score = box.reshape(len(box), -1).max(axis=1)
    if not outside.any():
        return score, np.zeros_like(score)
    return score, np.asarray(np.percentile(fours[:, outside], 90, axis=1), np.float32)


def _usual(apart: Reals) -> Reals:
    """What the calmer pictures of a time differ by: a camera that goes to and fro between day and night has few."""
    usual = np.empty_like(apart)
    for start in range(0, len(apart), _BLOCK):
        block = apart[start : start + _BLOCK]
        few = block[::_EVERY] if len(block) > _BLOCK / 2 else block
        place = round(_CALM * (len(few) - 1))
        usual[start : start + _BLOCK] = _OF_CALM * np.partition(few, place, axis=0)[place]
    return usual


def _peaks(wanted: Reals, score: Reals) -> list[Step]:
    """The tops, one of those that lie within a median's reach; with how far each goes."""
    found: list[Step] = []
    taken = np.zeros(len(wanted), bool)
    for place in np.argsort(-wanted):
        if wanted[place] <= 0 or len(found) == _MOST:
            break
        around = slice(max(0, place - REACH + 1), place + REACH)
        if not taken[around].any():
            high = score[around] > 0.6 * score[place]
            places = np.arange(len(score))[around][high]
            found.append(Step(int(places.mean()), int(places[0]), int(places[-1]), float(score[place])))
        taken[place] = True
    return found
