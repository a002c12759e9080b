"""Coverage out of a real database."""

from typing import Any

from pynvr.model.cause import Cause, Transition
from pynvr.store.accounting import coverage_of
from pynvr.store.deletions import DeletedSpan
from pynvr.store.segments import Span
from pynvr.store.store import Store
from tests.store.samples import MINUTE, T0, S, key_of, segment
from tests.store.steps import steps


def causes(store: Store, from_us: int, to_us: int, **more: Any) -> list[tuple[float, float, Cause]]:
    coverage = coverage_of(store, ["gate"], from_us, to_us, now_us=more.pop("now_us", to_us), **more)["gate"]
    return [((one.start_us - T0) / S, (one.end_us - T0) / S, one.cause) for one in coverage.accounts]


def test_a_period_inside_a_gap_knows_what_surrounds_it(store):
    store.segments.add(segment(), segment(minute=5))
    told = [
        Transition("gate", T0, Cause.RECORDED),
        Transition("gate", T0 + 65 * S, Cause.REFUSED, "401: wrong user or password"),
        Transition("gate", T0 + 299 * S, Cause.RECORDED),
        Transition("gate", T0 + 500 * S, Cause.STALLED),
        Transition("yard", T0 + 61 * S, Cause.SCHEDULE),
    ]
    store.causes.ingest(told, "causes.jsonl", 500)
    assert causes(store, T0 + 61 * S, T0 + 63 * S) == [(61, 63, Cause.REFUSED)]
    assert causes(store, T0, T0 + 360 * S) == [
        (0, 60, Cause.RECORDED),
        (60, 300, Cause.REFUSED),
        (300, 360, Cause.RECORDED),
    ]


def test_the_growing_chunk_counts_and_the_future_does_not(store):
    store.segments.add(segment())
    store.causes.ingest([Transition("gate", T0 - S, Cause.RECORDED)], "j", 1)
    now_us = T0 + 90 * S
    growing = {"gate": [Span(T0 + 60 * S, now_us)]}
    assert causes(store, T0, T0 + 10 * MINUTE, now_us=now_us, growing=growing) == [(0, 90, Cause.RECORDED)]
    assert causes(store, T0, T0 + 10 * MINUTE, now_us=now_us)[-1] == (60, 90, Cause.FAULT)
    assert causes(store, now_us, now_us + MINUTE, now_us=now_us) == []


def test_what_the_reaper_deleted_says_so(store):
    store.segments.add(*(segment(minute=minute) for minute in range(3)))
    for minute in (0, 1):
        gone = segment(minute=minute)
        store.deletions.add([DeletedSpan("gate", gone.start_us, gone.end_us)])
        store.segments.remove([key_of(gone)])
    assert causes(store, T0, T0 + 3 * MINUTE) == [(0, 120, Cause.DELETED), (120, 180, Cause.RECORDED)]
    assert store.deletions.between(["gate"], 0, 1 << 60) == {"gate": [DeletedSpan("gate", T0, T0 + 2 * MINUTE)]}


def test_what_was_left_out_is_told_from_what_was_deleted(store):
    store.causes.ingest([Transition("gate", T0, Cause.RECORDED)], "journal", 1)
    store.omissions.add([DeletedSpan("gate", T0, T0 + MINUTE), DeletedSpan("gate", T0 + MINUTE + 1, T0 + 2 * MINUTE)])
    store.deletions.add([DeletedSpan("gate", T0 + 2 * MINUTE, T0 + 3 * MINUTE)])
    assert store.omissions.between(["gate"], 0, 1 << 60)["gate"] == [
        DeletedSpan("gate", T0, T0 + 2 * MINUTE, Cause.NO_MOTION)
    ]
    found = coverage_of(store, ["gate"], T0, T0 + 3 * MINUTE, now_us=T0 + 9 * MINUTE)["gate"]
    assert found.sums_us == {Cause.NO_MOTION: 2 * MINUTE, Cause.DELETED: MINUTE}
    store.causes.ingest([Transition("gate", T0 + 5 * MINUTE, Cause.RECORDED)], "journal", 2)
    store.causes.prune(kept=1)
    assert store.omissions.between(["gate"], 0, 1 << 60) == {"gate": []}


def test_what_was_left_out_for_years_is_not_read_for_a_minute_of_now(store):
    """Mode motion leaves a span with each event."""

    def all_steps(at_us):
        return [
            steps(store._database.writing, lambda: store.omissions.add([DeletedSpan("gate", at_us, at_us + S)])),
            steps(store._database.writing, lambda: store.omissions.between(["gate"], at_us, at_us + S)),
            steps(store._database.writing, lambda: store.axis.surroundings({"gate": []}, at_us, at_us + S)),
        ]

    few = all_steps(T0)
    store.omissions.add([DeletedSpan("gate", T0 + n * MINUTE, T0 + n * MINUTE + 40 * S) for n in range(1, 4000)])
    assert max(all_steps(T0 + 4000 * MINUTE)) <= max(few) + 20
    assert store.omissions.between(["gate"], T0 + 3999 * MINUTE + 39 * S, 1 << 60)["gate"] == [
        DeletedSpan("gate", T0 + n * MINUTE, T0 + n * MINUTE + length_s * S, Cause.NO_MOTION)
        for n, length_s in ((3999, 40), (4000, 1))
    ]
