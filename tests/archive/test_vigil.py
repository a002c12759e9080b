"""The analyser's word on what it watched; a line that isn't whole says nothing."""

from pynvr.archive import vigil
from pynvr.archive.vigil import VigilWriter, Watched, newest_watched, read_watched, vigil_path

T0 = 1_782_900_000_000_000
STILL = Watched(T0, T0, T0 + 2_000_000)
MOVING = Watched(T0, T0 + 2_000_000, T0 + 5_000_000, T0 + 3_000_000, T0 + 5_000_000)


def test_lines_are_read_as_they_were_written(tmp_path):
    writer, path = VigilWriter(tmp_path, "gate"), vigil_path(tmp_path, "gate")
    assert (newest_watched(path), read_watched(path, 0)) == (None, [])
    writer.append(STILL)
    assert newest_watched(path) == STILL
    writer.append(MOVING)
    assert newest_watched(path) == MOVING
    assert read_watched(path, T0) == [STILL, MOVING]
    assert [one.moved for one in read_watched(path, T0)] == [False, True]


def test_what_a_power_cut_left_of_a_line_is_no_line(tmp_path):
    writer, path = VigilWriter(tmp_path, "gate"), vigil_path(tmp_path, "gate")
    writer.append(STILL)
    whole = path.read_bytes() + b" ".join(str(part).encode() for part in MOVING)
    lines = []
    for length in range(path.stat().st_size + 1, len(whole) + 1):
        path.write_bytes(whole[:length])
        # The next one after the power cut.
        VigilWriter(tmp_path, "gate").append(MOVING)
        lines.append(read_watched(path, T0))
    assert lines[-1] == [STILL, MOVING, MOVING]
    assert all(found == [STILL, MOVING] for found in lines[:-1])
    path.write_bytes(whole[:30] + bytes(4096))
    assert newest_watched(path) is None


def test_the_file_is_bounded_and_goes_back_over_its_forerunner(tmp_path, monkeypatch):
    monkeypatch.setattr(vigil, "_MOST_BYTES", 1000)
    writer, path = VigilWriter(tmp_path, "gate"), vigil_path(tmp_path, "gate")
    told = [Watched(T0, T0 + n, T0 + n + 1) for n in range(100)]
    for number, one in enumerate(told):
        writer.append(one)
        assert newest_watched(path) == one
        assert read_watched(path, T0)[-5:] == told[max(0, number - 4) : number + 1]
    assert sum(file.stat().st_size for file in path.parent.iterdir()) < 2500
