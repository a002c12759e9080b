"""How answers of a search for changes are judged in benchmarks/change."""

from pathlib import Path

import pytest

from benchmarks.change.case import Case, Truth
from benchmarks.change.recorded import Recording, recorded
from benchmarks.change.report import rows
from benchmarks.change.score import Answer, judge
from benchmarks.change.script import Passer, Script, Stay
from pynvr.archive.index import read_records

# A keyframe every 10 s, a frame every 2 s.
SECONDS = range(0, 600, 2)


def recording_of(truths, passers=()):
    case = Case("made", "made", Script(passers=passers), (0.4, 0.4, 0.2, 0.2), truths, minutes=10)
    frames = tuple(second * 1_000_000 for second in SECONDS)
    return Recording(case, Path("nvr.json"), 0, 600_000_000, frames[::5], frames)


def verdict_of(recording, *seconds):
    return judge(recording, lambda _recording: [Answer(round(second * 1e6), "appeared") for second in seconds])


ONE = (Truth("appeared", 203.0, 205.0),)


@pytest.mark.parametrize(
    ("second", "to_keyframe", "to_frame"),
    [
        (204, True, True),
        (206, True, True),
        (202, True, True),
        (200, True, False),
        (210, True, False),
        (199, False, False),
        (211, False, False),
    ],
)
def test_an_answer_is_right_from_the_keyframe_before_a_change_to_the_one_behind_it(second, to_keyframe, to_frame):
    hit = verdict_of(recording_of(ONE), second).hits[0]
    assert (hit.to_keyframe, hit.to_frame) == (to_keyframe, to_frame)


def test_an_answer_that_is_minutes_away_is_false_and_the_change_is_missed():
    verdict = verdict_of(recording_of(ONE), 300)
    assert (len(verdict.missed), len(verdict.false), verdict.is_right) == (1, 1, False)


def test_of_two_answers_to_one_change_one_is_false():
    verdict = verdict_of(recording_of(ONE), 204, 206)
    assert (verdict.right, len(verdict.false), verdict.is_right) == (1, 1, False)


def test_each_change_wants_its_own_answer():
    verdict = verdict_of(recording_of((*ONE, Truth("vanished", 230, 231))), 230)
    assert (verdict.right, [one.kind for one in verdict.missed]) == (1, ["appeared"])


def test_while_somebody_stands_in_front_the_first_keyframe_without_them_is_right():
    in_front = Passer("car", 190, 260, 0.7, 0.5, stands=(0.5, 195, 250))
    hidden = verdict_of(recording_of(ONE, (in_front,)), 260).hits[0]
    assert hidden.to_keyframe
    assert not verdict_of(recording_of(ONE), 260).hits[0].to_keyframe


def test_a_method_that_fails_has_not_answered_and_is_named():
    def failing(_recording):
        raise OSError("no disk")

    verdict = judge(recording_of(ONE), failing)
    assert verdict.problem == "OSError: no disk"
    assert not verdict.is_right


def test_the_table_says_what_was_missed_and_what_was_false():
    verdicts = [verdict_of(recording_of(ONE), 204), verdict_of(recording_of(ONE), 20), verdict_of(recording_of(()), 20)]
    told = {row.what: (row.measured, row.reached) for row in rows(verdicts)}
    assert told["changes found, right to the keyframe"] == ("1 of 2, 50.0%", False)
    assert told["false answers, of all answers"] == ("2 of 3, 66.7%", False)
    assert told["cases in which nothing stays, with an answer"] == ("1 of 1", None)


def test_a_recording_is_made_once_and_shows_what_its_script_says(tmp_path):
    script = Script("yard", 1, (Stay("box", (0.4, 0.4, 0.2, 0.2), 64.0),))
    case = Case("a box", "", script, (0.4, 0.4, 0.2, 0.2), (Truth("appeared", 64, 64),), minutes=3, size=(160, 90))
    made = recorded(case, tmp_path)
    written = made.config.stat().st_mtime_ns
    again = recorded(case, tmp_path)
    assert again == made
    assert made.config.stat().st_mtime_ns == written
    index = next(made.settings.cameras[0].dst.rglob("*.index"))
    signatures = [record.signature for record in read_records(index)]
    middle = 18 * 64 + 32
    assert abs(signatures[0][middle] - signatures[1][middle]) < 12
    assert abs(signatures[1][middle] - signatures[2][middle]) > 20
