from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.settings import ReaperRule, Retention
from pynvr.model.status import DiskStatus
from pynvr.web.forecast import Load, forecast, usual_bytes_per_day

GB = 1_000_000_000
NONE = Retention()


def rule(**limits):
    return ReaperRule(Path("/disk"), **limits)


def disk(total_gb, used_gb, free_gb=None):
    free_gb = total_gb - used_gb if free_gb is None else free_gb
    return DiskStatus("/", total_gb * GB, used_gb * GB, free_gb * GB)


def load(name="a", gb_per_day=10.0, held_gb=0.0, retention=NONE):
    return Load(name, gb_per_day * GB, int(held_gb * GB), retention)


def test_without_a_rule_a_disk_is_full_when_its_room_is_used_up():
    found = forecast(disk(1000, 400), [load(gb_per_day=20), load("b", 10)], [])
    assert found.full_days == pytest.approx(20)
    assert found.kept_days == {"a": None, "b": None}


def test_cameras_that_limit_themselves_never_fill_a_disk_that_is_large_enough():
    found = forecast(disk(1000, 0), [load(retention=Retention(max_days=30))], [])
    assert found.full_days is None
    assert found.kept_days == {"a": 30}


def test_cameras_that_limit_themselves_fill_a_disk_that_is_too_small():
    limited = load(gb_per_day=10, held_gb=50, retention=Retention(max_days=30))
    assert forecast(disk(200, 50), [limited], []).full_days == pytest.approx(15)


def test_a_rule_lets_all_cameras_reach_back_equally_far():
    found = forecast(disk(1000, 0), [load(gb_per_day=30), load("b", 10)], [rule(percent=80)])
    assert found.full_days is None
    assert found.kept_days == {"a": pytest.approx(20), "b": pytest.approx(20)}
    assert found.room_bytes == 800 * GB


def test_what_else_lies_on_the_disk_takes_its_room():
    found = forecast(disk(1000, 500), [load(gb_per_day=10, held_gb=100)], [rule(percent=80)])
    assert found.kept_days == {"a": pytest.approx(40)}
    assert found.room_bytes == 400 * GB


def test_what_is_reserved_for_root_is_no_room():
    assert forecast(disk(1000, 0, free_gb=500), [load(gb_per_day=10)], []).full_days == pytest.approx(50)
    kept = forecast(disk(1000, 0, free_gb=500), [load(gb_per_day=10)], [rule(percent=90)]).kept_days
    assert kept == {"a": pytest.approx(49.95)}


def test_the_least_of_all_limits_holds():
    rules = [rule(percent=90), rule(keep_free_gb=500), rule(max_gb=300)]
    assert forecast(disk(1000, 0), [load()], rules).kept_days == {"a": pytest.approx(30)}
    assert forecast(disk(1000, 0), [load()], [rule(max_days=7)]).kept_days == {"a": 7}


def test_a_rule_keeps_a_little_free_whatever_it_says():
    assert forecast(disk(1000, 0), [load(gb_per_day=100)], [rule(max_days=365)]).kept_days == {
        "a": pytest.approx(9.995, abs=0.001)
    }


def test_a_camera_with_a_limit_leaves_its_room_to_the_others():
    few = load("few", 10, retention=Retention(max_days=5))
    found = forecast(disk(1000, 0), [few, load("b", 10)], [rule(percent=85)])
    assert found.kept_days == {"few": 5, "b": pytest.approx(80)}
    by_size = load("few", 10, retention=Retention(max_gb=50))
    assert forecast(disk(1000, 0), [by_size, load("b", 10)], [rule(percent=85)]).kept_days == found.kept_days


def test_others_give_way_to_a_camera_with_a_least():
    kept = load("kept", 10, retention=Retention(min_days=60))
    found = forecast(disk(1000, 0), [kept, load("b", 10)], [rule(percent=80)])
    assert found.kept_days == {"kept": 60, "b": pytest.approx(20)}


def test_a_camera_that_isnt_recorded_has_no_forecast():
    found = forecast(disk(1000, 0), [load("off", 0), load("b", 10)], [rule(percent=80)])
    assert found.kept_days == {"off": None, "b": pytest.approx(80)}


@given(
    st.integers(1, 10**13),
    st.floats(0, 1),
    st.integers(0, 10**13),
    st.lists(st.tuples(st.floats(0, 1e12), st.integers(0, 10**12)), max_size=8),
    st.sampled_from([[], [rule(percent=50)], [rule(max_gb=1)], [rule(max_days=3), rule(keep_free_gb=10)]]),
)
def test_a_forecast_is_there_for_whatever_a_disk_looks_like(total, used_share, free, cameras, rules):
    used = int(total * used_share)
    loads = [Load(str(n), rate, held, NONE) for n, (rate, held) in enumerate(cameras)]
    found = forecast(DiskStatus("/", total, used, min(total - used, free)), loads, rules)
    assert set(found.kept_days) == {one.camera_id for one in loads}
    assert found.full_days is None or found.full_days >= 0
    assert all(days is None or days >= 0 for days in found.kept_days.values())
    assert not rules or found.full_days is None


HOUR_US = 3_600_000_000


def test_a_usual_day_is_the_mean_of_whole_days():
    days = [("20260101", 1, HOUR_US), ("20260102", 100, 24 * HOUR_US), ("20260103", 200, 24 * HOUR_US)]
    assert usual_bytes_per_day([*days, ("20260104", 7, HOUR_US)], "20260104") == 150


def test_a_usual_day_is_guessed_from_hours_where_there_are_no_days():
    assert usual_bytes_per_day([("20260104", 50, 12 * HOUR_US)], "20260104") == pytest.approx(100)
    days = [("20260103", 25, 6 * HOUR_US), ("20260104", 25, 6 * HOUR_US)]
    assert usual_bytes_per_day(days, "20260104") == pytest.approx(100)
    assert usual_bytes_per_day([], "20260104") == 0
