"""What the catalog doesn't hold yet counts as recorded."""

import os

import pytest

from pynvr.base.clock import SystemClock
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.outcome import Finished
from pynvr.model.cause import Cause
from pynvr.playback.growing import Growing
from pynvr.playback.timeline import Timeline
from pynvr.store.by_the_way import ByTheWay
from pynvr.store.segments import SegmentKey
from tests.archive.clips import ANCHOR_US, make_clip

S = 1_000_000
NOW = ANCHOR_US + 3 * S


def written(path, at_us):
    os.utime(path, ns=(at_us * 1000, at_us * 1000))


def spans(recording, growing, now_us=NOW, known=lambda *_: set()):
    settings = recording.settings
    return growing.spans(settings.cameras, settings.system.timezone, now_us, known)


def test_a_chunk_lasts_from_its_first_frame_until_now(recording):
    written(recording.add(make_clip(count=25), finish=False), NOW - S)
    assert spans(recording, Growing()) == {"gate": [(ANCHOR_US, NOW, 0)], "yard": []}


def test_a_chunk_to_which_nothing_comes_any_more_ends_where_it_did(recording):
    written(recording.add(make_clip(count=25), finish=False), ANCHOR_US + S)
    assert spans(recording, Growing(), NOW + 60 * S)["gate"] == [(ANCHOR_US, ANCHOR_US + S, 0)]


def test_a_chunk_without_a_frame_is_nothing(recording):
    path = recording.add(make_clip(count=25), finish=False)
    with open(path, "r+b") as file:
        file.truncate(17_000)
    written(path, NOW)
    assert spans(recording, Growing())["gate"] == []


def finished(chunk):
    outcome = finish_chunk(chunk)
    assert isinstance(outcome, Finished)
    return outcome


def test_a_segment_counts_until_its_row_is_there_however_late_that_is(recording):
    growing = Growing()
    outcome = finished(recording.add(make_clip(count=25), finish=False))
    held = (outcome.record.start_us, outcome.record.end_us)
    for later_us in (0, 121 * S, 3600 * S):
        # That its file was finished and touched later says nothing of when its frames end.
        written(outcome.path, NOW + later_us)
        assert [span[:2] for span in spans(recording, growing, NOW + later_us)["gate"]] == [held]
    assert spans(recording, growing, known=lambda camera_id, stamps: set(stamps))["gate"] == []


def test_all_segments_count_whose_rows_are_late_and_those_between_them_are_asked_for_once(recording):
    lengths_us = 10 * S
    for place in range(8):
        recording.add(make_clip(count=25), ANCHOR_US + place * lengths_us)
    asked = []

    def known(camera_id, stamps):
        asked.append(len(stamps))
        return recording.store.segments.known(camera_id, stamps)

    def starts():
        found = spans(recording, growing, ANCHOR_US + 600 * S, known)["gate"]
        return [(span.start_us - ANCHOR_US) // lengths_us for span in found]

    growing = Growing()
    assert starts() == []
    asked.clear()
    assert starts() == [] and sum(asked) == 2
    rows = [
        SegmentKey(one.dst, "gate", one.stamp)
        for one in recording.store.segments.in_range(["gate"], 0, ANCHOR_US + 600 * S)
    ]
    recording.store.segments.remove(rows)
    assert starts() == [0, 1, 2, 3, 4, 5, 6, 7]


def test_a_chunk_that_is_finished_while_it_is_looked_at_counts(recording):
    growing = Growing()
    chunk = recording.add(make_clip(count=25), finish=False)
    written(chunk, NOW)
    spans(recording, growing)
    listed = chunk.parent.stat().st_mtime_ns
    outcome = finished(chunk)
    os.utime(chunk.parent, ns=(listed, listed))  # so its names aren't read again
    assert spans(recording, growing)["gate"] == [(outcome.record.start_us, outcome.record.end_us, 0)]


def test_a_minute_whose_row_comes_while_it_is_asked_for_is_no_gap(recording):
    class Meanwhile(Growing):
        def spans(self, *asked):
            recording.add(make_clip(count=25), ANCHOR_US)
            return super().spans(*asked)

    timeline = Timeline(recording.store, Meanwhile(), ByTheWay(SystemClock().monotonic_s))
    from_us, to_us = (ANCHOR_US // S - 1) * S, (ANCHOR_US // S + 5) * S
    axis = timeline.axis(recording.settings, ["gate"], from_us, to_us, bucket_us=S, now_us=NOW)["gate"]
    assert [a.start_us for a in axis.accounts if a.cause is Cause.RECORDED] == [ANCHOR_US]


def test_new_chunks_are_seen_and_known_ones_not_read_again(recording, monkeypatch):
    growing = Growing()
    written(recording.add(make_clip(count=25), finish=False), NOW)
    assert len(spans(recording, growing)["gate"]) == 1
    monkeypatch.setattr("pynvr.playback.day_names._read", None)
    monkeypatch.setattr("pynvr.playback.growing._first_frame_us", None)
    assert len(spans(recording, growing)["gate"]) == 1
    monkeypatch.undo()
    later = recording.add(make_clip(count=25), ANCHOR_US + 2 * S, finish=False)
    written(later, NOW)
    assert [span.start_us for span in spans(recording, growing)["gate"]] == [ANCHOR_US, ANCHOR_US + 2 * S]


@pytest.mark.parametrize("grain_ns", [4_000_000, 2_000_000_000])
def test_a_chunk_that_comes_within_the_grain_of_the_folders_time_is_seen(recording, grain_ns):
    """As many file systems have it, two changes that follow at once leave the same time."""
    growing = Growing()
    first = recording.add(make_clip(count=25), finish=False)
    written(first, NOW)
    at_ns = NOW * 1000 // grain_ns * grain_ns
    os.utime(first.parent, ns=(at_ns, at_ns))
    assert len(spans(recording, growing)["gate"]) == 1
    later = recording.add(make_clip(count=25), ANCHOR_US + 2 * S, finish=False)
    written(later, NOW)
    os.utime(first.parent, ns=(at_ns, at_ns))
    assert len(spans(recording, growing, NOW + S)["gate"]) == 2


def test_a_folder_that_is_gone_is_empty(recording):
    for camera in recording.settings.cameras:
        camera.dst.rmdir()
    assert spans(recording, Growing()) == {"gate": [], "yard": []}


def test_a_disk_that_does_not_answer_holds_up_no_other_question(recording, monkeypatch):
    growing = Growing()
    monkeypatch.setattr("pynvr.playback.growing._PATIENCE_S", 0.01)
    with growing._lock:
        assert spans(recording, growing) == {"gate": [], "yard": []}


def test_who_has_to_wait_too_long_is_told_what_was_known(recording, monkeypatch):
    growing = Growing()
    written(recording.add(make_clip(count=25), finish=False), NOW - S)
    spans(recording, growing)
    monkeypatch.setattr("pynvr.playback.growing._PATIENCE_S", 0.01)
    with growing._lock:
        assert spans(recording, growing, NOW + 2 * S)["gate"] == [(ANCHOR_US, NOW + 2 * S, 0)]
        assert spans(recording, growing, NOW + 600 * S)["gate"] == [(ANCHOR_US, NOW + 5 * S, 0)]


def test_the_running_minute_is_recorded_on_the_axis(recording):
    recording.add(make_clip(count=25), ANCHOR_US - S)
    written(recording.add(make_clip(count=25), ANCHOR_US, finish=False), NOW)
    timeline = Timeline(recording.store, Growing(), ByTheWay(SystemClock().monotonic_s))
    from_us, to_us = (ANCHOR_US // S - 1) * S, (ANCHOR_US // S + 5) * S
    axis = timeline.axis(recording.settings, ["gate"], from_us, to_us, bucket_us=S, now_us=NOW)["gate"]
    recorded = [(a.start_us, a.end_us) for a in axis.accounts if a.cause is Cause.RECORDED]
    assert recorded == [(ANCHOR_US - S, NOW)]
    assert axis.activity[-3:] == bytes([0, 255, 255])
    assert axis.activity[1] != 255
