"""The master's side of the preparation, with children on paper."""

from typing import Any

from pynvr.supervisor.preparation import Preparation
from tests.finisher.running import settings_of
from tests.supervisor.test_post import PaperChild


def test_on_a_machine_that_is_too_slow_for_it_the_next_one_gets_more_time(tmp_path):
    children: list[PaperChild] = []

    def fork(_wanted: Any, now_s: float) -> Any:
        children.append(PaperChild(now_s))
        return children[-1]

    preparation = Preparation(settings_of(tmp_path), 0.0, fork=fork)
    preparation.step(0.0)
    given = []
    for _ in range(4):
        (due_s,) = preparation.dues_s()
        given.append(round(due_s - children[-1].started_s, 3))
        preparation.step(due_s)
        assert children[-1].received == []
        preparation.step(due_s + 0.1)
        assert children[-1].received == ["KILL"]
        preparation.step(due_s + 0.1)
        (start_s,) = preparation.dues_s()
        preparation.step(start_s)
    assert given == [30, 60, 120, 120]
    assert preparation.over
