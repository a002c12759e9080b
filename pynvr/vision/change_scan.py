"""Where a row of small pictures changes for longer than somebody passes by; docs/change-search.md.

What is compared are medians of five pictures before and after each instant, so what hides a place in two of five is
without effect. Light that changes is a smooth difference of logarithms, which is taken away; what stays of a difference
is set against what the same cell usually differs by, and against the rest of the picture at that instant.
"""

from dataclasses import dataclass

import numpy as np

from pynvr.vision.background import touching
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
# So many blocks are in memory at once.
_AT_ONCE = 4 * _BLOCK
# The three tenths that differ least; as large as the spread of what is spread evenly around a mean (Gauss).
_CALM, _OF_CALM = 0.3, 2.6
_MOST = 40
_FARTHEST = 12
# The part that changed has so much of the top's score; a box so many times larger is not looked at as a whole.
_PART_OF_TOP = 0.4
_TIMES_LARGER = 4
# Steps of 255 from grey that noise makes.
_COLOURLESS = 2.5


@dataclass(frozen=True, slots=True)
class Step:
    """Between the pictures `place` and `place + 1`, or some of `first` to `last`: `score` times what is usual.

    `where`: what is asked for, or the part of it that changed if that is small beside it. `plane`: of brightness (0) or
    a colour.
    """

    place: int
    first: int
    last: int
    score: float
    where: Cells
    plane: int = 0


def steps(luma: Bytes, inside: Cells) -> list[Step]:
    """Where it may have changed, the clearest first; `luma`: (pictures, rows, columns), `inside`: what is asked for."""
    if len(luma) < 2:
        return []
    found = medians(luma)
    before, after = found[: len(luma) - 1], found[REACH : REACH + len(luma) - 1]
    inner = inside.inner()
    box, rest = np.empty((len(before), inner.height, inner.width), np.float32), np.empty(len(before), np.float32)
    for start in range(0, len(before), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        fours = _fours(before[part], after[part], inside)
        box[part], rest[part] = inner.of(fours), _rest(fours, inside)
    score = box.reshape(len(box), -1).max(axis=1)
    calm = np.maximum(rest, _LEAST_OF_REST)
    clear = (score > _CLEAR) & (score > _TIMES_THE_REST * calm)
    faint = (score > _FAINT) & (score > _TIMES_THE_REST_IF_FAINT * calm)
    wanted = np.asarray(np.where(clear | faint, score, 0.0), np.float32)
    return [
        Step(place, first, last, float(score[top]), _part(box[top], inside))
        for top, place, first, last in _peaks(wanted, score)
    ]


def medians(luma: Bytes) -> Bytes:
    """Of each picture with the four before it; four more at the end, for the row is continued on both sides."""
    wide = np.concatenate([luma[:1]] * (REACH - 1) + [luma] + [luma[-1:]] * REACH)
    count = len(wide) - REACH + 1
    one, two, three, four, five = (wide[place : place + count] for place in range(REACH))
    low = np.maximum(np.minimum(one, two), np.minimum(three, four))
    high = np.minimum(np.maximum(one, two), np.maximum(three, four))
    # Of the first four the two outer ones are gone: the median of all is that of these three.
    return np.asarray(np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), five)), np.uint8)


def in_colour(blue: Bytes, red: Bytes, step: Step) -> bool:
    """Whether both sides of the step have colours; `blue`, `red`: as `steps` takes them.

    A camera that sees by infrared has none, so what was colourful seems to change, the more so the greyer the rest is.
    """
    sides = slice(max(0, step.first - REACH + 1), step.first + 1), slice(step.last + 1, step.last + 1 + REACH)
    return all(max(_colourful(plane[side]) for plane in (blue, red)) > _COLOURLESS for side in sides)


def _colourful(plane: Bytes) -> float:
    """How far the most colourful part of most of these pictures is from grey."""
    if not len(plane):
        return 0.0
    return float(np.percentile(np.abs(np.median(plane, axis=0) - 128), 98))


def _fours(before: Bytes, after: Bytes, inside: Cells) -> Reals:
    """For each instant, how unusual the difference is: (instants, rows - 1, columns - 1), means of four cells."""
    down, across = _around(inside)
    differences = logarithms(after) - logarithms(before)
    apart = np.abs(differences - local_mean(differences, down, across))
    limit = _usual(apart) + _STEPS * step_of(np.minimum(before, after))
    ratio = apart / limit
    # Four cells that touch, so that one noisy cell is nothing.
    return np.asarray((ratio[:, :-1, :-1] + ratio[:, 1:, :-1] + ratio[:, :-1, 1:] + ratio[:, 1:, 1:]) / 4, np.float32)


def _rest(fours: Reals, inside: Cells) -> Reals:
    """What the most unusual tenth of the rest of the picture has at least, at each instant."""
    rows, columns = fours.shape[1:]
    down, across = _around(inside)
    near = inside.widened(across, down, columns, rows)
    outside = np.ones((rows, columns), bool)
    outside[near.top : near.bottom, near.left : near.right] = False
    if not outside.any():
        return np.zeros(len(fours), np.float32)
    rest = fours[:, outside]
    place = round(0.9 * (rest.shape[1] - 1))
    return np.asarray(np.partition(rest, place, axis=1)[:, place], np.float32)


def _part(box: Reals, inside: Cells) -> Cells:
    """Around what touches the most unusual four, if the box is so large that the rest would hide it."""
    top = np.unravel_index(int(box.argmax()), box.shape)
    high = set(np.flatnonzero(box > _PART_OF_TOP * box[top]).tolist())
    group = next(one for one in touching(high, box.shape[1]) if int(np.ravel_multi_index(top, box.shape)) in one)
    across, down = [cell % box.shape[1] for cell in group], [cell // box.shape[1] for cell in group]
    left, upper = inside.left + min(across), inside.top + min(down)
    part = Cells(left, upper, inside.left + max(across) + 2, inside.top + max(down) + 2)
    is_small = part.width * part.height * _TIMES_LARGER < inside.width * inside.height
    return part if is_small else inside


def _around(inside: Cells) -> tuple[int, int]:
    """How far around a cell light is the same; below and aside. A thing in a large box is smaller than the box."""
    return min(_FARTHEST, max(3, inside.height + 1)), min(_FARTHEST, max(3, inside.width + 1))


def _usual(apart: Reals) -> Reals:
    """What the calmer pictures of a time differ by: a camera that goes to and fro between day and night has few."""
    usual = np.empty_like(apart)
    for start in range(0, len(apart), _BLOCK):
        block = apart[start : start + _BLOCK]
        few = block[::_EVERY] if len(block) > _BLOCK / 2 else block
        place = round(_CALM * (len(few) - 1))
        usual[start : start + _BLOCK] = _OF_CALM * np.partition(few, place, axis=0)[place]
    return usual


def _peaks(wanted: Reals, score: Reals) -> list[tuple[int, int, int, int]]:
    """(Top, middle, first, last) of the highest places, one of those that lie within a median's reach."""
    found: list[tuple[int, int, int, int]] = []
    taken = np.zeros(len(wanted), bool)
    for top in np.argsort(-wanted):
        if wanted[top] <= 0 or len(found) == _MOST:
            break
        around = slice(max(0, top - REACH + 1), top + REACH)
        if not taken[around].any():
            high = score[around] > 0.6 * score[top]
            places = np.arange(len(score))[around][high]
            found.append((int(top), int(places.mean()), int(places[0]), int(places[-1])))
        taken[top] = True
    return found
