"""Whole connections from hand-written units: where chunks are cut, when frames were, what is not recorded."""

import gc
import os
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.chunk import Streams, pts_at
from pynvr.archive.disk import disk_error
from pynvr.base.errors import DiskError, SourceError
from pynvr.media.timestamps import Timestamps
from pynvr.media.unit import Sample, Unit
from pynvr.model.cause import Cause
from pynvr.model.frame import AUDIO_TRACK, Track
from pynvr.model.schedule import Period
from pynvr.model.settings import Record
from pynvr.model.stamp import instant_us, stamp_of
from pynvr.recorder.session import Session
from pynvr.recorder.shelf import RecordingShelf
from pynvr.recorder.syncing import Syncer
from pynvr.recorder.tally import Tally
from tests.media.encoded import SCALE, encode, nals, split_sample, units
from tests.media.hand_clock import HandClock
from tests.recorder.making import FakeFeed, chunks_of, make_heart, make_order, samples_of

VIENNA = ZoneInfo("Europe/Vienna")
FPS = 5
NOON = datetime(2026, 5, 1, 12, 0, 3, tzinfo=VIENNA)


class PromptSyncer(Syncer):
    """Forces to disk at once and in the caller's thread, so that it is known what was forced before what."""

    def start(self):
        pass

    def follow(self, writer):
        super().follow(writer)
        self._sync_once()


class Stage:
    """A session with a clock moved by its own units; frames arrive when they were taken."""

    def __init__(self, tmp_path, start=NOON, **order):
        self.clock = HandClock(now_us=instant_us(start))
        self.first_s = self.clock.monotonic_s()
        self.order = make_order(tmp_path, zone=VIENNA, **order)
        self.tally = Tally()
        self.syncer = Syncer(1000)
        self.shelf = None
        self.heart, self._master = make_heart()
        self.beats = []
        self.failures = []
        self.steps = {}
        self.events = []

    def set_clock_at(self, media_s, by_s):
        self.steps[media_s] = by_s

    def run(self, frames, audio=None, former=None, end=None):
        """Record the frames; the error with which the connection ended."""
        given = units(frames, self.first_s) if not isinstance(frames[0], Unit) else frames
        feed = FakeFeed(given, self._before, former, audio, end)
        session = Session(
            self.order,
            feed,
            shelf=self.shelf or RecordingShelf(self.order),
            syncer=self.syncer,
            tally=self.tally,
            clock=self.clock,
            report=self._report,
        )
        self.session = session
        self.syncer.start()
        try:
            session.run(self.heart)
        except SourceError as err:
            return err
        finally:
            self.syncer.stop(5)
        return None

    def at(self, unit, event):
        """Something happens just before the unit comes."""
        self.events.append((unit, event))

    def _report(self, session):
        self.beats.append(session)
        if session.disk_failure is not None:
            self.failures.append(session.disk_failure)

    def _before(self, unit):
        passed_s = unit.arrival_s - self.clock.monotonic_s()
        if passed_s > 0:
            self.clock.pass_s(passed_s)
        for media_s, by_s in list(self.steps.items()):
            if unit.arrival_s - self.first_s >= media_s:
                self.clock.set_by_s(by_s)
                del self.steps[media_s]
        for due, event in self.events:
            if due is unit:
                event()


def film(seconds, first_s=0, **how):
    """`seconds` of frames with a keyframe each two seconds."""
    frames = encode(count=round(seconds * FPS), fps=FPS, gop=2 * FPS, **how)
    return [(data, pts + round(first_s * SCALE), is_key) for data, pts, is_key in frames]


def stamps_of(order):
    return [path.name.removeprefix("gate.").removesuffix(".chunk") for path, _ in chunks_of(order)]


def starts_of(order):
    """Seconds after the session's start of each chunk's first frame."""
    return [contents.frames[0].time_us for _, contents in chunks_of(order)]


def local_times(order):
    return [stamp_of(us, VIENNA, seconds=True)[9:] for us in starts_of(order)]


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


def test_every_frame_is_in_just_one_chunk_and_unchanged(stage):
    frames = film(45)
    stage.run(frames)
    recorded = [split_sample([sample]) for sample in samples_of(stage.order)]
    assert recorded == [nals(data) for data, _, _ in frames]
    assert len(chunks_of(stage.order)) == 5
    assert stage.tally.frames == len(frames)


def test_chunks_are_cut_at_the_first_keyframe_after_each_boundary(stage):
    stage.run(film(45))
    assert local_times(stage.order) == ["120003", "120011", "120021", "120031", "120041"]
    assert stamps_of(stage.order) == [
        "20260501.1200",
        "20260501.120011",
        "20260501.120021",
        "20260501.120031",
        "20260501.120041",
    ]
    assert all(contents.frames[0].is_key for _, contents in chunks_of(stage.order))


def paused(frames, from_s, by_s):
    return [(data, pts + (round(by_s * SCALE) if pts >= from_s * SCALE else 0), key) for data, pts, key in frames]


def test_a_pause_over_the_border_of_two_chunks_is_noted_for_only_the_recorder_knows_of_it(stage):
    stage.run(paused(film(20), 8, 3))
    first, second, *_ = (contents for _, contents in chunks_of(stage.order))
    assert stage.tally.pause_us == (first.frames[-1].time_us, second.frames[0].time_us)
    assert {"paused_from_us", "paused_to_us"} < stage.tally.figures(0).keys()


def test_where_the_recorder_came_too_late_for_packets_it_does_not_blame_the_camera(stage):
    given = units(paused(film(20), 8, 3), stage.first_s)
    stage.at(given[8 * FPS], lambda: setattr(stage.session.feed, "lost", 3))
    stage.run(given)
    assert len(chunks_of(stage.order)) > 1
    assert stage.tally.pause_us is None and stage.tally.delay_us is None


def test_what_was_lost_earlier_explains_no_later_pause(stage):
    given = units(paused(film(30), 18, 3), stage.first_s)
    stage.at(given[2], lambda: setattr(stage.session.feed, "lost", 3))
    stage.run(given)
    assert stage.tally.pause_us is not None


def test_it_is_noted_of_a_camera_that_stutters_just_then_too(stage):
    frames = paused([frame for frame in film(20) if frame[2] or not 4 <= frame[1] / SCALE < 8], 7, 0.5)
    # They come late and all at once, so that by the last beat there is hardly a frame a second.
    stage.run(
        [unit._replace(arrival_s=max(unit.arrival_s, stage.first_s + 8.4)) for unit in units(frames, stage.first_s)]
    )
    assert stage.tally.pause_us is not None
    from_us, to_us = stage.tally.pause_us
    assert to_us - from_us == pytest.approx(2_500_000, abs=50_000)


def test_a_camera_of_few_frames_makes_no_pauses_by_that(stage):
    stage.run([(data, pts * 10, True) for data, pts, _ in encode(count=20, fps=FPS, gop=1)])
    assert len(chunks_of(stage.order)) > 2
    assert stage.tally.pause_us is None


@pytest.mark.parametrize(
    ("pause", "step_s"),
    [((4, 2.5), 0), ((8, 0.5), 0), ((8, 0), 3600)],
    ids=["within one", "a short one", "a clock set"],
)
def test_nothing_else_is_taken_for_a_pause(stage, pause, step_s):
    stage.set_clock_at(5, step_s)
    stage.run(paused(film(20), *pause))
    assert len(chunks_of(stage.order)) > 1
    assert stage.tally.pause_us is None
    assert "paused_from_us" not in stage.tally.figures(0)


def test_a_way_that_becomes_longer_is_no_pause_of_the_camera(stage):
    given = units(film(110), stage.first_s)
    late = [unit._replace(arrival_s=unit.arrival_s + 3 * (unit.arrival_s - stage.first_s >= 20)) for unit in given]
    stage.run(late)
    contents = [contents for _, contents in chunks_of(stage.order)]
    assert sum(len(each.frames) for each in contents) == len(given)
    assert stage.tally.pause_us is None
    assert stage.tally.delay_us is not None
    from_us, to_us = stage.tally.delay_us
    assert to_us - from_us == pytest.approx(3_200_000, abs=50_000)
    assert {"delayed_from_us", "delayed_to_us"} < stage.tally.figures(0).keys()
    assert "paused_from_us" not in stage.tally.figures(0)


def test_keyframes_minutes_apart_make_long_chunks(stage):
    frames = encode(count=60 * FPS, fps=FPS, gop=25 * FPS)
    stage.run(frames)
    assert local_times(stage.order) == ["120003", "120028", "120053"]


def test_times_are_smooth_and_give_the_ticks_back(stage):
    frames = film(30)
    jittered = [
        unit._replace(arrival_s=unit.arrival_s + (n * 37 % 11) / 100)
        for n, unit in enumerate(units(frames, stage.first_s))
    ]
    stage.run(jittered)
    for _, contents in chunks_of(stage.order):
        anchor = Streams((), contents.anchor_pts, contents.anchor_us)
        for frame in contents.frames:
            assert pts_at(frame.time_us, anchor, SCALE) == frame.pts
    times = [frame.time_us for _, contents in chunks_of(stage.order) for frame in contents.frames]
    steps = [later - earlier for earlier, later in pairwise(times)]
    assert all(100_000 < step < 300_000 for step in steps)
    assert abs(times[0] - instant_us(NOON)) < 110_000


def test_frames_before_the_first_keyframe_are_not_recorded(stage):
    frames = film(10)
    stage.run(frames[3:])
    assert len(samples_of(stage.order)) == len(frames) - 10
    assert stage.tally.skipped_frames == 7


def test_a_changed_size_starts_a_new_chunk(stage):
    stage.run(film(4) + film(4, first_s=4, width=320, height=180))
    sizes = [(contents.tracks[0].width, contents.tracks[0].height) for _, contents in chunks_of(stage.order)]
    assert sizes == [(128, 96), (320, 180)]
    assert stamps_of(stage.order) == ["20260501.1200", "20260501.120007"]


@pytest.mark.parametrize("hours", [1, -1])
def test_a_step_of_the_machines_clock_starts_a_chunk_with_the_right_date(stage, hours):
    stage.set_clock_at(3.5, hours * 3600)
    stage.run(film(8))
    hour = 12 + hours
    assert local_times(stage.order) == ["120003", f"{hour}0009"] or local_times(stage.order) == [
        f"{hour}0009",
        "120003",
    ]
    assert len(samples_of(stage.order)) == 8 * FPS


def test_a_clock_set_back_overwrites_nothing(stage):
    stage.set_clock_at(24.5, -20)
    stage.run(film(50))
    assert len(samples_of(stage.order)) == 50 * FPS
    assert len(set(stamps_of(stage.order))) == len(stamps_of(stage.order)) >= 6


def test_the_hour_that_repeats_in_autumn_is_recorded_twice(tmp_path):
    stage = Stage(tmp_path, datetime(2026, 10, 25, 2, 59, 48, tzinfo=VIENNA))
    stage.run(film(30))
    assert stamps_of(stage.order) == ["20261025.0259", "20261025.025950", "20261025.0200b", "20261025.020010b"]


def test_a_jump_of_the_cameras_clock_is_bridged_within_the_chunk(stage):
    stamps = Timestamps(SCALE)
    sent = units(film(4) + film(4, first_s=4), stage.first_s)
    jumped = [unit._replace(pts=unit.pts + (7 << 20 if n >= 20 else 0)) for n, unit in enumerate(sent)]
    repaired = []
    for unit in jumped:
        pts, dts, duration = stamps.repair(unit.pts, unit.pts, unit.duration, unit.arrival_s)
        repaired.append(unit._replace(pts=pts, dts=dts, duration=duration))
    stage.run(repaired)
    assert len(chunks_of(stage.order)) == 1
    assert starts_of(stage.order)[0] == instant_us(NOON)
    assert chunks_of(stage.order)[0][1].frames[-1].time_us == instant_us(NOON) + 7_800_000


EVENING = Record(mode="schedule", schedule=(Period(frozenset(range(7)), 12 * 3600, 12 * 3600 + 10),))


def test_a_schedule_ends_at_its_second(tmp_path):
    stage = Stage(tmp_path, record=EVENING)
    assert stage.run(film(20)) is None
    contents = chunks_of(stage.order)[0][1]
    assert contents.frames[-1].time_us == instant_us(NOON) + 6_800_000
    assert len(samples_of(stage.order)) == 7 * FPS
    assert stage.session.cutter.window is not None
    assert stage.session.cutter.window.cause == Cause.SCHEDULE


def test_a_schedule_begins_with_the_next_keyframe(tmp_path):
    stage = Stage(tmp_path, datetime(2026, 5, 1, 11, 59, 55, tzinfo=VIENNA), record=EVENING)
    stage.run(film(20))
    assert local_times(stage.order) == ["120001"]
    assert samples_of(stage.order)
    assert chunks_of(stage.order)[0][1].frames[-1].time_us < instant_us(datetime(2026, 5, 1, 12, 0, 10, tzinfo=VIENNA))


class PlainAudio:
    """Sound that needs nothing done."""

    track = Track(AUDIO_TRACK, "audio", "aac", SCALE, b"mp4a", sample_rate=8000, channels=1)

    def feed(self, unit):
        return [Sample(unit.pts, unit.dts, unit.duration, True, (memoryview(unit.data),), len(unit.data))]

    def key_at(self, pts):
        pass

    def finish(self):
        return []

    def close(self):
        pass


def sound(seconds, first_s):
    """Packets of 100 ms on a clock of its own."""
    return [
        Unit(AUDIO_TRACK, 777 + n * 9000, 777 + n * 9000, 9000, True, bytearray(b"%05d" % n), first_s + n / 10)
        for n in range(round(seconds * 10))
    ]


def test_sound_is_in_step_with_the_video_and_in_the_chunk_that_was_open(stage):
    video = units(film(25), stage.first_s)
    mixed = sorted(video + sound(25, stage.first_s), key=lambda unit: unit.arrival_s)

    stage.run(mixed, audio=PlainAudio())
    found = [frame for _, contents in chunks_of(stage.order) for frame in contents.frames if frame.track == AUDIO_TRACK]
    assert samples_of(stage.order, AUDIO_TRACK)[0] == b"00000"
    assert len(found) == 250
    for n, frame in enumerate(found):
        assert abs(frame.time_us - instant_us(NOON) - n * 100_000) < 2_000
    assert all(len(contents.tracks) == 2 for _, contents in chunks_of(stage.order))


def test_a_process_that_is_to_stop_stops_after_the_frame(stage):
    frames = film(10)
    given = units(frames, stage.first_s)

    def before(unit):
        if unit is given[17]:
            stage.heart.stopping = True

    feed = FakeFeed(given, before)
    session = Session(
        stage.order,
        feed,
        shelf=RecordingShelf(stage.order),
        syncer=stage.syncer,
        tally=stage.tally,
        clock=stage.clock,
        report=stage.beats.append,
    )
    session.run(stage.heart)
    assert stage.tally.frames == 18


def test_a_beat_comes_about_each_second_and_when_recording_begins(stage):
    stage.run(film(10))
    assert 9 <= len(stage.beats) <= 12


def test_the_disk_of_somebody_else_is_not_written_to(stage):
    (stage.order.camera.dst / ".pynvr-disk").write_text("another\n")
    stage.run(film(4))
    assert stage.session.disk_failure.cause == Cause.DISK_MISSING
    assert not chunks_of(stage.order)
    assert stage.tally.skipped_frames == 4 * FPS


def test_a_disk_that_goes_and_comes_back_costs_the_frames_between_and_no_connection(stage):
    stage.syncer = PromptSyncer(1000)  # one that comes late finds the folder gone, which is another test's failure
    given = units(film(30), stage.first_s)
    dst = stage.order.camera.dst
    unplugged = dst.with_name("unplugged")
    # The chunk of 12:00:03 goes on, for nothing is asked of the disk's name until the next one is begun at 12:00:11.
    stage.at(given[30], lambda: dst.rename(unplugged))
    stage.at(given[61], lambda: unplugged.rename(dst))
    error = stage.run(given)
    assert str(error) == "the camera ended the stream"
    assert local_times(stage.order) == ["120003", "120017", "120021", "120031"]
    assert len(samples_of(stage.order)) == (8 + 16) * FPS
    assert stage.failures[0].cause == Cause.DISK_MISSING
    assert stage.session.disk_failure is None
    assert "unplugged" not in os.listdir(stage.order.system.data_dir)


def test_a_sync_that_fails_ends_the_chunk(stage):
    given = units(film(10), stage.first_s)
    failure = DiskError("the disk didn't take it", Cause.DISK_MISSING)
    stage.at(given[20], lambda: setattr(stage.syncer, "failure", failure))
    stage.run(given)
    assert [str(each) for each in stage.failures] == ["the disk didn't take it"] * 2
    # After frame 20, a keyframe, the next second begins; so the keyframe after that, frame 30, is the first again.
    assert [len(contents.frames) for _, contents in chunks_of(stage.order)] == [21, 10, 10]


def test_a_disk_that_stays_full_is_asked_once_a_second(stage, monkeypatch):
    asked = []

    def full(*_args):
        asked.append(stage.clock.monotonic_s())
        raise DiskError("it is full", Cause.DISK_FULL)

    monkeypatch.setattr("pynvr.recorder.shelf.check_disk", full)
    stage.run(encode(count=50, fps=FPS, gop=1))
    # The first units are held back a little, so the first question comes late.
    assert all(later - earlier > 0.79 for earlier, later in pairwise(asked))
    assert len(asked) == 10
    assert stage.tally.frames == 0


def test_a_day_folder_that_may_not_be_entered_is_a_disk_that_cant_be_used(stage, monkeypatch):
    def refused(*_given, **_named):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pynvr.recorder.shelf.free_stamp", refused)
    stage.run(film(4))
    assert stage.session.disk_failure.cause == Cause.DISK_MISSING
    assert "Permission denied" in str(stage.session.disk_failure)


def test_failures_of_the_disk_leave_nothing_to_collect(stage, monkeypatch):
    def full(*_args):
        try:
            os.statvfs("/nowhere/at/all")
        except OSError as err:
            raise disk_error(err, "look") from err

    monkeypatch.setattr("pynvr.recorder.shelf.check_disk", full)
    given = units(encode(count=100, fps=FPS, gop=1), stage.first_s)
    garbage = []
    stage.at(given[10], gc.collect)
    stage.at(given[99], lambda: garbage.append(gc.collect()))
    gc.disable()
    try:
        stage.run(given)
    finally:
        gc.enable()
    assert garbage == [0]


def test_a_chunk_that_is_long_enough_ends_before_the_next_keyframe(stage):
    stage.shelf = RecordingShelf(stage.order)
    stage.shelf.longest_bytes = 20_000
    frames = film(10)
    stage.run(frames)
    chunks = [contents for _, contents in chunks_of(stage.order)]
    assert len(chunks) > 1
    assert all(contents.frames[0].is_key for contents in chunks)
    assert stage.tally.frames + stage.tally.skipped_frames == len(frames)
    assert stage.tally.skipped_frames > 0
