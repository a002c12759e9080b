"""What somebody hears who asks a searcher that isn't there, doesn't listen, or has too many to listen to."""

import socket
import threading

import pytest

from pynvr.base.errors import SearchError
from pynvr.base.local_socket import connect, listen
from pynvr.model.search import SOCKET_NAME, Asked, Told
from pynvr.playback import searches as searches_module
from pynvr.playback.searches import Searches
from pynvr.searcher import desk as desk_module
from pynvr.searcher.desk import Client, Desk
from tests.waiting import PATIENCE_S


@pytest.fixture
def listener(tmp_path):
    made = listen(tmp_path / SOCKET_NAME)
    yield made
    made.close()


def refusal(folder, patience_s=0.2):
    searches = Searches(folder, lambda _for_s: None, patience_s)
    with pytest.raises(SearchError) as caught, searches.begin("count", "anna", {}) as search:
        list(search)
    return caught.value.reason


def test_where_nobody_is_it_is_missing(tmp_path):
    assert refusal(tmp_path) == "missing"


def test_who_waits_for_one_that_is_still_starting_is_told_no_turn_and_served(tmp_path):
    wanted: list[float] = []
    search = Searches(tmp_path, wanted.append, PATIENCE_S).begin("count", "anna", {"to": 3})
    assert wanted, "it isn't there, and nobody would start it"
    telling = iter(search)
    # Nobody else is first.
    assert [next(telling) for _ in range(3)] == [Told(), Told(), Told()]
    # One that ends before it has heard of it: its place is taken.
    listen(tmp_path / SOCKET_NAME).close()
    next(telling)
    desk = Desk(listen(tmp_path / SOCKET_NAME))
    mine, its = socket.socketpair()
    asking: list[Client] = []

    def serve():
        while not asking:
            asking.extend(desk.turn(0.05, mine.fileno()))
        asking[0].tell(Told(1.0, result="three"))

    serving = threading.Thread(target=serve)
    serving.start()
    list(telling)
    serving.join()
    assert search.result == "three"
    assert asking[0].asked == Asked("count", "anna", {"to": 3})
    search.close()
    desk.close()
    mine.close()
    its.close()


def test_who_gives_up_before_anybody_was_there_leaves_nothing(tmp_path):
    with Searches(tmp_path, lambda _for_s: None, PATIENCE_S).begin("count", "anna", {}) as search:
        assert next(iter(search)) == Told()


def test_one_that_is_there_but_says_nothing_is_busy(tmp_path, listener):
    assert refusal(tmp_path) == "busy"


def test_one_whose_callers_stand_in_line_is_busy(tmp_path, listener):
    listener.listen(0)
    waiting = connect(tmp_path / SOCKET_NAME, 1)
    assert refusal(tmp_path) == "busy"
    waiting.close()


def test_one_that_hears_too_many_already_says_so_at_once(tmp_path, listener, monkeypatch):
    monkeypatch.setattr(desk_module, "_MOST_CLIENTS", 0)
    desk, told = Desk(listener), []
    attempts: list[object] = []

    def noted(*where):
        attempts.append(where)
        return connect(*where)

    monkeypatch.setattr(searches_module, "connect", noted)
    asking = threading.Thread(target=lambda: told.append(refusal(tmp_path, PATIENCE_S)))
    asking.start()
    mine, its = socket.socketpair()
    with mine, its:
        while asking.is_alive():
            desk.turn(0.05, mine.fileno())
    asking.join()
    assert told == ["busy"]
    assert len(attempts) == 1


def test_more_than_so_many_that_nobody_hears_are_refused_at_once_until_one_is_gone(tmp_path):
    searches = Searches(tmp_path, lambda _for_s: None, PATIENCE_S, most_waiting=2)
    first, second = (searches.begin("count", "anna", {}) for _ in range(2))
    with pytest.raises(SearchError, match="try again") as caught:
        searches.begin("count", "ben", {})
    assert caught.value.reason == "busy"
    first.close()
    first.close()
    third = searches.begin("count", "ben", {})
    with pytest.raises(SearchError):
        searches.begin("count", "cleo", {})
    second.close()
    third.close()


def test_those_that_are_heard_wait_no_longer(tmp_path, listener):
    searches = Searches(tmp_path, lambda _for_s: None, PATIENCE_S, most_waiting=1)
    with searches.begin("count", "anna", {}) as heard:
        connection, _ = listener.accept()
        connection.sendall(Told(0.5).to_line())
        telling = iter(heard)
        while next(telling).progress == 0:
            pass
        searches.begin("count", "ben", {}).close()
        connection.close()


def test_who_cant_wait_for_long_says_so(tmp_path):
    searches = Searches(tmp_path, lambda _for_s: None, PATIENCE_S)
    with pytest.raises(SearchError) as caught, searches.begin("count", "anna", {}, most_patience_s=0.2) as search:
        list(search)
    assert caught.value.reason == "missing"


def test_where_it_cant_even_be_wanted_no_place_is_lost(tmp_path):
    def fail(_for_s):
        raise OSError

    searches = Searches(tmp_path, fail, PATIENCE_S, most_waiting=1)
    for _ in range(2):
        with pytest.raises(OSError):
            searches.begin("count", "anna", {})
