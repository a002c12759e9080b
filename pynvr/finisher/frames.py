"""Times and sizes of the video frames of an index record, for activity."""

from array import array
from sys import byteorder

from pynvr.archive.index import IndexRecord
from pynvr.model.activity import loads
from pynvr.model.ticks import MICROSECONDS


def loads_of(record: IndexRecord) -> list[float]:
    """Mean bytes of the inter frames of each second of the segment."""
    video = record.video
    scale = video.track.timescale
    times_us: list[int] = []
    ticks = 0
    runs = _numbers(video.durations)
    for count, duration in zip(runs[::2], runs[1::2], strict=True):
        times_us += [(ticks + number * duration) * MICROSECONDS // scale for number in range(count)]
        ticks += count * duration
    return loads(times_us, _numbers(video.sizes), _numbers(video.keyframes), record.end_us - record.start_us)


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I", data)
    if byteorder == "little":
        numbers.byteswap()
    return numbers
