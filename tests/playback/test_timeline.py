"""The time axis out of tiles is what the rows themselves say, however often they change in between."""

import random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pynvr.base.errors import StoreError
from pynvr.config.load import load
from pynvr.model.cause import Cause, Transition
from pynvr.model.segment import Segment
from pynvr.model.stamp import stamp_of
from pynvr.playback.growing import Growing
from pynvr.playback.timeline import Timeline, bucketed, drawable, unit_for
from pynvr.playback.timeline_tiles import Strip, joined_runs, tile_of
from pynvr.store.accounting import coverage_of
from pynvr.store.axis import Axis
from pynvr.store.by_the_way import LEFT_ALONE_S, ByTheWay
from pynvr.store.coverage import Account
from pynvr.store.day_tiles import DayTiles
from pynvr.store.segments import SegmentKey
from pynvr.store.store import Store

S = 1_000_000
MINUTE, HOUR, DAY = 60 * S, 3600 * S, 86_400 * S
T0 = 1_772_323_200 * S  # 2026-03-01 00:00 UTC
VIENNA = ZoneInfo("Europe/Vienna")
NOW = T0 + 40 * DAY


class Archive:
    def __init__(self, folder, zone="Europe/Vienna"):
        config = folder / "nvr.json"
        camera = '{"id": "gate", "url": "rtsp://192.0.2.1/"}'
        config.write_text(f'{{"system": {{"data_dir": "{folder}", "timezone": "{zone}"}}, "cameras": [{camera}]}}')
        config.chmod(0o600)
        self.settings = load(config)
        self.store = Store.open(self.settings.system.database)
        self.at_s = 0.0
        self.by_the_way = ByTheWay(lambda: self.at_s)
        self.timeline = Timeline(self.store, Growing(), self.by_the_way)

    def add(self, start_us, length_us=MINUTE, activity=b"", zone=VIENNA, camera_id="gate"):
        stamp = stamp_of(start_us, zone, seconds=True)
        row = Segment(camera_id, stamp, start_us, start_us + length_us, "/v", 1500, 100, "h264", 2, 2, "", activity)
        self.store.segments.add(row)

    def remove(self, start_us):
        return self.store.segments.remove([SegmentKey("/v", "gate", stamp_of(start_us, VIENNA, seconds=True))])

    def axis(self, from_us, to_us, bucket_s=60, now_us=NOW):
        axes = self.timeline.axis(self.settings, ["gate"], from_us, to_us, bucket_us=round(bucket_s * S), now_us=now_us)
        return axes["gate"]

    def recorded(self, from_us, to_us):
        accounts = self.axis(from_us, to_us).accounts
        return [(account.start_us, account.end_us) for account in accounts if account.cause is Cause.RECORDED]


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path)
    yield made
    made.store.close()


def some_days(archive, seed, days=3):
    """Minutes with gaps, odd starts, odd lengths."""
    chance = random.Random(seed)
    at_us = T0 + chance.randrange(MINUTE)
    rows = []
    while at_us < T0 + days * DAY:
        length_us = chance.choice((MINUTE, MINUTE, MINUTE, 20 * S, 90 * S + 1, 700_001))
        activity = bytes(chance.randrange(256) for _ in range(-(-length_us // S))) if chance.random() < 0.9 else b""
        rows.append((at_us, length_us, activity))
        at_us += length_us + (chance.randrange(3 * HOUR) if chance.random() < 0.02 else 0)
    with archive.store.transaction():
        for row in rows:
            archive.add(*row)
    return rows


@pytest.fixture(scope="module")
def three_days(tmp_path_factory):
    """For tests that change nothing."""
    made = Archive(tmp_path_factory.mktemp("days"))
    some_days(made, 5)
    yield made
    made.store.close()


@pytest.mark.parametrize("bucket_s", [1, 7, 10, 30, 60, 90, 300, 3600])
def test_tiles_say_what_the_rows_say(three_days, bucket_s):
    archive = three_days
    archive.timeline = Timeline(archive.store, Growing(), archive.by_the_way)
    from_us, to_us = T0 + 5 * HOUR, T0 + 30 * HOUR
    from_us -= from_us % (bucket_s * S)
    whole = archive.axis(from_us, to_us, bucket_s)
    pieces = []
    step_us = 6 * HOUR // (bucket_s * S) * bucket_s * S
    for at_us in range(from_us, to_us, step_us):
        # Up to six hours come from the rows themselves.
        pieces.append(archive.axis(at_us, min(at_us + step_us, to_us), bucket_s).activity)
    assert whole.activity == b"".join(pieces)
    assert set(whole.activity) > {255}
    bare = coverage_of(archive.store, ["gate"], from_us, to_us, now_us=NOW)["gate"]
    assert whole.accounts == bare.accounts


def test_a_day_goes_on_where_it_ended_and_is_read_anew_when_rows_went(archive, monkeypatch):
    read = []
    of_day = Axis.of_day

    def counted(axis, camera_id, day, after_us=0):
        rows = of_day(axis, camera_id, day, after_us)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(Axis, "of_day", counted)
    noon = T0 + 12 * HOUR
    for minute in range(30):
        archive.add(noon + minute * MINUTE)
    day = (T0 + 2 * HOUR, T0 + 20 * HOUR)
    assert archive.recorded(*day) == [(noon, noon + 30 * MINUTE)]
    assert archive.recorded(*day) == [(noon, noon + 30 * MINUTE)]
    archive.add(noon + 30 * MINUTE)
    archive.add(noon + 40 * MINUTE)
    assert archive.recorded(*day) == [(noon, noon + 31 * MINUTE), (noon + 40 * MINUTE, noon + 41 * MINUTE)]
    archive.add(noon - 5 * MINUTE)  # a left chunk, finished late
    assert archive.recorded(*day)[0] == (noon - 5 * MINUTE, noon - 4 * MINUTE)
    assert archive.remove(noon + 3 * MINUTE) == 1
    assert archive.recorded(*day)[1:3] == [
        (noon, noon + 3 * MINUTE),
        (noon + 4 * MINUTE, noon + 31 * MINUTE),
    ]
    assert read == [30, 2, 0, 33, 32]


def test_finished_days_outlive_the_process_and_go_with_their_recordings(archive, monkeypatch):
    rows = some_days(archive, 6)
    before = archive.axis(T0, T0 + 3 * DAY, 600)
    assert set(archive.store.day_tiles.between("gate", "20260301", "20260303")) == {"20260301", "20260302", "20260303"}
    with monkeypatch.context() as patch:
        patch.setattr(Axis, "of_day", None)
        archive.timeline = Timeline(archive.store, Growing(), archive.by_the_way)
        assert archive.axis(T0, T0 + 3 * DAY, 600) == before
    for at_us, _, _ in rows:
        archive.remove(at_us)
    assert archive.store.day_tiles.between("gate", "00000000", "99999999") == {}
    assert set(archive.axis(T0, T0 + 3 * DAY, 600).activity) == {255}


def test_who_looks_at_the_axis_waits_once_for_a_locked_database(archive, monkeypatch):
    some_days(archive, 6)
    tried = []

    def held_up(_shelf, tiles):
        tried.append([tile.day for tile in tiles])
        raise StoreError("database is locked")

    def look(day):
        return set(archive.axis(T0 + day * DAY, T0 + (day + 1) * DAY, 600).activity)

    with monkeypatch.context() as patch:
        patch.setattr(DayTiles, "put", held_up)
        assert all(look(day) > {255} for day in range(3))
        assert len(tried) == 1
    archive.at_s += LEFT_ALONE_S
    archive.timeline = Timeline(archive.store, Growing(), archive.by_the_way)
    assert look(1) > {255}
    assert "20260302" in archive.store.day_tiles.between("gate", "20260301", "20260303")


def test_a_day_that_goes_on_is_not_kept(archive):
    archive.add(NOW - HOUR)
    assert archive.recorded(NOW - 8 * HOUR, NOW) == [(NOW - HOUR, NOW - HOUR + MINUTE)]
    assert archive.store.day_tiles.between("gate", "00000000", "99999999") == {}


def test_folders_named_in_another_time_zone_are_found(archive):
    """The zone of nvr.json was changed: old stamps lie half a day beside their local day."""
    auckland = ZoneInfo("Pacific/Auckland")
    for hour in range(48):
        archive.add(T0 + hour * HOUR, zone=auckland)
    found = archive.recorded(T0 + 12 * HOUR, T0 + 36 * HOUR)
    assert found == [(T0 + hour * HOUR, T0 + hour * HOUR + MINUTE) for hour in range(12, 36)]


def test_a_segment_that_reaches_over_midnight_belongs_to_both_days(archive):
    midnight = T0 + 23 * HOUR  # of Vienna
    archive.add(midnight - 2 * MINUTE, 10 * MINUTE)
    assert archive.recorded(midnight, midnight + 10 * HOUR) == [(midnight, midnight + 8 * MINUTE)]


def test_a_gap_has_its_cause_out_of_tiles_too(archive):
    archive.add(T0 + HOUR)
    archive.add(T0 + 20 * HOUR)
    told = [Transition("gate", T0 + HOUR + 70 * S, Cause.STALLED, "no video for 5 s")]
    archive.store.causes.ingest(told, "test", 1)
    accounts = archive.axis(T0 + 2 * HOUR, T0 + 19 * HOUR).accounts
    assert accounts == (Account(T0 + 2 * HOUR, T0 + 19 * HOUR, Cause.STALLED, "no video for 5 s"),)


@given(
    st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=90)), max_size=6),
    st.integers(0, 300),
    st.integers(1, 700),
    st.sampled_from([1, 3, 10, 20, 59, 60, 61, 120, 300, 301, 900]),
)
@example([(48, b"\0\0\1")], 0, 41, 20)
def test_a_bucket_is_the_highest_of_its_seconds(rows, from_s, length_s, bucket_s):
    base_s = T0 // S
    rows = [(T0 + at * S, T0 + (at + len(told)) * S, 1, 1, told) for at, told in sorted(rows)]
    from_us, to_us, bucket_us = (base_s + from_s) * S, (base_s + from_s + length_s) * S, bucket_s * S
    unit_s = unit_for(from_us, to_us, bucket_us)
    strip = Strip(base_s, unit_s)
    strip.reach(T0 + 700 * S)
    strip.fill(rows)
    levels = bucketed([strip], from_us, to_us, bucket_us)
    seconds: dict[int, int] = {}
    for start_us, _, _, _, told in rows:
        for offset, value in enumerate(told):
            second = start_us // S + offset
            # Of two recordings of a second, by the second the later one counts, else the higher.
            known = -1 if unit_s == 1 else seconds.get(second, -1)
            seconds[second] = max(known, min(value, 254))
    assert len(levels) == -(-length_s // bucket_s)
    if bucket_s >= 300:
        return  # whose edges may move by a minute
    for number, level in enumerate(levels):
        begin = base_s + from_s + number * bucket_s
        end = begin + bucket_s
        # The last unit that the period touches is the last that counts.
        end = min(end, -(-(base_s + from_s + length_s) // unit_s) * unit_s)
        expected = max((seconds.get(second, -1) for second in range(begin, end)), default=-1)
        assert level == (255 if expected < 0 else expected)


def test_a_long_time_is_not_put_together_of_its_seconds():
    odd_us = T0 + 17 * S + 3
    for length_us, bucket_s, unit_s in (
        (HOUR, 61, 1),
        (DAY, 299, 1),
        (346 * DAY, 299, 60),
        (69 * DAY, 60, 60),
        (3 * DAY, 59, 1),
        (3 * DAY, 20, 1),
    ):
        assert unit_for(odd_us, odd_us + length_us, bucket_s * S) == unit_s
    strip = Strip(T0 // S, 60)
    strip.reach(T0 + 3 * DAY)
    strip.fill([(T0 + HOUR, T0 + HOUR + MINUTE, 1, 1, bytes([7] * 60))])
    levels = bucketed([strip], odd_us, odd_us + 3 * DAY, 299 * S)
    assert len(levels) == -(-3 * 86_400 // 299)
    assert {level for level in levels if level != 255} == {7}


def test_rows_whose_times_cannot_be_right_cost_no_memory():
    endless = (T0, T0 + 400 * 365 * DAY, 1, 1, b"")
    tile = tile_of("gate", "20260301", [endless], 1)
    assert len(tile.levels) == 3 * 86_400
    assert joined_runs([endless])[0].end_us == endless[1]


def test_thousands_of_gaps_are_told_as_finely_as_they_can_be_drawn():
    accounts = []
    for number in range(5000):
        at_us = T0 + number * MINUTE
        accounts.append(Account(at_us, at_us + 50 * S, Cause.RECORDED))
        cause = Cause.STALLED if number % 1000 else Cause.DISABLED
        length_us = 10 * S
        accounts.append(Account(at_us + 50 * S, at_us + 50 * S + length_us, cause))
    accounts.append(Account(T0 + 5000 * MINUTE, T0 + 5100 * MINUTE, Cause.UNREACHABLE))
    assert len(drawable(tuple(accounts), HOUR)) == 2
    assert drawable(tuple(accounts), S) == tuple(accounts)
    assert drawable(tuple(accounts[:4000]), HOUR) == tuple(accounts[:4000])
