"""The wall clock is set while PyNVR records, and the clocks change: nothing is lost for it, all is dated right."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.paths import parse_name
from pynvr.model.cause import Cause
from pynvr.model.stamp import day_of, local, stamp_of, stamp_start_us
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import SentSession
from pynvr.simulator.server import SimulatorServer
from pynvr.store.accounting import coverage_of
from pynvr.store.store import Store
from tests.end_to_end.losses import Recording, assert_nothing_lost, recording_of
from tests.end_to_end.program import Dated, Program, complaints_of, dated
from tests.end_to_end.set_clock import SetClock
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

SEGMENT_S = 10
US = 1_000_000
# Until a process has noticed the new time, the recorder has compared its clocks, and a keyframe has come.
NOTICED_US = 9 * US
# What a busy machine may be late with the first frames.
DATED_WITHIN_US = 3 * US
# So long before the hour changes it is, when the clock is set: time enough for a segment of that minute.
BEFORE_S = SEGMENT_S + 9
HOUR_S = 3600
BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC)
SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC)


class Story:
    """A program with a clock of its own, and what happens to that."""

    def __init__(self, folder: Path, name: str, server: SimulatorServer, zone: str) -> None:
        self.name, self.zone = name, ZoneInfo(zone)
        self.clock = SetClock(folder)
        self.program = Program(
            folder / "program",
            [{"id": name, "url": server.url(name)}],
            {"segment_seconds": SEGMENT_S, "timezone": zone},
            self.clock.environment,
        )

    def now_us(self) -> int:
        return time.time_ns() // 1000 + self.clock.settings[-1][1]

    def wait_segments(self, more: int) -> None:
        """So many of them after those that are there."""
        wanted = len(self.program.segments(self.name)) + more
        wait_until(
            lambda: len(self.program.segments(self.name)) >= wanted,
            more * SEGMENT_S + 40,
            lambda: f"{wanted} segments of {self.name}; the program said:\n{self.program.said()}",
        )

    def wait_past(self, moment: datetime) -> None:
        """Until a segment that began at or after the instant is finished."""
        from_us = round(moment.timestamp()) * US

        def there() -> bool:
            names = [parse_name(path.name) for path in self.program.segments(self.name)]
            starts_us = [stamp_start_us(name[0].stamp, self.zone) for name in names if name is not None]
            # A minute's name can't tell; a name with seconds is of a later segment of that minute.
            return any(from_us < start_us < from_us + 120 * US for start_us in starts_us)

        wait_until(there, 90, lambda: f"a segment after {moment}; the program said:\n{self.program.said()}")


def set_back_and_forward(story: Story) -> None:
    # Of two segments the first may be the one that ends because the new time was noticed.
    story.wait_segments(1)
    story.clock.set_ahead(-HOUR_S)
    story.wait_segments(2)
    story.clock.set_ahead(0)
    story.wait_segments(3)  # and the second may be cut short by the border that follows
    story.clock.set_ahead(-15)  # onto what was recorded just before
    story.wait_segments(2)


def through_the_change(change: datetime) -> Callable[[Story], None]:
    """Past the change of the clocks, and past the midnight that ends the day."""

    def tell(story: Story) -> None:
        story.clock.set_to(change - timedelta(seconds=BEFORE_S))
        story.wait_past(change)
        day = change.astimezone(BERLIN).date() + timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
        story.clock.set_to(midnight - timedelta(seconds=BEFORE_S))
        story.wait_past(midnight)

    return tell


@dataclass(frozen=True)
class Told:
    """How a story ended. `pids`: of all processes, when they recorded first and at the end."""

    story: Story
    pids: tuple[dict[str, int], dict[str, int]]
    ended_us: int
    sent: list[SentSession] = field(default_factory=list)

    @property
    def segments(self) -> list[Dated]:
        return dated(self.story.program, self.story.name)

    @property
    def recording(self) -> Recording:
        return recording_of(self.sent, self.story.program.segments(self.story.name))


STORIES: dict[str, tuple[str, Callable[[Story], None]]] = {
    "steps": ("UTC", set_back_and_forward),
    "autumn": ("Europe/Berlin", through_the_change(AUTUMN)),
    "spring": ("Europe/Berlin", through_the_change(SPRING)),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clock")
    cameras = [
        SimulatedCamera(name, width=320, height=240, fps=15, gop_s=1, bitrate_kbps=150, live=True) for name in STORIES
    ]
    with SimulatorServer(cameras) as server:
        stories = {name: Story(folder / name, name, server, zone) for name, (zone, _) in STORIES.items()}

        def tell(story: Story) -> Told:
            story.program.start()
            story.program.wait_recording(story.name)
            before = pids(story.program)
            STORIES[story.name][1](story)
            after = pids(story.program)
            ended_us = time.time_ns() // 1000
            assert story.program.stop() == 0
            story.program.complete()
            return Told(story, (before, after), ended_us)

        try:
            with ThreadPoolExecutor() as pool:
                all_told = list(pool.map(tell, stories.values()))
            # One after the other: the simulator answers one question at a time.
            yield {one.story.name: replace(one, sent=server.sent(one.story.name)) for one in all_told}
        finally:
            for story in stories.values():
                story.program.end()


def pids(program: Program) -> dict[str, int]:
    found = {process["name"]: process["pid"] for process in program.status()["processes"]}
    return {name: pid for name, pid in found.items() if name != "preparation"}


@pytest.mark.parametrize("name", STORIES)
def test_no_frame_is_lost_or_twice_and_no_segment_is_overwritten(told, name):
    assert len(told[name].sent) == 1, "a connection was given up"
    assert_nothing_lost(told[name].recording, told[name].ended_us)
    assert told[name].story.program.chunks(name) == []


@pytest.mark.parametrize("name", STORIES)
def test_segments_are_dated_by_the_clock_that_was_valid_when_they_began(told, name):
    recording, clock = told[name].recording, told[name].story.clock
    start_us = {one.path: one.start_us for one in told[name].segments}
    used: set[int] = set()
    for piece in recording.pieces:
        sent_us = recording.sent_us(piece)
        ahead_us = start_us[piece.path] - sent_us
        expected_us = clock.ahead_us(sent_us, NOTICED_US)
        near = [one for one in expected_us if abs(ahead_us - one) < DATED_WITHIN_US]
        assert near, f"{piece.path.name} is dated {ahead_us / US} s ahead, not {expected_us}"
        used.update(near)
    assert used == {ahead_us for _, ahead_us in clock.settings}


@pytest.mark.parametrize("name", STORIES)
def test_no_segment_reaches_over_a_step_of_the_clock(told, name):
    for one in told[name].segments:
        assert 0 < one.end_us - one.start_us < (SEGMENT_S + 3) * US, one.path.name


@pytest.mark.parametrize("name", STORIES)
def test_names_and_day_folders_tell_the_local_time(told, name):
    zone = told[name].story.zone
    for one in told[name].segments:
        parsed = parse_name(one.path.name)
        assert parsed is not None
        stamp = parsed[0].stamp
        assert one.path.parent.name == day_of(stamp) == f"{local(one.start_us, zone):%Y%m%d}"
        if stamp != stamp_of(one.start_us, zone):
            # The minute's name was taken: that of the second, or the next one that was free.
            off_us = stamp_start_us(stamp, zone) - one.start_us
            assert -US < off_us < 10 * US, f"{stamp} for a segment of {local(one.start_us, zone)}"


def test_setting_the_clock_back_onto_recorded_minutes_gives_names_with_seconds(told):
    """Else the test above proved nothing: names met."""
    spans = [(one.start_us, one.end_us) for one in told["steps"].segments]
    assert any(before[1] > after[0] + US for before, after in pairwise(spans))


def test_the_hour_that_repeats_in_autumn_has_names_with_b(told):
    change_us = round(AUTUMN.timestamp()) * US
    stamps = {one.path.name.split(".", 1)[1].removesuffix(".mp4"): one.start_us for one in told["autumn"].segments}
    day = {stamp: start_us for stamp, start_us in stamps.items() if abs(start_us - change_us) < HOUR_S * US}
    assert {stamp for stamp in day if stamp.endswith("b")} == {
        s for s, start_us in day.items() if start_us >= change_us
    }
    assert "20261025.0259" in day and "20261025.0200b" in day
    assert day["20261025.0200b"] - change_us < 2 * US, "the segment is cut where the clocks change"


def test_the_hour_that_is_left_out_in_spring_is_in_no_name(told):
    change_us = round(SPRING.timestamp()) * US
    stamps = {one.path.name.split(".", 1)[1].removesuffix(".mp4"): one.start_us for one in told["spring"].segments}
    assert "20260329.0159" in stamps and "20260329.0300" in stamps
    assert 0 <= stamps["20260329.0300"] - change_us < 2 * US
    assert not [stamp for stamp in stamps if stamp.startswith("20260329.02") or stamp.endswith("b")]


@pytest.mark.parametrize(("name", "days"), [("autumn", ("20261025", "20261026")), ("spring", ("20260329", "20260330"))])
def test_the_day_of_the_change_ends_at_its_own_midnight(told, name, days):
    dst = told[name].story.program.data_dir / "cameras" / name
    for day in days:
        assert list((dst / day).glob("*.mp4")), day
    first = min(one.start_us for one in told[name].segments if one.path.parent.name == days[1])
    assert local(first, BERLIN).time().replace(microsecond=0).isoformat() in ("00:00:00", "00:00:01")


@pytest.mark.parametrize("name", STORIES)
def test_no_process_was_replaced(told, name):
    before, after = told[name].pids
    assert before == after


@pytest.mark.parametrize("name", STORIES)
def test_all_of_it_plays_and_verify_finds_nothing_wrong(told, name):
    program = told[name].story.program
    assert complaints_of(program.segments(name)) == {}
    verified = program.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize("name", STORIES)
def test_time_that_a_clock_skipped_is_accounted_for_as_that(told, name):
    segments = sorted(told[name].segments, key=lambda one: one.start_us)
    gaps_us = [after.start_us - before.end_us for before, after in pairwise(segments)]
    with Store.open(f"sqlite:///{told[name].story.program.data_dir / 'pynvr.sqlite'}") as store:
        from_us, to_us = segments[0].start_us, segments[-1].end_us
        coverage = coverage_of(store, [name], from_us, to_us, now_us=to_us)[name]
    assert max(gaps_us) > HOUR_S * US / 2, "nothing was skipped, so this shows nothing"
    skipped_us = coverage.sums_us.get(Cause.CLOCK, 0)
    assert skipped_us > HOUR_S * US / 2
    # Of a time that the clock showed twice, what was said the first time counts too.
    most_us = 30 * US if name == "steps" else 0
    assert coverage.sums_us.get(Cause.FAULT, 0) <= most_us, coverage.accounts
