"""What PyNVR's processes say to each other, as if one of them had gone mad: the other refuses it and goes on."""

import json
import socket

from hypothesis import given
from hypothesis import strategies as st

from pynvr.base.heart import Beat
from pynvr.base.wishes import Answer, wish_in
from pynvr.model.search import Asked, BestFramesOrder, Told
from pynvr.searcher.desk import Client
from tests.fuzz.effort import tries
from tests.fuzz.made_json import VALUES, as_bytes, objects, texts

BEAT = {"state": "recording", "within_s": 5.0, "figures": {"frames": 1}, "facts": {"codec": "h264"}}
BEATS = objects([*BEAT, "cause", "detail", "wants"]).map(lambda odd: {**BEAT, **odd})


@tries(60)
@given(texts(BEATS))
def test_a_beat_is_one_of_known_types_or_none(text):
    try:
        beat = Beat.from_bytes(as_bytes(text))
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return
    assert beat.within_s + 1 > beat.within_s - 1
    assert all(isinstance(name, str) for name in (beat.state, beat.cause, beat.detail, *beat.wants))
    assert all(isinstance(figure, int | float) for figure in beat.figures.values())
    assert all(isinstance(fact, str) for fact in beat.facts.values())


@tries(40)
@given(texts(objects(["wish", "number", "about"])))
def test_a_wish_is_understood_or_refused(text):
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    try:
        wish = wish_in(found)
    except ValueError:
        return
    assert wish is None or wish.about is not None


@tries(40)
@given(texts(objects(["answer", "result", "refused", "message"])))
def test_an_answer_of_the_master_is_understood_or_refused(text):
    try:
        Answer.from_bytes(as_bytes(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        pass


@tries(40)
@given(texts(objects(["job", "asker", "order"])))
def test_what_the_searcher_is_asked_is_understood_or_refused(text):
    try:
        asked = Asked.from_line(as_bytes(text))
    except ValueError:
        return
    assert isinstance(asked.order, dict)


@tries(40)
@given(objects(["camera_id", "from_us", "to_us", "by", "count", "apart_us"], VALUES))
def test_an_order_of_the_searcher_is_understood_or_refused(order):
    try:
        BestFramesOrder.read(order)
    except ValueError:
        pass


@tries(40)
@given(texts(objects(["progress", "waits", "result", "refused", "message"])))
def test_what_the_searcher_tells_is_understood_or_refused(text):
    try:
        Told.from_line(as_bytes(text))
    except ValueError:
        pass


@tries(20)
@given(st.lists(st.binary(max_size=200) | texts(VALUES).map(as_bytes) | st.just(b"\n"), max_size=6))
def test_a_mad_client_of_the_searcher_is_let_go(pieces):
    ours, theirs = socket.socketpair()
    client = Client(ours)
    with theirs:
        theirs.settimeout(0)
        for piece in pieces:
            try:
                theirs.send(piece)
            except OSError:
                break
            while not client.left and ready(ours):
                client.take_in()
        theirs.close()
        while not client.left:
            client.take_in()


def ready(connection):
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except OSError:
        return False
