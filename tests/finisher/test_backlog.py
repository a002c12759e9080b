"""The order of work."""

from pathlib import Path

from pynvr.archive.paths import SegmentName
from pynvr.finisher.backlog import Backlog, ChunkTask, SegmentTask, Urgency


def chunk(stamp, camera_id="a"):
    return ChunkTask(Path(f"/x/{stamp[:8]}/{camera_id}.{stamp}.chunk"))


def segment(stamp):
    return SegmentTask(Path(f"/x/{stamp[:8]}/a.{stamp}.mp4"), SegmentName("a", stamp))


def drained(backlog, now_s=0.0):
    found = []
    while (task := backlog.take(now_s)) is not None:
        found.append(task)
    return found


def test_new_minutes_go_first_and_left_ones_newest_first():
    backlog = Backlog()
    left = [chunk("20260101.0000"), chunk("20260101.0001"), chunk("20251231.235930"), chunk("20260101.000030")]
    for task in left:
        backlog.add(task, fresh=False)
    backlog.add(segment("20260101.0002"), fresh=False)
    backlog.add(segment("20260701.1000"), fresh=True)
    backlog.add(chunk("20260701.1001"), fresh=True)
    assert (backlog.chunks, backlog.segments) == (5, 2)
    assert drained(backlog) == [
        chunk("20260701.1001"),
        segment("20260701.1000"),
        left[1],
        left[3],
        left[0],
        left[2],
        segment("20260101.0002"),
    ]
    assert (backlog.chunks, backlog.segments) == (0, 0)


def test_a_path_is_queued_once():
    backlog = Backlog()
    backlog.add(chunk("20260701.1001"), fresh=False)
    backlog.add(chunk("20260701.1001"), fresh=True)
    assert drained(backlog) == [chunk("20260701.1001")]
    backlog.add(chunk("20260701.1001"), fresh=True)
    assert drained(backlog) == [chunk("20260701.1001")]


def test_what_was_put_off_waits_whoever_asks_for_it():
    backlog = Backlog()
    task = chunk("20260701.1001")
    backlog.put_off(task, due_s=10.0)
    backlog.add(task, fresh=True)
    assert backlog.take(9.9) is None
    assert (backlog.next_due_s(), backlog.put_off_count, backlog.chunks) == (10.0, 1, 0)
    assert backlog.chunk_paths() == [task.path]
    assert backlog.take(10.0) == task
    assert backlog.next_due_s() is None


def test_only_urgent_work_is_taken_if_asked_so():
    backlog = Backlog()
    backlog.add(chunk("20260101.0000"), fresh=False)
    assert backlog.take(0.0, Urgency.FRESH_SEGMENT) is None
    backlog.add(segment("20260701.1000"), fresh=True)
    assert backlog.take(0.0, Urgency.FRESH_SEGMENT) == segment("20260701.1000")
