"""Run by the system's python3: what GStreamer's qtdemux finds in an MP4, as JSON, one list of samples a track."""

import hashlib
import json
import sys

import gi  # type: ignore[import-not-found]

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # type: ignore[import-not-found]  # noqa: E402

Gst.init(None)
pipeline = Gst.parse_launch(f'filesrc location="{sys.argv[1]}" ! qtdemux name=demux')
tracks: dict[str, list[list[object]]] = {}


def on_sample(_pad, info, samples):
    buffer = info.get_buffer()
    data = buffer.extract_dup(0, buffer.get_size())
    is_key = not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT)
    samples.append([buffer.pts, buffer.duration, is_key, hashlib.md5(data).hexdigest()])
    return Gst.PadProbeReturn.OK


def on_pad(_demux, pad):
    queue, sink = Gst.ElementFactory.make("queue"), Gst.ElementFactory.make("fakesink")
    queue.set_property("max-size-bytes", 0)
    queue.set_property("max-size-time", 0)
    queue.set_property("max-size-buffers", 0)
    for element in (queue, sink):
        pipeline.add(element)
        element.sync_state_with_parent()
    pad.link(queue.get_static_pad("sink"))
    queue.link(sink)
    samples = tracks.setdefault(pad.get_name().split("_")[0], [])
    pad.add_probe(Gst.PadProbeType.BUFFER, on_sample, samples)


pipeline.get_by_name("demux").connect("pad-added", on_pad)
pipeline.set_state(Gst.State.PLAYING)
message = pipeline.get_bus().timed_pop_filtered(20 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
pipeline.set_state(Gst.State.NULL)
if message is None or message.type == Gst.MessageType.ERROR:
    sys.exit(f"GStreamer failed: {message and message.parse_error()}")
print(json.dumps(tracks))
