"""What somebody is downloading goes last."""

import pytest

from pynvr.archive.paths import segment_path
from pynvr.model.room import GB
from tests.reaper.conftest import SIZE

DAY_US = 86_400_000_000
M = 60_000_000


def alive(paths):
    return [path.exists() for path in paths]


def lease(archive, camera_id, from_days_ago, to_days_ago, for_us=120_000_000):
    now_us = archive.clock.at_us
    return archive.store.leases.take(
        camera_id,
        now_us - int(from_days_ago * DAY_US),
        now_us - int(to_days_ago * DAY_US) + M,
        until_us=now_us + for_us,
        now_us=now_us,
    )


def test_others_go_first_even_if_they_are_younger(archive):
    archive.camera("gate")
    archive.camera("yard")
    archive.rule(percent=50)
    gate = archive.put_days("gate", 9, 8, 7, 6)
    yard = archive.put_days("yard", 3, 2)
    archive.size(8 * SIZE)
    lease(archive, "gate", 9, 8)
    archive.reaper().cycle()
    # Six of eight were used: two and a bit of slack have to go.
    assert alive(gate) == [True, True, False, False]
    assert alive(yard) == [False, True]
    assert archive.reaper().notices == []


def test_when_nothing_else_is_left_recording_has_priority(archive):
    archive.camera("gate")
    archive.rule(percent=50)
    gate = archive.put_days("gate", 9, 8, 7, 6)
    archive.size(4 * SIZE)
    lease(archive, "gate", 9, 6)
    archive.reaper().cycle()
    assert alive(gate) == [False, False, True, True]
    assert "being downloaded" in archive.reaper().notices[0]
    assert gate[0].name in archive.reaper().notices[0]


def test_min_days_is_broken_before_a_download_is(archive):
    archive.camera("gate", min_days=30)
    archive.rule(percent=50)
    gate = archive.put_days("gate", 9, 8, 7, 6)
    archive.size(6 * SIZE)
    lease(archive, "gate", 9, 9)
    archive.reaper().cycle()
    assert alive(gate) == [True, False, True, True]


@pytest.mark.parametrize(
    "limits",
    [{"rule": {"max_days": 1}}, {"camera": {"max_days": 1}}, {"camera": {"max_gb": 0.0}}, {"rule": {"max_gb": 0.0}}],
)
def test_ages_and_totals_wait_until_it_is_over(archive, limits):
    archive.camera("gate", **limits.get("camera", {}))
    if "rule" in limits:
        archive.rule(**limits["rule"])
    gate = archive.put_days("gate", 9, 8, 7)
    lease(archive, "gate", 8, 8)
    archive.reaper().cycle()
    assert alive(gate) == [False, True, False]
    archive.clock.at_us += 121_000_000
    archive.clock.at_s += 121
    archive.reaper().cycle()
    assert alive(gate) == [False, False, False]


def test_what_was_read_already_is_free_to_go(archive):
    archive.camera("gate", max_gb=1 * SIZE / GB)
    gate = archive.put_days("gate", 9, 8, 7)
    held = lease(archive, "gate", 9, 7)
    archive.reaper().cycle()
    assert alive(gate) == [True, True, True]
    now_us = archive.clock.at_us
    archive.store.leases.renew(held, start_us=now_us - 8 * DAY_US, until_us=now_us + 120_000_000)
    archive.reaper().cycle()
    assert alive(gate) == [False, True, True]


def test_a_recording_that_the_catalog_lost_is_held_too(archive):
    dst = archive.camera("gate")
    archive.rule(percent=50)
    archive.size(4 * SIZE)
    lost = archive.put_days("gate", 9, 8, listed=False)
    known = archive.put_days("gate", 2, 1)
    lease(archive, "gate", 9, 8)
    archive.reaper().cycle()
    assert alive(lost) == [True, True]
    assert alive(known) == [False, False]
    assert segment_path(dst, "gate", archive.stamp(9)).exists()


def test_another_camera_of_the_same_time_is_not_held(archive):
    archive.camera("gate", max_days=1)
    gate = archive.put_days("gate", 9)
    lease(archive, "yard", 9, 9)
    archive.reaper().cycle()
    assert alive(gate) == [False]
