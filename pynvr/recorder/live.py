"""The process of one camera's sub-stream: a recorder whose chunks are short, few and never finished."""

import gc

from pynvr.base.clock import SystemClock
from pynvr.base.heart import Heart
from pynvr.media.feed import open_feed
from pynvr.recorder.order import RecorderOrder
from pynvr.recorder.place import place_of_live
from pynvr.recorder.process import Recorder


def run(heart: Heart, order: RecorderOrder) -> None:
    """Take in the sub-stream until `heart.stopping`. `order.camera`: its URL and its folder (`model.sub_stream`)."""
    gc.disable()
    Recorder(heart, order, SystemClock(), open_feed, place_of_live(order)).run()
