"""How much must go."""

from pathlib import Path

import pytest

from pynvr.model.settings import ReaperRule
from pynvr.reaper.disk_view import Usage
from pynvr.reaper.limits import bytes_to_free, slack_bytes, still_settling_bytes

GB = 10**9
TERABYTE = Usage(1000 * GB, 100 * GB)


@pytest.mark.parametrize(
    ("limits", "held", "wanted"),
    [
        ({}, 0, 0),
        ({"percent": 90}, 0, 0),
        ({"percent": 85}, 0, 50 * GB),
        ({"keep_free_gb": 100}, 0, 0),
        ({"keep_free_gb": 120}, 0, 20 * GB),
        ({"max_gb": 700}, 700 * GB, 0),
        ({"max_gb": 700}, 703 * GB, 3 * GB),
        ({"percent": 85, "keep_free_gb": 170, "max_gb": 700}, 710 * GB, 70 * GB),
        ({"percent": 100, "max_days": 3}, 0, 0),
    ],
)
def test_the_strictest_limit_counts(limits, held, wanted):
    assert bytes_to_free(ReaperRule(Path("/video"), **limits), TERABYTE, held) == wanted


def test_a_full_disk_is_freed_whatever_the_rule_allows():
    full = Usage(1000 * GB, 0)
    assert bytes_to_free(ReaperRule(Path("/video"), percent=100), full, 0) == GB // 2
    assert bytes_to_free(ReaperRule(Path("/video"), max_days=30), full, 0) == GB // 2


def test_a_little_more_goes_at_once_but_never_much():
    assert slack_bytes(Usage(20 * GB, 0)) == GB // 50
    assert slack_bytes(Usage(20_000 * GB, 0)) == GB // 2


def test_what_was_deleted_counts_as_free_until_it_shows_but_not_for_ever():
    assert still_settling_bytes(freed_bytes=100, expected_free_bytes=150, free_bytes=50, since_s=1) == 100
    assert still_settling_bytes(freed_bytes=100, expected_free_bytes=150, free_bytes=120, since_s=1) == 30
    assert still_settling_bytes(freed_bytes=100, expected_free_bytes=150, free_bytes=160, since_s=1) == 0
    assert still_settling_bytes(freed_bytes=100, expected_free_bytes=150, free_bytes=0, since_s=1) == 100
    assert still_settling_bytes(freed_bytes=100, expected_free_bytes=150, free_bytes=50, since_s=60) == 0
