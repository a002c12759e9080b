import os
from pathlib import Path

import pytest

from pynvr.archive.journal import (
    AliveMark,
    JournalWriter,
    journal_files,
    read_alive,
    read_journal,
    remove_alive,
    touch_alive,
    write_alive,
)
from pynvr.model.cause import Cause, Transition

DAY_US = 86_400_000_000
NOON_US = 1_763_726_400_000_000  # 2025-11-21 12:00 UTC


def refused(camera_id: str = "gate", since_us: int = NOON_US) -> Transition:
    return Transition(camera_id, since_us, Cause.REFUSED, "401: wrong user or password — Tür")


def test_what_was_appended_is_read_again(tmp_path: Path):
    JournalWriter(tmp_path).append([refused(), refused("yard")], NOON_US)
    (path,) = journal_files(tmp_path)
    transitions, offset = read_journal(path)
    assert path.name == "causes.20251121.jsonl"
    assert transitions == [refused(), refused("yard")]
    assert offset == path.stat().st_size
    assert read_journal(path, offset) == ([], offset)


def test_a_line_that_is_not_whole_waits_and_a_damaged_one_is_left_out(tmp_path: Path):
    writer = JournalWriter(tmp_path)
    writer.append([refused()], NOON_US)
    (path,) = journal_files(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"camera_id": 7}\n[1]\nnonsense\n{"camera_id": "ga')
    transitions, offset = read_journal(path)
    assert transitions == [refused()]
    with path.open("ab") as file:
        file.write(b'te", "since_us": 5, "cause": "schedule"}\n')
    assert read_journal(path, offset) == ([Transition("gate", 5, Cause.SCHEDULE)], path.stat().st_size)


def test_a_torn_line_spoils_no_other(tmp_path: Path):
    writer = JournalWriter(tmp_path)
    writer.append([refused()], NOON_US)
    (path,) = journal_files(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"camera_id": "ga')
    writer.append([refused("yard")], NOON_US)
    assert read_journal(path)[0] == [refused(), refused("yard")]


def test_each_utc_day_has_its_file_and_a_clock_set_back_does_not_return_to_an_older_one(tmp_path: Path):
    writer = JournalWriter(tmp_path)
    for at_us in (NOON_US, NOON_US + DAY_US, NOON_US):
        writer.append([refused(since_us=at_us)], at_us)
    old, new = journal_files(tmp_path)
    assert [old.name, new.name] == ["causes.20251121.jsonl", "causes.20251122.jsonl"]
    assert len(read_journal(old)[0]) == 1
    assert len(read_journal(new)[0]) == 2


def test_a_write_that_fails_halfway_leaves_no_torn_line(tmp_path: Path, monkeypatch):
    writer = JournalWriter(tmp_path)
    writer.append([refused()], NOON_US)
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:10]))
    with pytest.raises(OSError, match="only 10 of"):
        writer.append([refused("yard")], NOON_US)
    monkeypatch.undo()
    writer.append([refused("door")], NOON_US)
    assert [t.camera_id for t in read_journal(journal_files(tmp_path)[0])[0]] == ["gate", "door"]


def test_the_journal_is_not_for_everybody(tmp_path: Path):
    JournalWriter(tmp_path).append([refused()], NOON_US)
    assert journal_files(tmp_path)[0].stat().st_mode & 0o007 == 0


def test_the_alive_mark_is_read_again_until_it_is_removed(tmp_path: Path):
    assert read_alive(tmp_path) is None
    write_alive(tmp_path, AliveMark(NOON_US, ("gate", "yard")))
    assert read_alive(tmp_path) == AliveMark(NOON_US, ("gate", "yard"))
    remove_alive(tmp_path)
    assert read_alive(tmp_path) is None


@pytest.mark.parametrize("left", [b"", b"\0" * 20, b"not a time"])
def test_an_alive_mark_that_a_power_cut_emptied_still_says_when(tmp_path: Path, left: bytes):
    (tmp_path / "alive").write_bytes(left)
    os.utime(tmp_path / "alive", ns=(NOON_US * 1000, NOON_US * 1000))
    assert read_alive(tmp_path) == AliveMark(NOON_US, ())
    remove_alive(tmp_path)
    remove_alive(tmp_path)
    assert journal_files(tmp_path / "missing") == []


def test_a_master_lived_when_it_last_told_something_though_its_mark_is_older(tmp_path: Path):
    """It was killed before it renewed the mark of its start; what follows is the time in which nobody ran."""
    second_us = 1_000_000
    write_alive(tmp_path, AliveMark(NOON_US, ("gate",)))
    writer = JournalWriter(tmp_path)
    writer.append([refused(since_us=NOON_US - second_us)], NOON_US)
    assert read_alive(tmp_path) == AliveMark(NOON_US, ("gate",))
    writer.append([refused(since_us=NOON_US + 2 * second_us), refused("yard", NOON_US + second_us)], NOON_US)
    assert read_alive(tmp_path) == AliveMark(NOON_US + 2 * second_us + 1, ("gate",))
    writer.append([refused(since_us=NOON_US + DAY_US)], NOON_US)  # by a clock that was set back since
    assert read_alive(tmp_path) == AliveMark(NOON_US, ("gate",))


def test_a_mark_that_was_touched_later_says_so_and_a_copy_of_it_does_not(tmp_path: Path):
    write_alive(tmp_path, AliveMark(NOON_US, ("gate",)))
    touch_alive(tmp_path, NOON_US + 4_000_000)
    assert read_alive(tmp_path) == AliveMark(NOON_US + 4_000_000, ("gate",))
    os.utime(tmp_path / "alive")
    assert read_alive(tmp_path) == AliveMark(NOON_US, ("gate",))


def test_a_journal_that_cannot_be_read_does_not_hide_that_nobody_stopped_in_order(tmp_path: Path):
    write_alive(tmp_path, AliveMark(NOON_US, ("gate",)))
    (tmp_path / "causes.20251121.jsonl").mkdir()  # as unreadable for root too
    assert read_alive(tmp_path) == AliveMark(NOON_US, ("gate",))
