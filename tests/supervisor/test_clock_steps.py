"""What the wall clock skipped, and why."""

import pytest

from pynvr.model.cause import Cause
from pynvr.supervisor.clock_steps import ClockSteps
from tests.media.hand_clock import HandClock

S = 1_000_000


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def asleep_s():
    return [0.0]


@pytest.fixture
def steps(clock, asleep_s):
    return ClockSteps(clock, lambda: clock.running_s + asleep_s[0])


def test_time_that_passes_is_no_step(clock, steps):
    clock.pass_s(3600)
    assert steps.skipped() is None


def test_a_clock_that_is_set_forward_skips_time(clock, steps):
    clock.pass_s(1)
    from_us = clock.now_us()
    clock.set_by_s(3600)
    found = steps.skipped()
    assert (found.from_us, found.to_us, found.cause) == (from_us, from_us + 3600 * S, Cause.CLOCK)
    assert "3600 s" in found.detail
    assert steps.skipped() is None


def test_neither_a_clock_set_back_nor_one_that_is_steered_skips_anything(clock, steps):
    for by_s in (-3600, 0.5, -0.5):
        clock.set_by_s(by_s)
        assert steps.skipped() is None


def test_a_machine_that_slept_was_not_running(clock, steps, asleep_s):
    clock.set_by_s(900)
    asleep_s[0] = 900.0
    assert steps.skipped().cause == Cause.NOT_RUNNING


def test_a_boot_clock_that_can_not_be_read_for_a_moment_is_no_reason_to_stop(clock, asleep_s):
    readable = [True]

    def boot_s():
        if not readable[0]:
            raise OSError(24, "Too many open files")
        return clock.running_s + asleep_s[0]

    asleep_s[0] = 500.0
    steps = ClockSteps(clock, boot_s)
    readable[0] = False
    clock.pass_s(60)
    assert steps.skipped() is None
    clock.set_by_s(90)
    found = steps.skipped()
    assert found is not None and found.cause is Cause.CLOCK
    readable[0] = True
    clock.pass_s(60)
    assert steps.skipped() is None
