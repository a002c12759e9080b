"""What a server answers to which PyNVR posts something: each answer is one of ours, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.posting.answer import Answer, judge, next_url, pause_s
from pynvr.posting.body import Whole
from pynvr.posting.errors import UnacceptableError, UndeliveredError, WrongAddressError
from pynvr.posting.post import Address, Limits, post
from tests.fuzz.effort import tries
from tests.posting.rude import Rude, take_all

REFUSALS = (UndeliveredError, WrongAddressError, UnacceptableError)
URL = "http://127.0.0.1:8/clips"
ODD = st.sampled_from(
    [
        "http://[",
        "//[",
        "http://127.0.0.1:99999999/",
        "https://127.0.0.1:8/x",
        "//evil/",
        "\\\\evil\\",
        "file:///etc/passwd",
        "http://127.0.0.1:8@evil/",
        "Fri, 31 Dec 9999 23:59:59 -9999999999999",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "-1",
        "1e9",
    ]
)
LINES = st.text(max_size=60) | ODD


@tries(80)
@given(LINES)
def test_a_redirect_leads_to_the_same_host_or_nowhere(location):
    try:
        target = next_url(URL, location)
    except WrongAddressError:
        return
    assert target.startswith(("http://127.0.0.1", "https://127.0.0.1", "HTTP://127.0.0.1"))
    assert "@evil" not in target


@tries(60)
@given(LINES | st.dates().map(lambda day: day.strftime("%a, %d %b %Y 00:00:00 +9999")))
def test_a_pause_is_bounded(text):
    pause = pause_s(text)
    assert pause is None or 0 <= pause <= 3600


@tries(60)
@given(st.integers(100, 999), LINES, LINES, LINES)
def test_every_answer_is_judged(status, reason, retry_after, words):
    try:
        judge(Answer(status, reason, "", retry_after, words))
    except REFUSALS:
        assert not 200 <= status < 300
        return
    assert 200 <= status < 300


HEADERS = st.sampled_from(["Location", "Retry-After", "Content-Type", "Content-Length", "Transfer-Encoding", "X", ""])
FORMED = st.builds(
    lambda status, headers, body: (
        f"HTTP/1.1 {status}\r\n".encode()
        + b"".join(f"{name}: {value}\r\n".encode("utf-8", "replace") for name, value in headers)
        + b"\r\n"
        + body
    ),
    st.sampled_from(["200 OK", "307 x", "308", "503 x", "99", "100 Continue", "422 \x1b[31mred", "-1 x", "700 y"]),
    st.lists(st.tuples(HEADERS, LINES), max_size=5),
    st.binary(max_size=80),
)


@pytest.fixture(scope="module")
def receiver():
    """Says the bytes that are in `answers`, whatever it is sent."""
    answers: list[bytes] = []

    def manner(connection):
        take_all(connection)
        connection.sendall(answers[-1])

    made = Rude(manner)
    yield made, answers
    made.end()


@tries(60)
@given(data=st.binary(max_size=120) | FORMED | st.just(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000))
def test_whatever_a_receiver_says_is_taken_or_refused(receiver, data):
    server, answers = receiver
    answers.append(data)
    try:
        post(Address(server.url, token="planted-secret"), Whole(b"{}", "application/json"), {}, Limits(5, 5, 5, 20))
    except REFUSALS as err:
        assert "planted-secret" not in str(err)
        assert str(err).isprintable(), str(err)
        return
    assert b" 2" in data
