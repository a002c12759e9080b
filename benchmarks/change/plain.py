"""The peer: what one would write in an hour. The last minute whose stored picture differs from that at the end.

It bisects nothing and knows nothing of light, weather or passers; how it fares says how hard the cases are.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.change.recorded import CAMERA, Recording
from benchmarks.change.score import Answer
from pynvr.archive.index import read_records
from pynvr.finisher.picture import SIGNATURE_HEIGHT, SIGNATURE_WIDTH

_DIFFERS = 12.0


def last_difference(recording: Recording) -> Sequence[Answer]:
    """One answer, or none; every change isn't asked of it, so it tells the newest."""
    camera = recording.settings.camera(CAMERA)
    assert camera is not None
    records = [one for path in sorted(camera.dst.rglob("*.index")) for one in read_records(path)]
    at_us = recording.end_us if recording.case.at_s is None else recording.at_us(recording.case.at_s)
    records = [one for one in records if one.start_us < at_us]
    x, y, width, height = recording.case.box
    columns = slice(int(x * SIGNATURE_WIDTH), int((x + width) * SIGNATURE_WIDTH) + 1)
    rows = slice(int(y * SIGNATURE_HEIGHT), int((y + height) * SIGNATURE_HEIGHT) + 1)
    looks = [
        np.frombuffer(one.signature, np.uint8, SIGNATURE_WIDTH * SIGNATURE_HEIGHT)
        .reshape(SIGNATURE_HEIGHT, SIGNATURE_WIDTH)[rows, columns]
        .astype(np.int16)
        for one in records
    ]
    different = [number for number, look in enumerate(looks) if np.abs(look - looks[-1]).mean() > _DIFFERS]
    return [Answer(records[different[-1] + 1].start_us, "changed")] if different else []
