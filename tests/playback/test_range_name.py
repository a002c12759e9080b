"""What downloads are called, whatever people wrote."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pynvr.model.stamp import instant_us
from pynvr.playback.range_name import range_name, safe_name, shortened, tags_in_name

UTC = ZoneInfo("UTC")
DAY_US = 86_400_000_000


@pytest.mark.parametrize("letter", ["x", "ß", "门", "🚗"])
def test_no_file_system_finds_it_too_long(letter):
    name = range_name("c" * 64, 0, 3 * DAY_US, UTC).removesuffix(".mp4")
    labels = tags_in_name([letter * 200, f"{letter}2" * 100])
    assert labels and len(f"{name} {labels}.mp4".encode()) <= 255
    assert len(f"{safe_name(letter * 200)} {name.removeprefix('c' * 64)} {labels}.mp4".encode()) <= 255


def test_both_passes_through_the_hour_that_repeats_have_names_of_their_own():
    zone, minute_us = ZoneInfo("Europe/Berlin"), 60_000_000
    first_us = instant_us(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    second_us = first_us + 60 * minute_us
    assert range_name("gate", first_us, first_us + minute_us, zone) == "gate 2026-10-25 02.30.00-02.31.00.mp4"
    assert range_name("gate", second_us, second_us + minute_us, zone) == "gate 2026-10-25 02.30.00b-02.31.00b.mp4"
    assert range_name("gate", first_us, second_us, zone) == "gate 2026-10-25 02.30.00-02.30.00b.mp4"


def test_half_a_sign_is_none():
    assert shortened("ab🚗", 5) == "ab"
    assert shortened("ab🚗", 6) == "ab🚗"


def test_what_would_be_a_folder_or_another_header_is_left_out():
    assert safe_name('../../a\\b\r\nX: "y" ') == "a b X y"
    assert safe_name(" ... ") == ""
