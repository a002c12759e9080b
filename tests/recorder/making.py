"""Orders, feeds and hearts for the recorder's tests."""

import importlib
import multiprocessing
import os
import signal
import socket
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from pynvr.archive.marker import create_marker
from pynvr.archive.reader import read_chunk
from pynvr.base.errors import SourceError
from pynvr.base.heart import Beat, Heart
from pynvr.media.delays import Delays
from pynvr.media.nal_video import NalVideo
from pynvr.model.cause import Cause
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK
from pynvr.model.settings import Camera, Record, Retention, Retry, Server, System
from pynvr.recorder.order import RecorderOrder
from tests.media.encoded import SCALE
from tests.waiting import PATIENCE_S, wait_until

UTC = ZoneInfo("UTC")


def make_camera(dst, url="rtsp://127.0.0.1/x", **changes):
    values = {
        "id": "gate",
        "url": url,
        "name": "gate",
        "description": "",
        "dst": dst,
        "enabled": True,
        "initial_timeout_s": 10.0,
        "frame_timeout_s": 10.0,
        "retry": Retry(first_s=0.2, longest_s=1.0),
        "transport": "tcp",
        "audio": "auto",
        "record": Record(),
        "retention": Retention(),
    }
    return Camera(**(values | changes))


def make_order(folder, url="rtsp://127.0.0.1/x", zone=UTC, segment_s=10, durability_s=5.0, **changes):
    """Everything under `folder`; the disk has its marker."""
    dst = changes.pop("dst", folder / "gate")
    system = System(
        name="test",
        data_dir=folder,
        jpg_cache_dir=folder / "jpg",
        mp4_cache_dir=folder / "mp4",
        log_dir=folder / "log",
        camera_log_dir=folder / "log",
        timezone=zone,
        segment_s=segment_s,
        durability_s=durability_s,
        database="",
        server=Server(),
    )
    return RecorderOrder(make_camera(dst, url, **changes), system, create_marker(dst))


def chunks_of(order):
    """`(path, contents)` of all chunks, oldest first."""
    paths = sorted(order.camera.dst.glob("*/*.chunk"))
    found = [(path, read_chunk(path)) for path in paths]
    return sorted((each for each in found if each[1].frames), key=lambda each: each[1].frames[0].time_us)


def samples_of(order, track=VIDEO_TRACK):
    """The bytes of every recorded frame, in order."""
    samples = []
    for path, contents in chunks_of(order):
        data = path.read_bytes()
        samples += [data[f.offset : f.offset + f.size] for f in contents.frames if f.track == track]
    return samples


class FakeFeed:
    """Units from a list; `moments(unit)` is called before each, to move the clock."""

    transport = "tcp"

    def __init__(self, units, before=lambda unit: None, former=None, audio=None, end=None):
        self._units = units
        self._before = before
        self._end = end or SourceError("the camera ended the stream", Cause.STALLED)
        self.formers = {VIDEO_TRACK: former or NalVideo("h264", SCALE, b"")}
        if audio is not None:
            self.formers[AUDIO_TRACK] = audio
        self.timescales = {VIDEO_TRACK: SCALE, AUDIO_TRACK: SCALE}
        self.delays = {VIDEO_TRACK: Delays(), AUDIO_TRACK: Delays()}
        self.closed = False
        self.lost = 0

    def units(self):
        for unit in self._units:
            self._before(unit)
            self.delays[unit.track].note(unit.arrival_s - unit.pts / SCALE, unit.arrival_s)
            yield unit
        raise self._end

    def lost_packets(self):
        return self.lost

    def figures(self):
        return {}

    def facts(self):
        return {}

    def close(self):
        self.closed = True


def make_heart():
    """A heart and the master's end of its channel."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    return Heart(theirs), ours


def _run(channel, order, target):
    # Imported here, as in a fork of the warm parent.
    run = importlib.import_module(target).run
    heart = Heart(channel)
    heart.listen_to_signals()
    run(heart, order)


class RunningRecorder:
    """A recorder in a process of its own, and what it said so far."""

    def __init__(self, order, target="pynvr.recorder.process"):
        self.order = order
        self.beats = []
        self.raw = b""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pynvr.recorder.preload"])
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.setblocking(False)
        self.process = context.Process(target=_run, args=(theirs, order, target))
        self.process.start()
        theirs.close()

    def listen(self):
        """All beats so far."""
        while True:
            try:
                data = self._channel.recv(1 << 18)
            except OSError:
                break
            if not data:
                break
            self.raw += data
            self.beats.append(Beat.from_bytes(data))
        return self.beats

    def last(self):
        return self.listen()[-1] if self.listen() else Beat("unheard", 0)

    def wait_for_state(self, state, timeout_s=PATIENCE_S):
        return wait_until(lambda: self.last() if self.last().state == state else None, timeout_s, f"state {state!r}")

    def wait_for(self, condition, timeout_s=PATIENCE_S, what="a beat"):
        return wait_until(lambda: next((b for b in reversed(self.listen()) if condition(b)), None), timeout_s, what)

    def stop(self):
        if self.process.is_alive() and self.process.pid:
            os.kill(self.process.pid, signal.SIGTERM)
        self.process.join(PATIENCE_S)
        self.listen()
        return self.process.exitcode


@contextmanager
def recording(order, target="pynvr.recorder.process"):
    recorder = RunningRecorder(order, target)
    try:
        yield recorder
    finally:
        recorder.stop()
        if recorder.process.is_alive():
            recorder.process.kill()
