"""How bright a picture is."""

from pynvr.media.still import Picture

# The scaler takes the mean of each part; few parts cost least.
_ACROSS, _DOWN = 32, 18


def brightness(picture: Picture) -> float:
    """The mean of its luma, 0 (black) to 1 (white), in the stream's own range. Raises MediaError."""
    luma = picture.luma(_ACROSS, _DOWN)
    return sum(luma) / (255 * len(luma))
