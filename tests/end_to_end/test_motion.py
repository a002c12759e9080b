"""Recording by motion, of a scene in which something moves at known times: exactly that is kept, with its margins, and
no death of any process loses a frame of it."""

import os
import signal
import time
from itertools import accumulate, pairwise

import pytest

from pynvr.archive.omitted import omission_files, read_omissions
from pynvr.archive.reader import read_chunk
from pynvr.archive.vigil import read_watched, vigil_path
from pynvr.base.errors import ChunkError
from pynvr.model.cause import Cause
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import hash_sample
from pynvr.simulator.server import SimulatorServer
from pynvr.store.accounting import coverage_of
from pynvr.store.store import Store
from tests.end_to_end.losses import recording_of
from tests.end_to_end.program import Program, dated, frames_of
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(1200)

S = 1_000_000
EVERY_S, LASTS_S = 12.5, 3.0
PRE_S, POST_S = 1, 1
GOP_S = 0.5
# From the instant in which a picture was taken to the one that the recorder gives it, but for what is the same for all.
OFF_US = 300_000
# What is off the picture, or half so, needn't be seen.
CLEAR = (0.3, 0.7)
LONG_S = 300
# Without the clock that is burnt in above, and the row of the time code below.
ROAD = [{"x": 0, "y": 0.5, "width": 1, "height": 0.45}]


@pytest.fixture
def yard():
    camera = SimulatedCamera(
        "yard", width=640, height=360, fps=10, gop_s=GOP_S, bitrate_kbps=400, live=True, visits=(EVERY_S, LASTS_S)
    )
    with SimulatorServer([camera]) as server:
        yield server


@pytest.fixture
def program(tmp_path, yard):
    record = {"mode": "motion", "pre_seconds": PRE_S, "post_seconds": POST_S}
    camera = {
        "id": "yard",
        "url": yard.url("yard"),
        "record": record,
        "frame_timeout": 60,
        "detect": {"motion": {"zones": ROAD}},
    }
    running = Program(tmp_path, [camera])
    running.start()
    yield running
    running.end()


def phase_s(at_us):
    """Since something began to move."""
    return at_us % 10**12 / S % EVERY_S


def omitted(program):
    run_dir = program.data_dir / "run"
    return [span for path in omission_files(run_dir) for span in read_omissions(path)[0]]


def watched(program):
    return read_watched(vigil_path(program.data_dir / "run", "yard"), 0)


def kill(program, name):
    """And wait for its successor."""
    before = program.pid_of(name)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: program.pid_of(name) not in (0, before), what=f"another {name}")


def to_keep(program):
    """By what the analyser said: around motion, and where nobody watched; outside of what it speaks of all is."""
    pre_us, post_us = PRE_S * S, POST_S * S
    lines = watched(program)
    kept = [(line.first_us - pre_us, line.last_us + post_us) for line in lines if line.moved]
    at_us = 0
    for line in sorted(lines, key=lambda line: line.from_us):
        if line.from_us > at_us:
            kept.append((at_us - pre_us, line.from_us + post_us))
        at_us = max(at_us, line.to_us)
    return [*kept, (at_us - pre_us, 1 << 62)]


def causes(program, span):
    with Store.open(f"sqlite:///{program.data_dir}/pynvr.sqlite") as store:
        found = coverage_of(store, ["yard"], span.start_us, span.end_us, now_us=time.time_ns() // 1000)["yard"]
    return set(found.sums_us)


def begun_us(chunk):
    try:
        return read_chunk(chunk).anchor_us
    except (FileNotFoundError, ChunkError):  # it was decided on just now
        return time.time_ns() // 1000


def last_digest(chunk):
    """Of the last frame in it."""
    data = chunk.read_bytes()
    frame = read_chunk(chunk).frames[-1]
    return hash_sample(data[frame.offset : frame.offset + frame.size], "h264")


def test_what_moves_is_kept_and_no_death_loses_any_of_it(program, yard):
    program.wait_recording("yard", timeout_s=LONG_S)
    # On a machine that is too busy to look at pictures, all is kept for so long.
    wait_until(
        lambda: omitted(program) and len(program.segments("yard")) > 1,
        LONG_S,
        lambda: f"parts of a minute to be left out; the program said:\n{program.said()}",
    )
    first = omitted(program)[0]
    # A database that is busy may get to know it later.
    wait_until(lambda: causes(program, first) == {Cause.NO_MOTION}, LONG_S, "its cause to be accounted for")

    wait_until(lambda: any(line.moved for line in watched(program)), LONG_S, "something that moved to be seen")
    wait_until(lambda: 0.5 < phase_s(time.time_ns() // 1000) < LASTS_S, what="something to move")
    kill(program, "analyser")
    wait_until(lambda: len(program.chunks("yard")) > 1, what="a chunk to wait for what follows it")
    kill(program, "finisher")
    everything = program.processes()
    for process in everything:
        process.kill()
    assert program.process is not None
    program.process.wait()
    left = program.chunks("yard")
    last_written = last_digest(left[-1])
    program.start()
    program.wait_recording("yard", timeout_s=LONG_S)
    wait_until(
        lambda: not any(path.exists() for path in left),
        LONG_S,
        lambda: f"the left chunks to be decided on, {program.chunks('yard')}; the program said:\n{program.said()}",
    )
    # What still waits then is kept as a whole.
    undecided_us = min((begun_us(path) for path in program.chunks("yard")), default=time.time_ns() // 1000)
    assert program.stop() == 0
    assert program.chunks("yard") == []
    assert not list(program.data_dir.glob("cameras/yard/*/*.part.*")) + list(
        program.data_dir.glob("cameras/yard/*/*.cut")
    )

    # Each segment is an unbroken run of what was sent, and no frame is in two.
    recording = recording_of(yard.sent("yard"), program.segments("yard"))
    taken = Taken(recording, [len(session.track("video")) for session in yard.sent("yard")], dated(program, "yard"))
    written = next(n for n, unit in enumerate(recording.sent) if unit.core_sha256 == last_written)
    assert taken.is_kept[written], "the last frame before everything was killed"
    wanted = to_keep(program)
    lost, spare = [], []
    for number in taken.recorded():
        early_us, late_us = taken.times(number)
        if not taken.is_kept[number]:
            lost += [
                number for begin_us, end_us in wanted if begin_us + OFF_US < early_us and late_us < end_us - OFF_US
            ]
        elif late_us < undecided_us:
            is_near = any(a - GOP_S * S - OFF_US < late_us and early_us < b + OFF_US for a, b in wanted)
            spare += [] if is_near else [number]
    assert (lost, spare) == ([], []), f"{taken}, {wanted}; the program said:\n{program.said()}"
    # Motion is seen where something moved, and nowhere else.
    for before, line in pairwise(watched(program)):
        if before.to_us == line.from_us and CLEAR[0] * LASTS_S < phase_s(line.to_us) < CLEAR[1] * LASTS_S:
            assert line.moved, line
        if line.moved:
            assert phase_s(line.first_us) < LASTS_S + 1 and phase_s(line.last_us) < LASTS_S + 1, line
    for path in program.segments("yard"):
        assert frames_of(path)[0].is_key


class Taken:
    """What was sent, and what of it is in segments: by number among all frames of all connections."""

    def __init__(self, recording, lengths, segments):
        self.recording = recording
        self.is_kept = [False] * len(recording.sent)
        for piece in recording.pieces:
            self.is_kept[piece.begin : piece.end] = [True] * (piece.end - piece.begin)
        self.ends = list(accumulate(lengths))
        begins = {one.path: one.start_us for one in segments}
        # The instant that the recorder gave a picture, against that in which it was taken; the anchor moves.
        self.offs = [
            (piece, begins[piece.path] - recording.sent[piece.begin].captured_us) for piece in recording.pieces
        ]

    def __repr__(self):
        pieces = [(piece.path.name, piece.begin, piece.end, off_us) for piece, off_us in self.offs]
        return f"pieces {pieces} of connections that end at {self.ends}"

    def recorded(self):
        """From the first frame of a connection that is in a segment to the last: beyond, nobody may have been there."""
        for begin, end in pairwise([0, *self.ends]):
            kept = [number for number in range(begin, end) if self.is_kept[number]]
            yield from range(kept[0], kept[-1] + 1) if kept else ()

    def times(self, number):
        """Between which instants the recorder dated the picture."""
        taken_us = self.recording.sent[number].captured_us
        offs = [off_us for piece, off_us in self.offs if piece.begin <= number < piece.end]
        if not offs:
            offs = [max((p.begin, off_us) for p, off_us in self.offs if p.begin < number)[1]]
            offs.append(min((p.begin, off_us) for p, off_us in self.offs if p.begin > number)[1])
        return taken_us + min(offs), taken_us + max(offs)
