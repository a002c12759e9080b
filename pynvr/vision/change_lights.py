"""The lights in which a row of pictures was taken: a camera that goes over to infrared sees no colours any more.

Pictures of two lights can hardly be compared with each other, so each light is looked at as a row of its own, and what
comes about while it is switched is looked for by `change_across`.
"""

from collections.abc import Sequence

import numpy as np

from pynvr.vision.change_grid import Bytes

# Steps of 255 from grey: a picture without colours has fewer in nearly all of its cells.
_COLOURLESS = 1.5
_NEARLY_ALL = 98
# A picture that goes to and fro more often is no camera that is switched; it has hardly any colour by day.
_MOST_SWITCHES = 0.34


def is_colourless(blue: Bytes, red: Bytes) -> bool:
    """Of one picture's colours, 128 where there is none."""
    return max(float(np.percentile(np.abs(plane.astype(np.int16) - 128), _NEARLY_ALL)) for plane in (blue, red)) < (
        _COLOURLESS
    )


def colourless(blue: Bytes, red: Bytes) -> list[bool]:
    """Which pictures of a row were taken without colour; none if there is but one light."""
    if not len(blue):
        return []
    found = np.ones(len(blue), bool)
    for plane in (blue, red):
        away = np.abs(plane.reshape(len(plane), -1).astype(np.int16) - 128)
        place = round(_NEARLY_ALL / 100 * (away.shape[1] - 1))
        found &= np.partition(away, place, axis=1)[:, place] < _COLOURLESS
    turns = int((found[1:] != found[:-1]).sum())
    if found.all() or turns > _MOST_SWITCHES * len(found):
        return [False] * len(found)
    return [bool(one) for one in found]


def switches(lights: Sequence[bool]) -> list[int]:
    """The places in a row after which the light is another one."""
    return [place for place in range(len(lights) - 1) if lights[place] != lights[place + 1]]
