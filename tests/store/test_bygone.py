"""What lies before a camera's oldest recording becomes few rows, and coverage adds up to the same."""

import os
import random
import sqlite3

import pytest

from pynvr.model.cause import Cause, Transition
from pynvr.store.accounting import coverage_of
from pynvr.store.database import connect
from pynvr.store.deletions import DeletedSpan
from pynvr.store.store import Store
from tests.store.samples import MINUTE, T0, S, segment

GONE = (Cause.DELETED, Cause.NO_MOTION)
FOREVER = 1 << 60


def rows(store: Store) -> tuple[int, int]:
    """Of `deletions` and `omissions`."""
    deleted, omitted = (table.between(["gate"], 0, FOREVER)["gate"] for table in (store.deletions, store.omissions))
    return len(deleted), len(omitted)


def told(store: Store, to_us: int) -> list[tuple[int, int, str]]:
    """Coverage, deleted and left out told alike."""
    found = coverage_of(store, ["gate"], T0, to_us, now_us=to_us)["gate"]
    result: list[tuple[int, int, str]] = []
    for one in found.accounts:
        cause = "gone" if one.cause in GONE else f"{one.cause}: {one.detail}"
        if result and result[-1][2] == cause:
            result[-1] = (result[-1][0], one.end_us, cause)
        else:
            result.append((one.start_us, one.end_us, cause))
    return result


def busy(store: Store, minutes: int, deleted: int, seed: int = 1) -> None:
    """A camera in mode `motion`: in each minute something moved; now and then it was away; the first are deleted."""
    dice = random.Random(seed)
    omitted: list[DeletedSpan] = []
    gone: list[tuple[int, int]] = []
    kept: list[tuple[int, int]] = []
    at_us, causes = T0, [Transition("gate", T0, Cause.RECORDED)]
    for minute in range(minutes):
        end_us = T0 + (minute + 1) * MINUTE - dice.choice([0, 1, 40_000, 2_900_000])
        moved_us = at_us + dice.randrange(1, 20) * S
        still_us = moved_us + dice.randrange(1, 30) * S
        omitted += [DeletedSpan("gate", at_us, moved_us), DeletedSpan("gate", still_us, end_us)]
        (gone if minute < deleted else kept).append((moved_us, still_us))
        at_us = T0 + (minute + 1) * MINUTE + dice.choice([0, 0, 0, 100_000])
        if dice.random() < 0.1:
            causes.append(Transition("gate", end_us + S, Cause.STALLED))
            at_us = T0 + (minute + 1) * MINUTE + 10 * S
            causes.append(Transition("gate", at_us, Cause.RECORDED))
    store.causes.ingest(causes, "journal", 1)
    store.omissions.add(omitted)
    store.deletions.add([DeletedSpan("gate", *span) for span in gone])
    store.segments.add(
        *(segment(minute=n, start_us=start_us, end_us=end_us) for n, (start_us, end_us) in enumerate(kept))
    )


@pytest.mark.parametrize("seed", range(4))
def test_coverage_adds_up_to_the_same_while_rows_are_joined_a_few_at_a_time(store, seed):
    busy(store, 120, 90, seed)
    end_us = T0 + 120 * MINUTE
    oldest_us = store.axis.extent("gate")[0]
    before, whole = told(store, end_us), rows(store)
    while store.bygone.join(7) == 7:
        assert told(store, end_us) == before
    assert told(store, end_us) == before
    deleted, omitted = rows(store)
    outages = sum(1 for start_us, _, cause in before if cause != "gone" and start_us < oldest_us)
    assert deleted <= outages + 1 and deleted < whole[0] // 3
    assert omitted <= 61, "what was left out beside what there is still stands there as that"
    for span in store.omissions.between(["gate"], 0, FOREVER)["gate"]:
        assert span.end_us > oldest_us
    for from_us in range(T0, end_us, 7 * MINUTE + 13 * S):
        part = coverage_of(store, ["gate"], from_us, from_us + 5 * MINUTE, now_us=end_us)["gate"]
        shown = [(max(a, from_us), min(b, from_us + 5 * MINUTE)) for a, b, cause in before if cause == "gone"]
        assert sum(part.sums_us.get(cause, 0) for cause in GONE) == sum(b - a for a, b in shown if b > a)


def test_what_is_joined_is_not_written_again(store):
    busy(store, 60, 40)
    store.bygone.join()
    watcher = connect(store.path)
    version = watcher.execute("pragma data_version").fetchone()
    assert store.bygone.join() == 0
    assert watcher.execute("pragma data_version").fetchone() == version
    watcher.close()


def test_a_camera_without_any_recording_is_left_alone(store):
    """Its catalog may have been lost, or nothing moved for as long as video is kept."""
    busy(store, 30, 30)
    before = rows(store)
    assert store.bygone.join() == 0 and rows(store) == before


def test_what_is_kept_for_good_holds_up_nothing_but_what_lies_in_it(store):
    busy(store, 60, 40)
    for start_us, end_us in [(T0 + 10 * MINUTE, T0 + 12 * MINUTE), (T0 + 11 * MINUTE, T0 + 13 * MINUTE)]:
        store.keeps.add("gate", start_us, end_us, reason="theft", made_by="ann", now_us=T0)
    store.segments.add(
        segment(minute=100, start_us=T0 + 10 * MINUTE - S, end_us=T0 + 10 * MINUTE + 5 * S),
        segment(minute=101, start_us=T0 + 12 * MINUTE + 20 * S, end_us=T0 + 12 * MINUTE + 30 * S),
    )
    before = told(store, T0 + 60 * MINUTE)
    assert store.bygone.join() > 25
    assert told(store, T0 + 60 * MINUTE) == before
    oldest_us = min(
        one.start_us for one in store.segments.oldest("/video/gate", "gate", 9) if one.start_us > T0 + 14 * MINUTE
    )
    left = [one for one in store.omissions.between(["gate"], 0, FOREVER)["gate"] if one.end_us <= oldest_us]
    assert left and all(one.end_us > T0 + 10 * MINUTE and one.start_us < T0 + 13 * MINUTE for one in left)


def test_a_kill_at_any_moment_loses_and_doubles_nothing(store, url):
    busy(store, 40, 30)
    end_us = T0 + 40 * MINUTE
    before = told(store, end_us)
    store.close()
    ends = set()
    for nth in range(1, 400, 3):
        child = os.fork()
        if child == 0:
            _join_until(url, nth)
        status = os.waitpid(child, 0)[1]
        ends.add(os.waitstatus_to_exitcode(status))
        with Store.open(url) as after:
            assert told(after, end_us) == before
        if os.waitstatus_to_exitcode(status) == 0:
            break
    assert ends == {0, 9}


def _join_until(url: str, nth: int) -> None:
    """Ends at the nth statement, as if killed."""
    code = 1
    try:
        with Store.open(url) as store:
            with store._database.reading() as connection:
                raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
            count = [0]

            def die(_statement: str) -> None:
                count[0] += 1
                if count[0] == nth:
                    os._exit(9)

            raw.set_trace_callback(die)
            while store.bygone.join(10) == 10:
                pass
            code = 0
    finally:
        os._exit(code)
