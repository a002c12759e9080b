import signal

import pytest

from pynvr.supervisor.restart import CANNOT_START_EXIT, Ending, delay_s, ending_of, failures_after, in_words


def test_delays_double_from_a_second_to_a_minute():
    assert [delay_s(failures, Ending.DIED) for failures in range(1, 10)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert delay_s(100_000, Ending.DIED) == 60


def test_a_good_minute_wipes_the_slate():
    assert failures_after(6, Ending.DIED, ran_s=59.9) == 7
    assert failures_after(6, Ending.DIED, ran_s=60) == 1
    assert failures_after(6, Ending.STOPPED, ran_s=1) == 0


def test_who_cannot_start_waits_long_from_the_first_time():
    assert delay_s(1, Ending.CANNOT_START) == 60


def test_who_was_asked_to_stop_is_replaced_at_once():
    assert delay_s(0, Ending.STOPPED) == 0


@pytest.mark.parametrize(
    ("exit_code", "asked", "ending"),
    [
        (0, True, Ending.STOPPED),
        (-signal.SIGKILL, True, Ending.STOPPED),
        (0, False, Ending.ENDED),
        (1, False, Ending.DIED),
        (-signal.SIGSEGV, False, Ending.DIED),
        (None, False, Ending.DIED),
        (CANNOT_START_EXIT, False, Ending.CANNOT_START),
    ],
)
def test_the_exit_code_tells_how_a_child_ended(exit_code, asked, ending):
    assert ending_of(exit_code, asked) is ending


def test_the_words_name_the_signal():
    assert in_words(Ending.DIED, -signal.SIGSEGV) == "was killed by SIGSEGV"
    assert in_words(Ending.DIED, 1) == "ended with exit code 1"
    assert in_words(Ending.HUNG, -signal.SIGKILL) == "hung and was killed"
