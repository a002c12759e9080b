"""What somebody hears who asks a searcher that isn't there, doesn't listen, or has too many to listen to."""

import socket
import threading

import pytest

from pynvr.base.errors import SearchError
from pynvr.base.local_socket import connect, listen
from pynvr.model.search import SOCKET_NAME
from pynvr.playback import searches as searches_module
from pynvr.playback.searches import Searches
from pynvr.searcher import desk as desk_module
from pynvr.searcher.desk import Desk
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


def test_one_that_is_there_but_says_nothing_is_busy(tmp_path, listener, monkeypatch):
    monkeypatch.setattr(searches_module, "_SEND_WITHIN_S", 0.05)
    assert refusal(tmp_path) == "busy"


def test_one_whose_callers_stand_in_line_is_busy(tmp_path, listener, monkeypatch):
    monkeypatch.setattr(searches_module, "_SEND_WITHIN_S", 0.05)
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
