"""The tables of a chunk that grows, asked for again and again."""

import sys
from dataclasses import replace

from pynvr.archive.paths import chunk_path
from pynvr.archive.reader import read_chunk
from pynvr.archive.record import record_of
from pynvr.archive.tables import tables_of
from pynvr.archive.writer import ChunkWriter
from pynvr.playback.chunk_watch import ChunkWatch
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US, make_clip

STAMP = "20260310.1200"


def growing(dst, clip):
    path = chunk_path(dst, "gate", STAMP)
    path.parent.mkdir(parents=True)
    return path, ChunkWriter.create(path, clip.tracks, ANCHOR_PTS, ANCHOR_US, 16_384)


def test_at_each_moment_they_are_those_of_all_that_is_there(tmp_path):
    clip = make_clip(count=30, b_frames=2, audio_from_us=0)
    path, writer = growing(tmp_path, clip)
    watch = ChunkWatch(path, STAMP)
    before = []
    for number, frame in enumerate(clip.frames, 1):
        writer.append(frame)
        if number % 10:
            continue
        watch.look()
        record = watch.record()
        contents = read_chunk(path)
        whole = record_of(STAMP, tables_of(contents), file_bytes=watch.file_bytes, mdat_start=record.mdat_start)
        assert record == whole and record.mdat_start == contents.frames[0].offset
        assert watch.record() is record
        before.append((record, replace(record)))
    assert len(before) > 4 and all(one == copy for one, copy in before), "what was given out stays as it was"
    watch.close()


def test_a_question_costs_no_step_for_each_frame_that_came_before(tmp_path):
    """An hour of a camera has hundreds of thousands, and each player asks every other second."""
    clip = make_clip(count=1)
    path, writer = growing(tmp_path, clip)
    for number in range(3000):
        ticks = number * 3000
        first = clip.frames[0]
        writer.append(
            first._replace(pts=first.pts + ticks, dts=first.dts + ticks, time_us=first.time_us + ticks * 100 // 9)
        )
    watch = ChunkWatch(path, STAMP)
    watch.look()
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        record = watch.record()
    finally:
        sys.setprofile(None)
    assert record.video.count == 3000
    assert calls < 300
    watch.close()
