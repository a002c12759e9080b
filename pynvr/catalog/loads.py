"""Times and sizes of the video frames of an index record, for activity."""

from pynvr.archive.index import IndexRecord
from pynvr.isobmff.runs import from_big_endian
from pynvr.model.activity import loads
from pynvr.model.ticks import MICROSECONDS


def loads_of(record: IndexRecord) -> list[float]:
    """Mean bytes of the inter frames of each second of the segment."""
    video = record.video
    scale = video.track.timescale
    times_us: list[int] = []
    ticks = 0
    runs = from_big_endian("I", video.durations)
    for count, duration in zip(runs[::2], runs[1::2], strict=True):
        times_us += [(ticks + number * duration) * MICROSECONDS // scale for number in range(count)]
        ticks += count * duration
    sizes, keyframes = from_big_endian("I", video.sizes), from_big_endian("I", video.keyframes)
    return loads(times_us, sizes, keyframes, record.end_us - record.start_us)
