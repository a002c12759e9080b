import pytest

from pynvr.model.settings import Retry
from pynvr.recorder.retry import failures_after, next_delay_s

RETRY = Retry(first_s=1, longest_s=60, jitter=0.2)


def test_delays_double_up_to_the_longest():
    assert [next_delay_s(n, RETRY, 0.5) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert next_delay_s(100_000, RETRY, 0.5) == 60


@pytest.mark.parametrize(("chance", "delay_s"), [(0, 3.2), (0.5, 4), (1, 4.8)])
def test_jitter_is_a_share_up_or_down(chance, delay_s):
    assert next_delay_s(3, RETRY, chance) == pytest.approx(delay_s)


def test_a_good_minute_resets_the_delays():
    assert failures_after(7, recorded_s=60) == 1
    assert failures_after(7, recorded_s=59) == 8
    assert failures_after(0, recorded_s=0) == 1
