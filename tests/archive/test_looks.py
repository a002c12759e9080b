"""What detectors see just now, written by one and followed by others."""

import pytest

from pynvr.archive import looks
from pynvr.archive.looks import LOOKS_NAME, Look, LooksFollower, LooksWriter
from pynvr.model.box import Box

SEEN = ((0.9, Box(0.25, 0.5, 0.1, 0.2)), (0.75, Box(0, 0, 1, 1)))


def look(number, seen=SEEN):
    return Look("gate", "motion", 1_700_000_000_000_000 + number, 4000 + number, seen)


@pytest.fixture
def writer(tmp_path):
    made = LooksWriter(tmp_path)
    yield made
    made.close()


@pytest.fixture
def follower(tmp_path):
    made = LooksFollower(tmp_path)
    yield made
    made.close()


def test_what_is_written_is_read_once(writer, follower):
    assert follower.read_new() == []
    writer.append(look(1))
    writer.append(look(2, ()))
    assert follower.read_new() == [look(1), look(2, ())]
    assert follower.read_new() == []


def test_who_comes_later_reads_what_comes_later(writer, tmp_path):
    writer.append(look(1))
    late = LooksFollower(tmp_path)
    writer.append(look(2))
    assert late.read_new() == [look(2)]
    late.close()


def test_the_file_stays_small_and_followers_lose_nothing(writer, follower, tmp_path, monkeypatch):
    monkeypatch.setattr(looks, "MOST_BYTES", 1000)
    read = []
    for number in range(200):
        writer.append(look(number))
        if number % 5 == 0:
            read += follower.read_new()
    read += follower.read_new()
    assert read == [look(number) for number in range(200)]
    assert (tmp_path / LOOKS_NAME).stat().st_size < 1200
    assert [path.name for path in tmp_path.iterdir()] == [LOOKS_NAME]


def test_a_writer_that_died_in_a_line_spoils_nothing_for_the_next(writer, follower, tmp_path):
    writer.append(look(1))
    with (tmp_path / LOOKS_NAME).open("ab") as file:
        file.write(b'["gate","mot')
    assert follower.read_new() == [look(1)]
    again = LooksWriter(tmp_path)
    again.append(look(2))
    assert follower.read_new() == [look(2)]
    again.close()


@pytest.mark.parametrize("line", ["", "{", "[]", "7", '["gate","motion",1,2,[[0.5,1]]]', '["gate","motion","x",2,[]]'])
def test_what_is_no_look_is_left_out(writer, follower, tmp_path, line):
    writer.append(look(1))
    with (tmp_path / LOOKS_NAME).open("a") as file:
        file.write(f"{line}\n")
    writer.append(look(2))
    assert follower.read_new() == [look(1), look(2)]


def test_a_line_that_isnt_whole_waits_for_its_rest(writer, follower, tmp_path):
    writer.append(look(1))
    line = (tmp_path / LOOKS_NAME).read_bytes()
    with (tmp_path / LOOKS_NAME).open("ab", buffering=0) as file:
        file.write(line[:20])
        assert follower.read_new() == [look(1)]
        file.write(line[20:])
        assert follower.read_new() == [look(1)]
