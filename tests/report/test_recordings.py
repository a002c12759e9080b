"""Segments of today and yesterday looked at for a report: only those, and only as long as there is time."""

from typing import Any

import pytest

from pynvr.config.load import load
from pynvr.report.recordings import verified
from pynvr.store.store import open_or_repair
from tests.cli.archive_of_one_camera import Home

# 2026-01-03 08:00 UTC
NOW_US = 1_767_427_200_000_000


@pytest.mark.parametrize("within_s, segments, left_out", [(600, 1, 0), (0, 0, 2)])
def test_the_last_two_days_are_looked_at_while_there_is_time(tmp_path, within_s, segments, left_out):
    home = Home(tmp_path)
    for stamp in ("20260101.0800", "20260102.2300"):
        home.put(stamp)
    (home.dst / "20260103").mkdir()
    home.run("reindex")
    settings = load(home.config)
    with open_or_repair(settings.system.database) as store:
        told = verified(settings, store, NOW_US, 0, within_s)
    assert (told["segments"], told["day_folders_left_out"]) == (segments, left_out)
    assert (told["days_from"], told["faults"]) == ("20260102", 0)


def test_what_is_being_recorded_is_no_finding(tmp_path):
    home = Home(tmp_path)
    segment = home.put("20260103.0800")
    segment.rename(segment.with_suffix(".chunk"))
    home.put("20260103.0801")
    settings = load(home.config)
    with open_or_repair(settings.system.database) as store:
        told: Any = verified(settings, store, NOW_US, 0, 600)
    # The second one is in neither catalog nor index: that is something to be told.
    assert set(told["counts"]) == {one["kind"] for one in told["findings"]} == {"not in catalog", "index lacks it"}
    assert told["being_recorded_or_waiting_for_the_finisher"] == [str(segment.with_suffix(".chunk"))]
