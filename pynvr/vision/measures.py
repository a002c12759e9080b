"""How bright and how sharp a picture is: numbers to rank pictures of one camera with."""

from pynvr.media.jpeg import to_jpeg
from pynvr.media.still import Picture

# The mean of parts is the mean of the whole; so few are quickly added.
_COLUMNS, _ROWS = 64, 36
_SHARP_WIDTH = 960
_SHARP_QUALITY = 70


def brightness(picture: Picture) -> float:
    """The mean of the picture's luma: 0 black, 1 white. Raises MediaError."""
    return sum(picture.luma(_COLUMNS, _ROWS)) / (_COLUMNS * _ROWS * 255)


def sharpness(picture: Picture) -> float:
    """How much detail there is: bits a pixel that a JPEG of one quality needs. Raises MediaError.

    Its quantiser drops what a sensor's noise leaves in the highest frequencies, which measures of gradients take for
    detail; what blurs (motion, dew, focus) takes the bits away.
    """
    width, height = picture.fitted(_SHARP_WIDTH)
    return 8 * len(to_jpeg(picture, width, _SHARP_QUALITY)) / (width * height)
