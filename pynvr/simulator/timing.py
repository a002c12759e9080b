"""When the frames of a camera are taken: evenly, or as a camera does that lengthens exposures and skips."""

import random

from pynvr.simulator.camera import Encoding
from pynvr.simulator.clip import VIDEO_CLOCK


def frame_time(index: int, encoding: Encoding) -> int:
    """Ticks of 90 kHz from the start to the frame of this index."""
    return round(index * VIDEO_CLOCK / encoding.frame_rate)


def loop_times(encoding: Encoding) -> list[int]:
    """Ticks of each frame of a loop.

    A variable rate keeps a third to all of the places that the steady rate has, and moves each kept one by up to a
    quarter of a frame, as auto exposure does; the first of each GOP stays.
    """
    places = range(encoding.loop_frames)
    if not encoding.variable_frame_rate:
        return [frame_time(index, encoding) for index in places]
    chance = random.Random(encoding.loop_frames)
    times, keep = [], 1.0
    step = float(VIDEO_CLOCK / encoding.frame_rate)
    for index in places:
        if index % 12 == 0:
            keep = chance.choice((0.35, 0.7, 1.0))
        first = index % encoding.gop_frames == 0
        if first or chance.random() < keep:
            moved = 0 if first else round(step * chance.uniform(0, 0.25))
            times.append(frame_time(index, encoding) + moved)
    return times
