from pynvr.base.heart import Beat
from pynvr.supervisor.progress import UNKNOWN_INTERVAL_S, Progress, followed, is_stuck


def beats(progress: Progress, keyframes_at: dict[float, int], state: str = "recording") -> Progress:
    for at_s, keyframes in keyframes_at.items():
        progress = followed(progress, Beat(state, 10, figures={"keyframes": keyframes}), at_s)
    return progress


def test_a_recorder_whose_keyframes_rise_is_well():
    progress = beats(Progress(), {float(second): second // 2 for second in range(600)})
    assert not is_stuck(progress, 600)
    assert progress.interval_s is not None and abs(progress.interval_s - 2) < 0.5


def test_a_recorder_that_says_it_records_but_gets_no_keyframe_for_a_minute_is_stuck():
    progress = beats(Progress(), {0.0: 1, 2.0: 2, 4.0: 3})
    progress = beats(progress, {float(second): 3 for second in range(5, 60)})
    assert not is_stuck(progress, 64)
    assert is_stuck(progress, 64.1)


def test_a_camera_with_keyframes_minutes_apart_is_left_alone():
    progress = beats(Progress(), {0.0: 1, 120.0: 2, 240.0: 3})
    assert not is_stuck(progress, 240 + 359)
    assert is_stuck(progress, 240 + 361)


def test_before_the_second_keyframe_there_is_patience():
    progress = beats(Progress(), {0.0: 1})
    assert not is_stuck(progress, 3 * UNKNOWN_INTERVAL_S)
    assert is_stuck(progress, 3 * UNKNOWN_INTERVAL_S + 1)


def test_a_recorder_that_does_not_claim_to_record_is_never_stuck():
    progress = beats(Progress(), {0.0: 1, 1.0: 2})
    progress = beats(progress, {2.0: 2}, state="waiting")
    assert not is_stuck(progress, 10_000)
    assert not is_stuck(Progress(), 10_000)


def test_counting_from_zero_again_is_no_standstill():
    progress = beats(Progress(), {0.0: 100, 2.0: 101, 50.0: 101, 61.0: 0})
    assert not is_stuck(progress, 100)
