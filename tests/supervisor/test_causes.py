from pynvr.base.heart import Beat
from pynvr.model.cause import Cause
from pynvr.store.coverage import account_for
from pynvr.store.segments import Span
from pynvr.supervisor.causes import CauseBook, cause_in, delay_us, last_frame_us, pause_us
from pynvr.supervisor.clock_steps import Skipped

S = 1_000_000


def lines(book: CauseBook) -> list[tuple[str, int, str, str]]:
    return [(t.camera_id, t.since_us // S, t.cause.value, t.detail) for t in book.pending]


def test_the_same_word_twice_is_one_line():
    book = CauseBook()
    assert book.note("gate", Cause.REFUSED, "401", 1 * S)
    assert not book.note("gate", Cause.REFUSED, "401", 2 * S)
    assert book.note("gate", Cause.RECORDED, "", 3 * S)
    assert lines(book) == [("gate", 1, "refused", "401"), ("gate", 3, "recorded", "")]


def test_what_is_missing_is_missing_since_the_last_frame():
    book = CauseBook()
    book.note("gate", Cause.RECORDED, "", 10 * S)
    book.note("gate", Cause.STALLED, "no video for 30 s", 60 * S, since_us=30 * S)
    assert lines(book)[-1] == ("gate", 30, "stalled", "no video for 30 s")


def test_time_that_the_clock_skipped_is_not_missing_where_something_was_recorded():
    book = CauseBook()
    book.note("gate", Cause.RECORDED, "", 10 * S)
    book.note("yard", Cause.REFUSED, "401", 20 * S)
    book.note_skipped(Skipped(100 * S, 3700 * S, Cause.CLOCK, "3600 s forward"))
    assert lines(book)[2:] == [
        ("gate", 100, "clock set forward", "3600 s forward"),
        ("gate", 3700, "recorded", ""),
    ]
    assert book.holding["gate"].cause is Cause.RECORDED


def test_a_pause_of_the_camera_is_told_once_and_isnt_called_a_fault():
    book = CauseBook()
    book.note_pause("gate", 1 * S, 4 * S)
    book.note("gate", Cause.RECORDED, "", 10 * S)
    for _ in range(3):
        book.note_pause("gate", 60 * S, 64 * S)
    assert lines(book)[1:] == [("gate", 60, "stalled", "no video came for 4.0 s"), ("gate", 64, "recorded", "")]
    assert book.holding["gate"].cause is Cause.RECORDED
    # As segments tell: the last frame lasts a little, and the first may be dated anew.
    segments = [Span(20 * S, 60 * S + 200_000, 200), Span(64 * S + 100_000, 80 * S, 80)]
    told = {(one.cause, one.detail) for one in account_for(20 * S, 80 * S, segments, book.pending).accounts}
    assert told == {(Cause.RECORDED, ""), (Cause.STALLED, "no video came for 4.0 s")}


def test_a_last_frame_of_an_earlier_time_changes_nothing_that_was_told_since():
    book = CauseBook()
    book.note("gate", Cause.RECORDED, "", 10 * S)
    book.note("gate", Cause.STALLED, "", 60 * S, since_us=30 * S)
    book.note("gate", Cause.UNREACHABLE, "", 70 * S, since_us=30 * S)
    book.note("gate", Cause.REFUSED, "", 80 * S, since_us=90 * S)
    assert [line[1] for line in lines(book)] == [10, 30, 70, 80]


def test_another_sentence_for_the_same_cause_is_shown_at_once_and_written_once_a_minute():
    book = CauseBook()
    for second in range(0, 150, 10):
        book.note("gate", Cause.UNREACHABLE, f"no route, {second} s", second * S)
    assert [line[1] for line in lines(book)] == [0, 60, 120]
    assert book.holding["gate"].detail == "no route, 140 s"
    assert book.holding["gate"].since_us == 0


def test_a_beat_is_read_as_a_cause():
    assert cause_in(Beat("recording", 10)) is Cause.RECORDED
    assert cause_in(Beat("connecting", 10)) is Cause.STARTING
    assert cause_in(Beat("waiting", 10, "disk full")) is Cause.DISK_FULL
    assert cause_in(Beat("waiting", 10, "a word of tomorrow")) is Cause.FAULT
    assert last_frame_us(Beat("waiting", 10, figures={"last_frame_us": 5.0})) == 5
    assert last_frame_us(Beat("waiting", 10)) is None
    assert pause_us(Beat("recording", 10, figures={"paused_from_us": 5.0, "paused_to_us": 9.0})) == (5, 9)
    assert pause_us(Beat("recording", 10)) is None
    delayed = Beat("recording", 10, figures={"delayed_from_us": 5.0, "delayed_to_us": 9.0})
    assert (pause_us(delayed), delay_us(delayed)) == (None, (5, 9))


def test_video_that_comes_later_than_before_is_not_told_as_missing():
    book = CauseBook()
    book.note("gate", Cause.RECORDED, "", 0)
    book.note_pause("gate", 1 * S, 4 * S, is_delay=True)
    stalled, recorded = book.pending[1:]
    assert (stalled.cause, stalled.since_us, recorded.cause, recorded.since_us) == (
        Cause.STALLED,
        1 * S,
        Cause.RECORDED,
        4 * S,
    )
    assert "none of it is missing" in stalled.detail
    assert "no video" not in stalled.detail
