"""Which searches there are, by the name by which they are asked for. A further one is a function like `best_frames`."""

from collections.abc import Callable, Generator, Mapping
from typing import Any

from pynvr.model.search import BEST_FRAMES, BestFramesOrder
from pynvr.model.search_change import FIND_CHANGE, FindChangeOrder
from pynvr.searcher.tools import Tools

# Yields how far it is, 0 to 1, after each picture or so; returns its result, JSON. Raises ValueError if it is asked
# for what can't be, and PyNVRError.
Steps = Generator[float, None, object]
Job = Callable[[Tools, Mapping[str, Any]], Steps]


def best_frames(tools: Tools, order: Mapping[str, Any]) -> Steps:
    # Only a job that is asked for loads what it needs.
    from pynvr.searcher.best_frames import BestFrames

    return (yield from BestFrames(tools, BestFramesOrder.read(order)).steps())


def find_change(tools: Tools, order: Mapping[str, Any]) -> Steps:
    from pynvr.searcher.find_change import FindChange

    return (yield from FindChange(tools, FindChangeOrder.read(order)).steps())


JOBS: Mapping[str, Job] = {BEST_FRAMES: best_frames, FIND_CHANGE: find_change}
