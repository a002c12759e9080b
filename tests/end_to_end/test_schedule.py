"""A schedule that begins and ends while PyNVR runs switches at the second, in both forms; the clock is set for it."""

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from pynvr.model.cause import Cause
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.accounting import coverage_of
from pynvr.store.coverage import Coverage
from pynvr.store.store import Store
from tests.end_to_end.losses import ON_ITS_WAY_US, recording_of
from tests.end_to_end.program import Program, dated
from tests.end_to_end.set_clock import SetClock
from tests.waiting import is_overwhelmed, wait_until

pytestmark = pytest.mark.timeout(600)

US = 1_000_000
FPS = 25
GOP_S = 1
# The hour at which the short form switches; the other one does it at odd seconds behind it.
HOUR = datetime(2026, 6, 10, 8, tzinfo=UTC)
BEGINS, ENDS = HOUR + timedelta(seconds=4), HOUR + timedelta(seconds=11)
OVER = HOUR + timedelta(seconds=15)
SCHEDULES: dict[str, list[object]] = {
    "until": ["daily:06-07"],
    "from": ["wed:08-09", "sun:00-23"],
    "within": [{"days": "mon-fri", "from": f"{BEGINS:%H:%M:%S}", "to": f"{ENDS:%H:%M:%S}"}],
    "night": [{"days": "daily", "from": "22:00", "to": f"{BEGINS:%H:%M:%S}"}],  # over midnight
}


def at_us(moment: datetime) -> int:
    return round(moment.timestamp()) * US


@dataclass(frozen=True)
class Take:
    program: Program
    server: SimulatorServer
    began_us: int
    ended_us: int


@pytest.fixture(scope="module")
def take(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schedule")
    clock = SetClock(folder)
    cameras = [
        SimulatedCamera(name, width=160, height=120, fps=FPS, gop_s=GOP_S, bitrate_kbps=100, live=True)
        for name in SCHEDULES
    ]
    with SimulatorServer(cameras) as server:
        listed = [
            {"id": name, "url": server.url(name), "record": {"mode": "schedule", "schedule": schedule}}
            for name, schedule in SCHEDULES.items()
        ]
        program = Program(folder / "program", listed, {"segment_seconds": 10}, clock.environment)

        def now_us() -> int:
            return time.time_ns() // 1000 + clock.settings[-1][1]

        # However long the start takes, the schedules switch while everything runs.
        clock.set_to(HOUR - timedelta(minutes=30))
        program.start()
        try:
            program.wait_recording("until", "night")
            for name in ("from", "within"):
                wait_until(lambda name=name: program.camera(name).get("cause") == "schedule", 30, f"{name} to be idle")  # type: ignore[misc]
            clock.set_to(HOUR - timedelta(seconds=11))
            wait_until(lambda: now_us() > at_us(OVER), 60, "the schedules to switch")
            states = {"until": "idle", "from": "recording", "within": "idle", "night": "idle"}
            wait_until(lambda: {name: program.camera(name)["state"] for name in SCHEDULES} == states, what="the states")
            for name in ("until", "within", "night"):
                assert program.camera(name)["cause"] == "schedule", name
            ended_us = now_us()
            assert program.stop() == 0
            program.complete()
            # By then the new time has been noticed.
            yield Take(program, server, at_us(HOUR) - 4 * US, ended_us)
        finally:
            program.end()


def spans(take: Take, name: str) -> list[tuple[int, int]]:
    """Of the recordings after the clock was set, neighbours joined."""
    joined: list[tuple[int, int]] = []
    for one in dated(take.program, name):
        if one.end_us < take.began_us:
            continue
        if joined and one.start_us - joined[-1][1] < US:
            joined[-1] = (joined[-1][0], one.end_us)
        else:
            joined.append((one.start_us, one.end_us))
    return joined


def leeway_us() -> int:
    """What a busy machine's camera may leave out."""
    return 4 * US if is_overwhelmed() else US


def assert_begins(start_us: int, moment: datetime) -> None:
    """With the first keyframe of the second, or the next one."""
    assert 0 <= start_us - at_us(moment) < GOP_S * US + leeway_us(), (
        f"{(start_us - at_us(moment)) / US} s after {moment}"
    )


def assert_ends(end_us: int, moment: datetime) -> None:
    """With the last frame before the second."""
    assert -leeway_us() < end_us - at_us(moment) <= 2 * US / FPS, f"{(end_us - at_us(moment)) / US} s after {moment}"


def test_the_short_form_ends_with_its_hour(take):
    (span,) = spans(take, "until")
    assert_ends(span[1], HOUR)


def test_the_short_form_begins_with_its_hour(take):
    (span,) = spans(take, "from")
    assert_begins(span[0], HOUR)
    assert span[1] > at_us(OVER) - leeway_us()


def test_the_long_form_begins_and_ends_at_its_seconds(take):
    (span,) = spans(take, "within")
    assert_begins(span[0], BEGINS)
    assert_ends(span[1], ENDS)


def test_a_period_over_midnight_ends_at_its_second(take):
    (span,) = spans(take, "night")
    assert_ends(span[1], BEGINS)


@pytest.mark.parametrize("name", SCHEDULES)
def test_no_frame_is_lost_inside_a_period(take, name):
    recording = recording_of(take.server.sent(name), take.program.segments(name))
    gaps = [after.begin - before.end for before, after in pairwise(recording.pieces) if after.begin > before.end]
    assert gaps == []


@pytest.mark.parametrize("name", SCHEDULES)
def test_what_was_not_recorded_is_accounted_to_the_schedule(take, name):
    with closing(Store.open(f"sqlite:///{take.program.data_dir}/pynvr.sqlite", create=False)) as store:
        covered: Coverage = coverage_of(store, [name], take.began_us, take.ended_us, now_us=take.ended_us)[name]
    assert sum(covered.sums_us.values()) == take.ended_us - take.began_us
    recorded_us = sum(
        min(end_us, take.ended_us) - max(start_us, take.began_us) for start_us, end_us in spans(take, name)
    )
    assert abs(covered.sums_us[Cause.RECORDED] - recorded_us) < leeway_us()
    # A keyframe has to come first, and what was sent just before the stop was on its way.
    others_us = sum(us for cause, us in covered.sums_us.items() if cause not in (Cause.RECORDED, Cause.SCHEDULE))
    assert others_us < US + leeway_us() + ON_ITS_WAY_US, covered
