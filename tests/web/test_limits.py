"""Token buckets and places, by themselves."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.web.errors import ApiError
from pynvr.web.limits import Buckets, Places, network_of
from tests.waiting import wait_until
from tests.web.making import SetClock


def buckets(clock, capacity=5, most=10_000):
    return Buckets(capacity, 60.0, clock.monotonic_s, most)


def test_a_bucket_says_how_long_to_wait():
    clock = SetClock()
    tried = buckets(clock)
    assert [tried.take("a") for _ in range(5)] == [0.0] * 5
    assert tried.take("a") == pytest.approx(12.0)
    clock.move(5)
    assert tried.take("a") == pytest.approx(7.0)
    clock.move(7.001)
    assert tried.take("a") == 0.0
    assert tried.take("b") == 0.0


@given(st.lists(st.floats(min_value=0, max_value=30), max_size=200))
def test_no_pattern_of_attempts_gets_more_than_its_share(pauses):
    clock = SetClock()
    tried = buckets(clock)
    granted = 0
    for pause_s in pauses:
        clock.move(pause_s)
        granted += tried.take("a") == 0.0
    assert granted <= 5 + sum(pauses) * 5 / 60 + 0.001


def test_what_is_given_back_never_exceeds_the_bucket():
    clock = SetClock()
    tried = buckets(clock)
    for _ in range(9):
        tried.give_back("a")
    assert [tried.take("a") == 0.0 for _ in range(6)] == [True] * 5 + [False]


def test_a_flood_of_addresses_takes_no_more_memory():
    clock = SetClock()
    tried = buckets(clock, most=100)
    for n in range(1000):
        tried.take(str(n))
    assert len(tried) == 100


def test_one_customer_is_one_address():
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("") == ""


def test_some_run_some_wait_and_more_are_sent_away():
    places, go, running, done = Places(2, 1), threading.Event(), [], []

    def work():
        with places.one():
            running.append(1)
            go.wait(60)
        done.append(1)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(running) == 2 and places._queue._value == 0, 20, what="two run and one waits")
    with pytest.raises(ApiError) as refused, places.one():
        pass
    assert refused.value.status == 429
    assert len(running) == 2
    go.set()
    for thread in threads:
        thread.join(60)
    assert len(done) == 3
    with places.one():
        pass
