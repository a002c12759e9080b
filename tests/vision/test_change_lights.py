"""Which pictures of a row were taken without colour, and where the light is switched."""

import numpy as np

from pynvr.vision.change_lights import colourless, is_colourless, switches

SIZE = 18, 32


def colours(*tints):
    """(pictures, rows, columns) of a colour: a part of each is tinted, the rest is grey but for a little noise."""
    chance = np.random.default_rng(3)
    made = np.full((len(tints), *SIZE), 128, np.int64) + chance.integers(0, 2, (len(tints), *SIZE))
    for number, tint in enumerate(tints):
        made[number, 10:] += tint
    return made.astype(np.uint8)


def test_a_picture_is_colourless_if_nearly_all_of_it_is():
    tints = (9, -3, 0, 0, 4, 4, 4, 4)
    grey = colours(*(0 for _ in tints))
    assert colourless(colours(*tints), grey) == [tint == 0 for tint in tints]
    assert colourless(grey, colours(*tints)) == [tint == 0 for tint in tints]
    assert not is_colourless(colours(-3)[0], grey[0])
    written = grey[0].copy()
    written[0, :4] = 200  # a coloured writing of the camera's
    assert is_colourless(written, grey[0])


def test_a_camera_that_never_has_colours_has_one_light_as_has_one_that_hardly_has_any():
    grey = colours(*[0] * 8)
    assert not any(colourless(grey, grey))
    assert not any(colourless(colours(3, 0, 3, 0, 0, 3, 0, 3), grey))
    assert colourless(grey[:0], grey[:0]) == []


def test_a_switch_lies_after_the_last_picture_of_a_light():
    assert switches([False, False, True, True, False]) == [1, 3]
    assert switches([True, True]) == switches([]) == []
