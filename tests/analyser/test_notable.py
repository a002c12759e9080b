from pynvr.analyser.notable import AGAIN_US, Stored, is_notable
from pynvr.model.box import Box
from pynvr.vision.detector import Found

WHERE = Box(0, 0, 1, 1)
LAST = Stored(at_us=100_000_000, confidence=0.7, count=1)


def notable(*confidences, after_us=1_000_000, last=LAST):
    return is_notable([Found(one, WHERE) for one in confidences], 100_000_000 + after_us, last, 0.8)


def test_the_first_is_stored_and_the_same_again_only_after_a_while():
    assert notable(0.5, last=None)
    assert not notable(0.75)
    assert notable(0.75, after_us=AGAIN_US)
    assert not notable()


def test_what_becomes_sure_enough_for_an_alert_is_stored_at_once_and_once():
    assert notable(0.85)
    assert not notable(0.95, last=Stored(100_000_000, 0.85, 1))


def test_another_one_beside_the_first_is_stored():
    assert notable(0.7, 0.5)


def test_a_clock_that_was_set_back_hides_nothing():
    assert notable(0.7, after_us=-5_000_000)
