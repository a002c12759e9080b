"""What counts as watched, and when something counts as moving."""

from pynvr.analyser.vigil import Vigil
from pynvr.archive.vigil import Watched, read_watched, vigil_path

T0 = 1_782_900_000_000_000
S = 1_000_000
SIZE = (320, 180)
A, B = T0, T0 + 60 * S


class Watching:
    def __init__(self, folder):
        self.folder = folder
        self.vigil = Vigil(folder, "gate")

    def look(self, *seconds, moved=False, chunk_us=A, fps=0, size=SIZE):
        for second in seconds:
            self.vigil.looked(chunk_us, T0 + round(second * S), size, moved, fps)

    def told(self):
        """Chunk, from, to and when something moved, in seconds."""
        self.vigil.close()
        lines = read_watched(vigil_path(self.folder, "gate"), 0)
        return [tuple((us - T0) / S if us else None for us in line[1:]) for line in lines]


def test_a_line_stands_for_two_seconds_and_the_first_two_pictures_for_none(tmp_path):
    watching = Watching(tmp_path)
    watching.look(0, 1, 2, 3, 4, 5, 6)
    assert watching.told() == [(1, 3, None, None), (3, 5, None, None), (5, 6, None, None)]


def test_motion_lasts_from_the_first_picture_in_which_it_is_seen_to_the_last(tmp_path):
    watching = Watching(tmp_path)
    watching.look(0, 1, 2)
    watching.look(3, 4, 5, 6, moved=True)
    watching.look(7, 8)
    watching.look(9, moved=True)
    told = watching.told()
    assert [one[2:] for one in told if one[3]] == [(3, 4), (4, 6), (9, 9)]
    # Each goes on where the one before it ended.
    assert [one[0] for one in told] == [1, *(one[1] for one in told[:-1])]
    assert told[-1][1] == 9


def test_the_border_of_chunks_is_no_break(tmp_path):
    watching = Watching(tmp_path)
    watching.look(56, 57, 58, 59)
    watching.look(60, 61, chunk_us=B)
    watching.vigil.close()
    assert read_watched(vigil_path(tmp_path, "gate"), 0) == [
        Watched(A, T0 + 57 * S, T0 + 59 * S),
        Watched(B, T0 + 59 * S, T0 + 61 * S),
    ]


def test_pictures_far_apart_a_clock_set_back_and_another_size_are_breaks(tmp_path):
    for number, (at, size) in enumerate([(20, SIZE), (-50, SIZE), (4, (640, 360))]):
        watching = Watching(tmp_path / str(number))
        (tmp_path / str(number)).mkdir()
        watching.look(0, 1, 2, 3)
        watching.look(at, at + 1, at + 2, at + 3, size=size)
        assert watching.told() == [(1, 3, None, None), (at + 1, at + 3, None, None)], number


def test_keyframes_too_far_apart_watch_nothing_and_it_is_said(tmp_path):
    watching = Watching(tmp_path)
    watching.look(0, 10, 20, 30, 40)
    assert watching.told() == []
    assert "camera gate" in watching.vigil.trouble and "10 s apart" in watching.vigil.trouble
    watching.look(41, 42, 43)
    assert watching.vigil.trouble == ""


def test_a_slow_pace_that_was_asked_for_is_watching(tmp_path):
    watching = Watching(tmp_path)
    watching.look(0, 10, 20, 30, fps=0.1)
    assert watching.told() == [(10, 20, None, None), (20, 30, None, None)]


def test_a_detector_that_failed_has_to_settle_again(tmp_path):
    watching = Watching(tmp_path)
    watching.look(0, 1, 2, 3)
    watching.vigil.interrupt()
    watching.look(4, 5, 6, 7)
    assert watching.told() == [(1, 3, None, None), (5, 7, None, None)]


def test_pictures_of_which_the_detector_can_tell_nothing_are_not_watched(tmp_path):
    watching = Watching(tmp_path)
    watching.look(0, 1, 2, 3)
    for second in (4, 5):
        watching.vigil.saw_nothing(T0 + second * S, SIZE)
    watching.look(6, 7)
    assert watching.told() == [(1, 3, None, None), (5, 7, None, None)]


def test_who_settles_for_two_pictures_at_first_is_not_blind_for_two_more(tmp_path):
    watching = Watching(tmp_path)
    for second in (0, 1):
        watching.vigil.saw_nothing(T0 + second * S, SIZE)
    watching.look(2, 3)
    assert watching.told() == [(1, 3, None, None)]


def test_what_cannot_be_written_was_not_watched(tmp_path, caplog):
    watching = Watching(tmp_path)
    (tmp_path / "vigil").write_text("in the way")
    watching.look(0, 1, 2, 3, 4, 5)
    assert caplog.text.count("can't be noted") == 1
    (tmp_path / "vigil").unlink()
    watching.look(6, 7)
    assert watching.told() == [(5, 7, None, None)]
