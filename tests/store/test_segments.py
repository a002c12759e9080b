"""The catalog's rows and the totals that triggers keep of them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.base.errors import StoreError
from pynvr.store.segments import SegmentFacts, SegmentKey, Span
from pynvr.store.store import Store
from pynvr.store.totals import CameraTotal, DayTotal
from tests.store.samples import MINUTE, T0, S, key_of, segment
from tests.store.steps import steps


def test_a_segment_comes_back_as_it_was_put_in(store):
    one = segment(audio_codec="aac", activity=bytes(range(60)))
    store.segments.add(one)
    assert store.segments.find("gate", one.stamp) == one
    assert store.segments.find_in(key_of(one)) == one
    assert store.segments.find("gate", "20260101.0001") is None
    assert store.segments.find("yard", one.stamp) is None


def test_the_same_file_told_twice_is_one_row_with_the_last_facts(store):
    one = segment()
    store.segments.add(one, replace(one, frames=1499, file_bytes=5))
    assert store.segments.find("gate", one.stamp) == replace(one, frames=1499, file_bytes=5)
    assert store.segments.count() == 1
    assert store.totals.cameras() == [CameraTotal("/video/gate", "gate", 1, 5, MINUTE)]


def test_a_camera_that_moved_within_a_minute_has_both_files(store):
    old, new = segment(), segment(dst="/other/gate", start_us=T0 + 30 * S)
    store.segments.add(old, new)
    assert store.segments.find("gate", old.stamp) == new
    assert store.segments.in_range(["gate"], T0, T0 + MINUTE) == [old, new]


def test_what_overlaps_a_range_is_found_at_its_very_ends(store):
    store.segments.add(*(segment(minute=minute) for minute in range(5)))

    def minutes(from_us: int, to_us: int) -> list[int]:
        return [(one.start_us - T0) // MINUTE for one in store.segments.in_range(["gate"], from_us, to_us)]

    assert minutes(T0 + MINUTE, T0 + 2 * MINUTE) == [1]
    assert minutes(T0 + MINUTE - 1, T0 + 2 * MINUTE + 1) == [0, 1, 2]
    assert minutes(T0 - MINUTE, T0) == []
    assert minutes(T0 + 3 * MINUTE - 1, T0 + 3 * MINUTE) == [2]
    assert minutes(T0 + 5 * MINUTE, T0 + 6 * MINUTE) == []


def test_a_segment_of_hours_is_found_from_its_middle(store):
    long = segment(end_us=T0 + 300 * MINUTE)
    store.segments.add(long, segment(minute=400))
    assert store.segments.in_range(["gate"], T0 + 299 * MINUTE, T0 + 300 * MINUTE) == [long]
    assert store.segments.spans(["gate"], T0 + 200 * MINUTE, T0 + 201 * MINUTE) == {
        "gate": [Span(T0, T0 + 300 * MINUTE, 1500)]
    }


def test_the_oldest_come_in_order_of_each_folder_and_camera(store):
    store.segments.add(*(segment(minute=minute) for minute in (5, 1, 3)), segment("yard", minute=0))
    found = store.segments.oldest("/video/gate", "gate", 2)
    assert [one.start_us for one in found] == [T0 + MINUTE, T0 + 3 * MINUTE]
    assert [one.key.camera_id for one in store.segments.oldest("/video/gate", "yard", 5)] == ["yard"]
    assert [one.start_us for one in store.segments.oldest("/video/gate", "gate", 5, T0 + 4 * MINUTE)] == [
        T0 + 5 * MINUTE
    ]
    assert store.segments.oldest("/nowhere", "gate", 5) == []


def test_days_are_told_without_looking_at_segments(store):
    store.segments.add(segment(), segment(minute=1440), segment(minute=1441))
    assert store.segments.days("/video/gate") == ["20260101", "20260102"]
    assert store.segments.first_day("/video/gate") == "20260101"
    assert store.segments.in_day("/video/gate", "20260101") == {key_of(segment()): 30_000_000}
    assert store.totals.days(["gate"], "20260102") == [DayTotal("gate", "20260102", 2, 3000, 60_000_000, 2 * MINUTE)]
    store.segments.remove([key_of(segment())])
    assert store.segments.is_empty_day("/video/gate", "20260101")
    assert store.segments.days("/video/gate") == ["20260102"]


def test_a_row_that_breaks_a_check_is_refused_and_nothing_of_its_batch_stays(store):
    with pytest.raises(StoreError, match="CHECK constraint failed"):
        store.segments.add(segment(), segment(minute=1, end_us=T0))
    with pytest.raises(StoreError):
        store.segments.add(segment("no/camera"))
    assert store.segments.count() == 0


def test_several_writes_in_a_transaction_happen_together_or_not_at_all(store):
    with pytest.raises(RuntimeError), store.transaction():
        store.segments.add(segment())
        store.keeps.add("gate", T0, T0 + S, reason="", made_by="", now_us=T0)
        assert store.segments.count() == 1
        raise RuntimeError
    assert store.segments.count() == 0
    assert store.keeps.all() == []


minutes = st.integers(0, 3000)
changes = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove"]),
        st.sampled_from(["gate", "yard"]),
        minutes,
        st.sampled_from(["/a", "/b"]),
        st.integers(0, 10**9),
        st.integers(0, 10**8),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(changes)
def test_totals_equal_the_sum_of_the_rows_whatever_happened(store, changes):
    store.segments.remove([SegmentKey(*key) for key in _keys(store)])
    model = {}
    for action, camera_id, minute, dst, file_bytes, length_us in changes:
        one = segment(camera_id, minute, dst, file_bytes=file_bytes, end_us=T0 + minute * MINUTE + length_us)
        if action == "add":
            store.segments.add(one)
            model[key_of(one)] = one
        else:
            assert store.segments.remove([key_of(one)]) == (1 if model.pop(key_of(one), None) else 0)
    per_camera: dict[tuple[str, str], list[int]] = {}
    per_day: dict[tuple[str, str], list[int]] = {}
    for one in model.values():
        for sums, key in ((per_camera, (one.dst, one.camera_id)), (per_day, (one.camera_id, one.stamp[:8]))):
            row = sums.setdefault(key, [0, 0, 0])
            row[0] += 1
            row[1] += one.file_bytes
            row[2] += one.end_us - one.start_us
    assert {
        (t.dst, t.camera_id): [t.segments, t.file_bytes, t.recorded_us] for t in store.totals.cameras()
    } == per_camera
    assert {(t.camera_id, t.day): [t.segments, t.file_bytes, t.recorded_us] for t in store.totals.days()} == per_day


def _keys(store: Store) -> list[SegmentKey]:
    return [
        key
        for total in store.totals.cameras()
        for day in store.segments.days(total.dst)
        for key in store.segments.in_day(total.dst, day)
    ]


def test_facts_are_those_of_the_segments(store):
    first, second = segment(minute=0), segment(minute=1)
    store.segments.add(first, second, segment("yard"))
    found = store.segments.facts("gate", T0, T0 + MINUTE + 1)
    assert found == [SegmentFacts(*(getattr(one, name) for name in SegmentFacts._fields)) for one in (first, second)]
    assert store.segments.facts("gate", T0 - MINUTE, T0) == []


def test_of_stamps_those_are_known_that_a_segment_of_the_camera_has(store):
    store.segments.add(segment("gate", 0), segment("gate", 1), segment("yard", 2))
    stamps = [one.stamp for one in (segment("gate", 0), segment("gate", 1), segment("gate", 2))]
    assert store.segments.known("gate", stamps) == set(stamps[:2])
    assert store.segments.known("gate", []) == set()


def test_a_segment_that_says_it_lasts_for_months_makes_no_question_long(store):
    """As a damaged file does; its camera's totals keep the length when it is deleted."""
    store.segments.add(*(segment(minute=minute) for minute in range(0, 60 * 24 * 60, 20)))
    late_us = T0 + 60 * 24 * 60 * MINUTE

    def all_steps():
        return [
            steps(store._database.reading, lambda: store.segments.facts("gate", late_us - MINUTE, late_us)),
            steps(store._database.reading, lambda: store.segments.spans(["gate"], late_us - MINUTE, late_us)),
            steps(store._database.reading, lambda: store.axis.of_time(["gate"], late_us - MINUTE, late_us)),
        ]

    store.segments.add(segment(minute=1, end_us=T0 + 4 * 24 * 60 * MINUTE))
    bound = all_steps()
    store.segments.add(segment(minute=1, end_us=T0 + 50 * 24 * 60 * MINUTE))
    store.segments.remove([key_of(segment(minute=1))])
    assert all(now <= 3 * before for now, before in zip(all_steps(), bound, strict=True))
