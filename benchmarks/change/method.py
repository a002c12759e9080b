"""PyNVR's own search, asked as the searcher's process asks it."""

from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.change.recorded import CAMERA, Recording
from benchmarks.change.score import Answer
from pynvr.model.box import Box
from pynvr.model.search_change import FIND_CHANGE, FindChangeOrder
from pynvr.playback.footage import Footage
from pynvr.searcher.jobs import JOBS
from pynvr.searcher.tools import Tools
from pynvr.store.store import Store


def pynvr(recording: Recording) -> Sequence[Answer]:
    case, settings = recording.case, recording.settings
    at_us = None if case.at_s is None else recording.at_us(case.at_s)
    order = FindChangeOrder(
        CAMERA, Box(*case.box), recording.start_us, recording.end_us, at_us, 50 if case.asks_all else 5, case.asks_all
    )
    with Store.open(settings.system.database) as store:
        footage = Footage(store, lambda: settings)
        try:
            steps = JOBS[FIND_CHANGE](Tools(lambda: settings, store, footage), asdict(order))
            while True:
                next(steps)
        except StopIteration as end:
            changes = end.value["changes"]
        finally:
            footage.close()
    return [Answer(one["at_us"], one["kind"], one["confidence"]) for one in changes]
