import itertools
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pynvr.base.heart import Beat
from pynvr.base.logs import LogPlace
from pynvr.supervisor.held_back import Scheduled
from pynvr.supervisor.post import STOP_GRACE_S, Post, State
from pynvr.supervisor.restart import CANNOT_START_EXIT, Ending
from pynvr.supervisor.roster import Wanted
from pynvr.supervisor.silence import Silence

WANTED = Wanted("recorder gate", "recorder", "x:run", None, LogPlace(Path("/dev/null")))


class PaperChild:
    """A child on paper: a test beats and dies for it."""

    def __init__(self, now_s: float) -> None:
        self.pid, self.started_s = 7, now_s
        self.silence = Silence(now_s, lambda: Scheduled(self.ran_s, self.held_back_s))
        self.ran_s = self.held_back_s = 0.0
        self.beat: Beat | None = None
        self.gone = False
        self.code: int | None = 0
        self.received: list[str] = []
        self.waiting: list[Beat] = []

    def listen(self, now_s: float) -> list[Beat]:
        beats, self.waiting = self.waiting, []
        self.silence.listened(now_s)
        for beat in beats:
            self.beat = beat
            self.silence.broken(now_s, beat.within_s)
        return beats

    def terminate(self) -> None:
        self.received.append("TERM")

    def kill(self) -> None:
        self.received.append("KILL")
        self.end(-signal.SIGKILL)

    def end(self, code: int | None) -> None:
        self.gone, self.code = True, code

    def exit_code(self) -> int | None:
        return self.code


class Stage:
    def __init__(self, wanted: Wanted = WANTED) -> None:
        self.children: list[PaperChild] = []
        self.refuse = False
        self.post = Post(wanted, 0, self.fork)
        self.post.step(0)

    def fork(self, wanted: Wanted, now_s: float) -> Any:
        if self.refuse:
            raise EOFError
        self.children.append(PaperChild(now_s))
        return self.children[-1]

    @property
    def child(self) -> PaperChild:
        return self.children[-1]

    def state(self) -> State:
        return self.post.state

    def beat(self, now_s: float, keyframes: float = 1, within_s: float = 10) -> None:
        self.child.waiting.append(Beat("recording", within_s, figures={"keyframes": keyframes}))
        self.post.listen(now_s)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_child_that_beats_runs(stage: Stage):
    assert stage.state() is State.STARTING
    stage.beat(1)
    assert stage.state() is State.RUNNING
    assert stage.post.step(2) is None
    assert not stage.post.failing


def test_a_crash_loop_backs_off(stage: Stage):
    starts = []
    now_s = 0.0
    while len(stage.children) < 9:
        starts.append(now_s)
        stage.child.end(1)
        ended = stage.post.step(now_s)
        assert ended is not None and ended.ending is Ending.DIED
        assert stage.state() is State.BACKING_OFF and stage.post.failing
        now_s = stage.post.due_s() or 0
        assert stage.post.step(now_s - 0.01) is None
        stage.post.step(now_s)
    assert [b - a for a, b in itertools.pairwise(starts)] == [1, 2, 4, 8, 16, 32, 60]
    assert stage.post.restarts == 8


def test_after_a_good_minute_the_delay_is_short_again(stage: Stage):
    for _ in range(5):
        stage.child.end(1)
        stage.post.step(0)
        stage.post.step(1000)
    stage.child.started_s = 1000
    stage.child.end(1)
    stage.post.step(1061)
    assert stage.post.due_s() == 1062


def test_a_child_that_cannot_start_is_not_tried_again_soon(stage: Stage):
    stage.child.end(CANNOT_START_EXIT)
    stage.post.step(1)
    assert stage.state() is State.CANNOT_START
    assert stage.post.due_s() == 61


def test_an_overdue_child_is_killed_and_replaced(stage: Stage):
    stage.beat(1, within_s=5)
    stage.post.step(6)
    assert stage.child.received == []
    stage.post.step(6.1)
    assert stage.child.received == ["KILL"]
    ended = stage.post.step(6.2)
    assert ended is not None and ended.ending is Ending.HUNG
    stage.post.step(7.2)
    assert len(stage.children) == 2


def test_a_recorder_that_never_says_a_word_is_killed(stage: Stage):
    stage.post.step(30)
    assert stage.child.received == []
    stage.post.step(30.1)
    assert stage.child.received == ["KILL"]


def test_its_time_begins_when_somebody_listens_for_a_fork_may_have_to_wait(stage: Stage):
    stage.post.listen(40)
    stage.post.step(70)
    assert stage.child.received == []
    stage.post.step(70.1)
    assert stage.child.received == ["KILL"]


def test_one_that_the_machine_did_not_let_run_has_that_much_longer(stage: Stage):
    stage.child.held_back_s = 25
    stage.post.step(30.1)
    assert stage.post.due_s() == 55, "it is looked at again then, and not without a pause"
    stage.child.held_back_s = 40
    stage.post.step(55.1)
    stage.post.step(70)
    assert stage.child.received == []
    stage.post.step(70.1)
    assert stage.child.received == ["KILL"]


def test_one_that_ran_long_enough_to_load_anything_has_no_excuse(stage: Stage):
    stage.child.held_back_s, stage.child.ran_s = 25, 9
    stage.post.step(30.1)
    assert stage.child.received == []
    # At the next look it has got no further, for all that it ran.
    stage.child.held_back_s, stage.child.ran_s = 40, 11
    stage.post.step(55.1)
    assert stage.child.received == ["KILL"]


def test_one_that_never_gets_to_run_is_replaced_in_the_end(stage: Stage):
    stage.child.held_back_s = 10_000
    stage.post.step(30.1)
    stage.post.step(180)
    assert stage.child.received == []
    stage.post.step(180.1)
    assert stage.child.received == ["KILL"]


def test_after_its_first_word_no_past_hardship_counts(stage: Stage):
    stage.child.held_back_s = 100
    stage.beat(1, within_s=5)
    stage.post.step(6.1)
    assert stage.child.received == ["KILL"]


@pytest.mark.parametrize("kind", ["finisher", "analyser", "web", "live"])
def test_who_keeps_no_video_waiting_has_more_time_for_its_first_word(kind: Any):
    stage = Stage(replace(WANTED, name=kind, kind=kind))
    stage.post.step(90)
    assert stage.child.received == []
    stage.post.step(90.1)
    assert stage.child.received == ["KILL"]


def killed_unheard(stage: Stage, now_s: float) -> tuple[float, float]:
    """How long the child was given for its first word, and when its follower began."""
    began_s, due_s = now_s, stage.post.due_s() or 0
    stage.post.step(due_s + 0.1)
    ended = stage.post.step(due_s + 0.1)
    assert ended is not None and ended.ending is Ending.HUNG
    now_s = stage.post.due_s() or 0
    stage.post.step(now_s)
    return due_s - began_s, now_s


def test_a_long_silence_is_no_good_run(stage: Stage):
    starts_s, now_s = [], 0.0
    for _ in range(4):
        within_s, after_s = killed_unheard(stage, now_s)
        starts_s.append(round(after_s - now_s - within_s - 0.1, 3))
        now_s = after_s
    assert starts_s == [1, 2, 4, 8]


def test_on_a_machine_that_is_too_slow_for_it_the_next_one_gets_more_time(stage: Stage):
    given, now_s = [], 0.0
    for _ in range(4):
        within_s, now_s = killed_unheard(stage, now_s)
        given.append(round(within_s, 3))
    assert given == [30, 60, 120, 120]
    stage.beat(now_s, within_s=5)
    stage.post.step(now_s + 5.1)
    ended = stage.post.step(now_s + 5.1)
    assert ended is not None and ended.ending is Ending.HUNG
    now_s = stage.post.due_s() or 0
    stage.post.step(now_s)
    assert killed_unheard(stage, now_s)[0] == pytest.approx(30)


def test_a_recorder_that_beats_but_gets_nothing_done_is_replaced(stage: Stage):
    for second in range(5):
        stage.beat(second, keyframes=second)
    for second in range(5, 67):
        stage.beat(second, keyframes=4)
        stage.post.step(second)
    assert stage.child.received == ["TERM"]
    stage.child.end(0)
    ended = stage.post.step(70)
    assert ended is not None and ended.ending is Ending.NO_PROGRESS


def test_a_camera_whose_keyframes_are_far_apart_of_a_sudden_is_replaced_once(stage: Stage):
    for second in range(0, 12, 2):
        stage.beat(second, keyframes=second / 2)
    for second in range(12, 73):
        stage.beat(second, keyframes=5)
        stage.post.step(second)
    assert stage.child.received == ["TERM"]
    stage.child.end(0)
    stage.post.step(76)
    stage.post.step(90)
    for second in range(91, 600):
        # One on its connection, and then one in 90 s.
        stage.beat(second, keyframes=1 + (second - 91) // 90)
        assert stage.post.step(second) is None
    assert stage.child.received == []


def test_who_is_retired_is_asked_and_then_killed(stage: Stage):
    stage.beat(1)
    stage.post.retire(2)
    assert stage.child.received == ["TERM"]
    assert stage.state() is State.STOPPING
    stage.post.step(2 + STOP_GRACE_S - 0.1)
    assert stage.child.received == ["TERM"]
    stage.post.step(2 + STOP_GRACE_S)
    assert stage.child.received == ["TERM", "KILL"]
    ended = stage.post.step(6)
    assert ended is not None and ended.ending is Ending.STOPPED
    assert stage.state() is State.VACANT
    stage.post.step(1000)
    assert len(stage.children) == 1


def test_a_renewed_post_gets_a_child_with_the_new_order_at_once(stage: Stage):
    stage.beat(1)
    other = Wanted("recorder gate", "recorder", "x:other", None, LogPlace(Path("/dev/null")))
    stage.post.renew(other, 2)
    stage.child.end(0)
    stage.post.step(2.1)
    stage.post.step(2.1)
    assert len(stage.children) == 2
    assert stage.post.wanted is other
    assert not stage.post.failing


def test_a_renewal_ends_a_back_off(stage: Stage):
    for _ in range(6):
        stage.child.end(1)
        stage.post.step(0)
        stage.post.step(1000)
    stage.child.end(1)
    stage.post.step(1001)
    stage.post.renew(WANTED, 1002)
    stage.post.step(1002)
    assert stage.child.started_s == 1002


def test_a_retired_post_that_is_wanted_again_is_manned_when_the_old_child_is_gone(stage: Stage):
    stage.post.retire(1)
    assert stage.post.retired
    stage.post.renew(WANTED, 2)
    stage.child.end(0)
    stage.post.step(3)
    stage.post.step(3)
    assert len(stage.children) == 2


def test_a_fork_that_fails_is_tried_again(stage: Stage):
    stage.child.end(1)
    stage.refuse = True
    stage.post.step(0)
    stage.post.step(1)
    assert stage.post.failing and "forked" in stage.post.last_words
    stage.refuse = False
    stage.post.step(stage.post.due_s() or 0)
    assert len(stage.children) == 2
