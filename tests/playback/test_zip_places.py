"""How many ZIPs are planned and sent at a time."""

import threading

from pynvr.playback.zip_places import ZipPlaces


def test_a_large_one_is_let_in_alone_and_others_when_it_is_gone():
    places = ZipPlaces(segments=100)
    assert places.take(250)
    assert not places.take(1)
    places.leave(250)
    assert places.take(60) and places.take(40)
    assert not places.take(1)
    places.leave(60)
    assert places.take(60)


def test_small_ones_are_counted_too():
    places = ZipPlaces(zips=2)
    assert places.take(1) and places.take(1)
    assert not places.take(1)


def test_who_finds_others_planning_is_told_so_and_takes_no_place_from_them():
    places = ZipPlaces(planning=1, patience_s=0.01)
    answers = []

    def ask():
        with places.planning() as is_let_in:
            answers.append(is_let_in)

    with places.planning() as is_let_in:
        assert is_let_in
        for _ in range(2):
            other = threading.Thread(target=ask)
            other.start()
            other.join()
    ask()
    assert answers == [False, False, True]
