"""The lines of the demo about finished segments."""

import pytest

from pynvr.cli.demo_segments import FinishedSegments
from pynvr.config.write import write_settings_file
from pynvr.model.segment import Segment
from pynvr.store.store import open_or_repair

SINCE_US = 1_773_144_000_000_000  # 2026-03-10 12:00:00 UTC


@pytest.fixture
def settings(tmp_path):
    cameras = [{"id": camera_id, "url": "rtsp://cam/1"} for camera_id in ("gate", "yard")]
    document = {"system": {"data_dir": str(tmp_path), "timezone": "UTC"}, "cameras": cameras}
    return write_settings_file(tmp_path / "nvr.json", document)


def segment(camera_id, minute):
    start_us = SINCE_US + minute * 60_000_000
    return Segment(
        camera_id, f"20260310.12{minute:02}", start_us, start_us + 59_900_000, "/v", 899, 11_200_000, "h264", 2, 2
    )


def test_each_segment_is_told_once_also_one_that_is_finished_late(settings):
    with FinishedSegments(settings, SINCE_US) as finished:
        assert finished.new_lines() == []  # there is no database yet
        with open_or_repair(settings.system.database) as store:
            store.segments.add(segment("gate", 0), segment("gate", 1))
            first = finished.new_lines()
            store.segments.add(segment("yard", 0), segment("gate", 2))
            second = finished.new_lines()
        assert finished.new_lines() == []
    assert [line[:14] for line in first] == ["12:00:00  gate", "12:01:00  gate"]
    assert [line[:14] for line in second] == ["12:00:00  yard", "12:02:00  gate"]
    assert "59.9 s   899 frames   11.2 MB  /v/20260310/gate.20260310.1200.mp4" in first[0]
    assert finished.count == 4


def test_what_was_there_before_is_not_told(settings):
    with (
        open_or_repair(settings.system.database) as store,
        FinishedSegments(settings, SINCE_US + 60_000_000) as finished,
    ):
        store.segments.add(segment("gate", 0), segment("gate", 1))
        assert [line[:8] for line in finished.new_lines()] == ["12:01:00"]
