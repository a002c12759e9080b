"""Coverage: every instant accounted for, once."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.cause import Cause, Transition
from pynvr.store.coverage import LATE_NOTICE_US, PAUSE_US, Coverage, account_for
from pynvr.store.deletions import DeletedSpan
from pynvr.store.segments import Span

S = 1_000_000
T0 = 1_700_000_000 * S


def transition(at_s: float, cause: Cause, detail: str = "") -> Transition:
    return Transition("gate", T0 + int(at_s * S), cause, detail)


def span(from_s: float, to_s: float, fps: int = 25) -> Span:
    return Span(T0 + int(from_s * S), T0 + int(to_s * S), int((to_s - from_s) * fps))


def told(coverage: Coverage) -> list[tuple[float, float, Cause]]:
    return [((a.start_us - T0) / S, (a.end_us - T0) / S, a.cause) for a in coverage.accounts]


def account(
    from_s: float,
    to_s: float,
    segments: list[Span],
    transitions: list[Transition],
    deletions: Iterable[DeletedSpan] = (),
) -> Coverage:
    return account_for(T0 + int(from_s * S), T0 + int(to_s * S), segments, transitions, deletions)


def test_consecutive_segments_make_one_recorded_account():
    coverage = account(10, 170, [span(0, 60), span(60.04, 120), span(119.99, 180)], [])
    assert told(coverage) == [(10, 170, Cause.RECORDED)]
    assert coverage.sums_us == {Cause.RECORDED: 160 * S}


def test_two_missing_frames_are_no_gap_but_half_a_second_is():
    assert told(account(0, 120, [span(0, 60), span(60.08, 120)], [])) == [(0, 120, Cause.RECORDED)]
    causes = [cause for _, _, cause in told(account(0, 120, [span(0, 60), span(60.5, 120)], []))]
    assert causes == [Cause.RECORDED, Cause.UNKNOWN, Cause.RECORDED]


def test_a_slow_camera_may_miss_more_time_between_segments():
    assert told(account(0, 120, [span(0, 60, fps=1), span(61.5, 120, fps=1)], [])) == [(0, 120, Cause.RECORDED)]


def test_a_gap_has_the_cause_that_was_noticed_some_seconds_after_it_began():
    transitions = [
        transition(0, Cause.RECORDED),
        transition(65, Cause.STALLED, "no video for 5 s"),
        transition(70, Cause.UNREACHABLE, "no route to host"),
        transition(99.9, Cause.RECORDED),
    ]
    coverage = account(0, 200, [span(0, 60), span(100, 200)], transitions)
    assert told(coverage) == [
        (0, 60, Cause.RECORDED),
        (60, 70, Cause.STALLED),
        (70, 100, Cause.UNREACHABLE),
        (100, 200, Cause.RECORDED),
    ]
    assert coverage.accounts[1].detail == "no video for 5 s"
    assert coverage.sums_us == {Cause.RECORDED: 160 * S, Cause.STALLED: 10 * S, Cause.UNREACHABLE: 30 * S}


def test_a_part_of_a_gap_is_explained_as_the_whole_gap_is():
    transitions = [transition(0, Cause.RECORDED), transition(65, Cause.STALLED), transition(99, Cause.RECORDED)]
    segments = [span(0, 60), span(100, 200)]
    assert told(account(61, 63, segments, transitions)) == [(61, 63, Cause.STALLED)]
    assert told(account(99.2, 99.8, segments, transitions)) == [(99.2, 99.8, Cause.STALLED)]


def test_video_that_was_reported_but_is_not_there_is_a_fault():
    coverage = account(0, 600, [span(0, 60), span(540, 600)], [transition(-5, Cause.RECORDED)])
    assert told(coverage) == [(0, 60, Cause.RECORDED), (60, 540, Cause.FAULT), (540, 600, Cause.RECORDED)]
    assert "no segment" in coverage.accounts[1].detail


def test_a_camera_that_pauses_where_a_segment_ends_is_no_fault_of_pynvr():
    """The last frame's duration is a guess; within a segment it would last until the camera goes on."""
    recorded = [transition(-5, Cause.RECORDED)]
    coverage = account(0, 120, [span(0, 60), span(60.5, 120)], recorded)
    assert told(coverage) == [(0, 60, Cause.RECORDED), (60, 60.5, Cause.STALLED), (60.5, 120, Cause.RECORDED)]
    assert "nothing is wrong unless it comes often" in coverage.accounts[1].detail
    assert coverage.accounts[1].detail
    longer = account(0, 120, [span(0, 60), span(60.1 + PAUSE_US / S, 120)], recorded)
    assert [one.cause for one in longer.accounts] == [Cause.RECORDED, Cause.FAULT, Cause.RECORDED]
    killed = [*recorded, transition(60.1, Cause.FAULT, "killed"), transition(60.4, Cause.RECORDED)]
    died = account(0, 120, [span(0, 60), span(60.5, 120)], killed)
    assert [one.cause for one in died.accounts] == [Cause.RECORDED, Cause.FAULT, Cause.RECORDED]


def test_a_long_loss_is_not_blamed_on_the_next_cause():
    late_s = 60 + LATE_NOTICE_US / S + 1
    transitions = [transition(0, Cause.RECORDED), transition(late_s, Cause.STALLED)]
    assert told(account(0, 300, [span(0, 60)], transitions)) == [
        (0, 60, Cause.RECORDED),
        (60, late_s, Cause.FAULT),
        (late_s, 300, Cause.STALLED),
    ]


def test_video_that_is_missing_after_a_start_is_not_blamed_on_the_start():
    transitions = [transition(0, Cause.STARTING), transition(2, Cause.RECORDED)]
    assert told(account(0, 60, [span(40, 60)], transitions)) == [
        (0, 2, Cause.STARTING),
        (2, 40, Cause.FAULT),
        (40, 60, Cause.RECORDED),
    ]


def test_before_the_first_word_the_cause_is_unknown():
    assert told(account(0, 20, [], [transition(10, Cause.SCHEDULE)])) == [
        (0, 10, Cause.UNKNOWN),
        (10, 20, Cause.SCHEDULE),
    ]


def test_what_was_deleted_says_so_whatever_the_cause_then():
    deletions = [DeletedSpan("gate", T0, T0 + 60 * S)]
    transitions = [transition(-10, Cause.RECORDED)]
    assert told(account(-5, 120, [span(60.04, 120)], transitions, deletions))[1:] == [
        (0, 60.04, Cause.DELETED),
        (60.04, 120, Cause.RECORDED),
    ]


def test_what_is_recorded_wins_over_a_deletion():
    deletions = [DeletedSpan("gate", T0, T0 + 60 * S)]
    assert told(account(0, 60, [span(20, 40)], [], deletions)) == [
        (0, 20, Cause.DELETED),
        (20, 40, Cause.RECORDED),
        (40, 60, Cause.DELETED),
    ]


def test_what_was_left_out_for_nothing_moved_is_no_fault_and_what_was_deleted_since_is_deleted():
    quiet = DeletedSpan("gate", T0, T0 + 100 * S, Cause.NO_MOTION)
    deleted = DeletedSpan("gate", T0 + 60 * S, T0 + 80 * S)
    transitions = [transition(-10, Cause.RECORDED)]
    assert told(account(0, 120, [span(20, 40), span(100.04, 120)], transitions, [quiet, deleted])) == [
        (0, 20, Cause.NO_MOTION),
        (20, 40, Cause.RECORDED),
        (40, 60, Cause.NO_MOTION),
        (60, 80, Cause.DELETED),
        (80, 100.04, Cause.NO_MOTION),
        (100.04, 120, Cause.RECORDED),
    ]


instants = st.integers(0, 2000).map(lambda tenths: T0 + tenths * S // 10)
spans = st.builds(lambda a, b, frames: Span(min(a, b), max(a, b), frames), instants, instants, st.integers(0, 5000))
segments_s = st.lists(spans, max_size=8)
transitions_s = st.lists(
    st.builds(lambda at, cause: Transition("gate", at, cause), instants, st.sampled_from(Cause)),
    max_size=8,
    unique_by=lambda t: t.since_us,
).map(lambda ts: sorted(ts, key=lambda t: t.since_us))
causes_of_gone = st.sampled_from([Cause.DELETED, Cause.NO_MOTION])
deletions_s = st.lists(
    st.builds(lambda s, cause: DeletedSpan("gate", s.start_us, s.end_us, cause), spans, causes_of_gone), max_size=4
)


@given(instants, instants, segments_s, transitions_s, deletions_s)
def test_accounts_follow_each_other_and_sum_to_the_period(a, b, segments, transitions, deletions):
    from_us, to_us = min(a, b), max(a, b)
    coverage = account_for(from_us, to_us, segments, transitions, deletions)
    at_us = from_us
    for one in coverage.accounts:
        assert one.start_us == at_us < one.end_us
        at_us = one.end_us
    assert at_us == to_us or not coverage.accounts
    assert sum(coverage.sums_us.values()) == to_us - from_us
    for span_ in segments:
        start_us, end_us = max(span_.start_us, from_us), min(span_.end_us, to_us)
        for one in coverage.accounts:
            if max(one.start_us, start_us) < min(one.end_us, end_us):
                assert one.cause == Cause.RECORDED


@given(st.lists(instants, min_size=4, max_size=4).map(sorted), segments_s, transitions_s, deletions_s)
def test_a_smaller_window_shows_a_part_of_the_larger(ends, segments, transitions, deletions):
    outer = account_for(ends[0], ends[3], segments, transitions, deletions)
    inner = account_for(ends[1], ends[2], segments, transitions, deletions)
    cut = [
        (max(a.start_us, ends[1]), min(a.end_us, ends[2]), a.cause, a.detail)
        for a in outer.accounts
        if max(a.start_us, ends[1]) < min(a.end_us, ends[2])
    ]
    assert [(a.start_us, a.end_us, a.cause, a.detail) for a in inner.accounts] == cut


def test_a_hundred_thousand_changes_of_cause_take_no_square_of_time():
    transitions = [transition(i, Cause.STALLED if i % 2 else Cause.RECORDED) for i in range(100_000)]
    coverage = account(0, 100_000, [], transitions)
    assert coverage.sums_us == {Cause.STALLED: 100_000 * S}


class Counted(int):
    """An instant that counts how often any is compared."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) < int(other)

    def __le__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) <= int(other)

    def __gt__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) > int(other)


def compared_for(minutes: int, *, told: bool) -> int:
    """How often, where each minute's second half is missing: told as a cause, or left out because nothing moved."""
    begins = [T0 + number * 60 * S for number in range(minutes)]
    recorded = [Span(Counted(at), Counted(at + 30 * S), 750) for at in begins]
    transitions = [
        Transition("gate", Counted(since_us), cause)
        for at in begins
        for since_us, cause in ((at, Cause.RECORDED), (at + 31 * S, Cause.UNREACHABLE))
    ]
    left_out = [DeletedSpan("gate", Counted(at + 30 * S), Counted(at + 60 * S), Cause.NO_MOTION) for at in begins]
    Counted.compared = 0
    coverage = account_for(T0, begins[-1] + 60 * S, recorded, transitions if told else [], [] if told else left_out)
    assert coverage.sums_us[Cause.RECORDED] == coverage.sums_us[Cause.UNREACHABLE if told else Cause.NO_MOTION]
    return Counted.compared


@pytest.mark.parametrize("told", [True, False])
def test_twice_as_many_gaps_are_twice_the_work(told):
    assert compared_for(800, told=told) < 3 * compared_for(400, told=told)
