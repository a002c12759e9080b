"""Draws the parcel of a delivery, and who brings and fetches it, in front of all else."""

from PIL import ImageOps

from pynvr.simulator import sprites
from pynvr.simulator.backdrop import Colour
from pynvr.simulator.camera import Delivery
from pynvr.simulator.delivery import PLACE, REACH, carrier_at, lies_there
from pynvr.simulator.planes import Planes, Sprite, sprite_of

# Shares of the picture's height: the ground in front, the sizes there, and how high a parcel is carried.
_GROUND = 0.995
_PARCEL = 0.1
_PERSON = 0.30
_HANDS = 0.105
_STEPS_A_SECOND = 9


class ParcelDrawing:
    """`put` draws what is there of it at a moment."""

    def __init__(self, delivery: Delivery, width: int, height: int, coat: Colour, grey: bool) -> None:
        self._delivery = delivery
        self._width, self._height = width, height
        self._parcel = sprite_of(sprites.parcel(round(height * _PARCEL)), grey)
        steps = sprites.walker(round(height * _PERSON), coat)
        self._steps = {
            1: [sprite_of(step, grey) for step in steps],
            -1: [sprite_of(ImageOps.mirror(step), grey) for step in steps],
        }

    def put(self, picture: Planes, since_s: float) -> None:
        """`since_s`: since somebody first watched."""
        carrier = carrier_at(self._delivery, since_s)
        if carrier is not None:
            steps = self._steps[carrier.facing]
            step = int(since_s * _STEPS_A_SECOND) % len(steps) if carrier.is_walking else 0
            self._stand(picture, steps[step], carrier.at)
            if carrier.lifted is not None:
                self._stand(picture, self._parcel, carrier.at + carrier.facing * REACH, carrier.lifted * _HANDS)
        if lies_there(self._delivery, since_s):
            self._stand(picture, self._parcel, PLACE)

    def _stand(self, picture: Planes, sprite: Sprite, at: float, above: float = 0.0) -> None:
        x = round(at * self._width - sprite.width / 2)
        sprite.put(picture, x, round((_GROUND - above) * self._height) - sprite.mask.height)
