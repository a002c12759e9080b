"""What downloads are called, whatever people wrote."""

from zoneinfo import ZoneInfo

import pytest

from pynvr.playback.range_name import range_name, safe_name, shortened, tags_in_name

UTC = ZoneInfo("UTC")
DAY_US = 86_400_000_000


@pytest.mark.parametrize("letter", ["x", "ß", "门", "🚗"])
def test_no_file_system_finds_it_too_long(letter):
    name = range_name("c" * 64, 0, 3 * DAY_US, UTC).removesuffix(".mp4")
    labels = tags_in_name([letter * 200, f"{letter}2" * 100])
    assert labels and len(f"{name} {labels}.mp4".encode()) <= 255
    assert len(f"{safe_name(letter * 200)} {name.removeprefix('c' * 64)} {labels}.mp4".encode()) <= 255


def test_half_a_sign_is_none():
    assert shortened("ab🚗", 5) == "ab"
    assert shortened("ab🚗", 6) == "ab🚗"


def test_what_would_be_a_folder_or_another_header_is_left_out():
    assert safe_name('../../a\\b\r\nX: "y" ') == "a b X y"
    assert safe_name(" ... ") == ""
