from pynvr.base.errors import SourceError
from pynvr.media.unit import Unit
from pynvr.recorder.settling import settle
from tests.media.encoded import SCALE


def unit(pts_s, arrival_s, size=100, track=0):
    pts = round(pts_s * SCALE)
    return Unit(track, pts, pts, 0, False, bytearray(size), arrival_s)


def test_a_stream_in_real_time_is_settled_with_its_second_frame():
    units = iter([unit(n / 25, 100 + n / 25) for n in range(50)])
    held, failure = settle(units, SCALE)
    assert len(held) == 2
    assert failure is None
    assert next(units).pts == 2 * SCALE // 25


def test_what_a_camera_had_in_store_is_held_until_frames_have_to_be_waited_for():
    stored = [unit(n / 25, 100 + n / 1000) for n in range(100)]
    live = [unit(4 + n / 25, 100.1 + 0.04 + n / 25) for n in range(50)]
    held, _ = settle(iter(stored + live), SCALE)
    assert len(held) == 101


def test_nothing_is_held_for_longer_than_two_seconds():
    held, _ = settle(iter([unit(n, 100 + n / 10) for n in range(500)]), SCALE)
    assert 20 <= len(held) <= 22


def test_nothing_larger_than_eight_megabytes_is_held():
    held, _ = settle(iter([unit(n, 100, size=1 << 20) for n in range(500)]), SCALE)
    assert len(held) == 9


def test_sound_alone_settles_nothing():
    held, _ = settle(iter([unit(n / 50, 100 + n / 50, track=1) for n in range(20)]), SCALE)
    assert len(held) == 20


def test_a_stream_that_ends_early_gives_its_frames_and_its_error():
    def units():
        yield unit(0, 100)
        raise SourceError("gone", "stalled")

    held, failure = settle(units(), SCALE)
    assert len(held) == 1
    assert str(failure) == "gone"
