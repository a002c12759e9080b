"""The server against clients that are slow, rude, many or gone."""

import socket

import pytest

from tests.starved import without_threads
from tests.waiting import PATIENCE_S, wait_until
from tests.web.serving import Serving, application, serving

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def received(client: socket.socket) -> bytes:
    """All until the server closes."""
    parts = []
    while piece := client.recv(65536):
        parts.append(piece)
    return b"".join(parts)


def answer_of(client: socket.socket) -> bytes:
    """One answer of the application's `/`."""
    data = b""
    while not data.endswith(b"\r\n\r\nhttp"):
        piece = client.recv(4096)
        assert piece, data
        data += piece
    return data


def test_a_request_is_answered_and_its_connection_kept():
    with serving() as site, site.client() as client:
        for _ in range(3):
            client.request("GET", "/")
            answer = client.getresponse()
            assert (answer.status, answer.read()) == (200, b"http")
        site.wait_figures(lambda figures: figures.requests == {"2xx": 3} and figures.connections == 1)


def test_requests_sent_together_are_answered_in_turn():
    with serving() as site, site.connect() as client:
        client.sendall(GET * 3)
        data = b""
        while data.count(b"\r\n\r\nhttp") < 3:
            data += client.recv(4096)


def test_two_hundred_clients_that_send_a_byte_now_and_then_hold_no_thread(monkeypatch):
    monkeypatch.setattr("pynvr.web.connection.HEAD_WITHIN_S", 100)
    with serving(threads=4) as site:
        slow = [site.connect() for _ in range(200)]
        for number in range(3):
            for client in slow:
                client.sendall(GET[number : number + 1])
            assert site.get() == (200, b"http")
        # They are served too when they come to the end of it.
        for client in slow:
            client.sendall(GET[3:])
        assert all(answer_of(client) for client in slow)
        for client in slow:
            client.close()


def test_clients_that_say_nothing_hold_no_thread():
    with serving(threads=2) as site:
        silent = [site.connect() for _ in range(50)]
        site.wait_figures(lambda figures: figures.connections >= 50)
        assert site.get() == (200, b"http")
        for client in silent:
            client.close()
        site.wait_figures(lambda figures: figures.connections <= 1)


def test_a_head_that_doesnt_end_in_time_ends_its_connection(monkeypatch):
    monkeypatch.setattr("pynvr.web.connection.HEAD_WITHIN_S", 0.3)
    with serving() as site, site.connect() as client:
        client.sendall(GET[:10])
        assert received(client) == b""


def is_dropped(client) -> bool:
    """Whether the server takes nothing more from this client, who sends a byte to see."""
    try:
        client.sendall(b"x")
    except OSError:
        return True
    return False


def test_dripping_bytes_doesnt_prolong_the_time_for_a_head(monkeypatch):
    monkeypatch.setattr("pynvr.web.connection.HEAD_WITHIN_S", 0.3)
    with serving() as site, site.connect() as client:
        wait_until(lambda: is_dropped(client), 20, "the server to lose patience")


def test_a_head_without_end_is_refused():
    with serving() as site, site.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 40_000)
        assert received(client).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
    ],
)
def test_what_is_no_request_is_told_so(head, status):
    with serving() as site, site.connect() as client:
        client.sendall(head)
        assert received(client).startswith(b"HTTP/1.1 %d " % status)


def test_half_closed_clients_are_answered_and_delay_nobody(monkeypatch):
    monkeypatch.setattr("pynvr.web.worker.LINGER_S", 60)
    with serving(threads=2) as site:
        clients = [site.connect() for _ in range(30)]
        for client in clients:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        # None of them closes; gunicorn's own loop would stand still for each, as long as it lingers.
        assert all(received(client).endswith(b"http") for client in clients)
        assert site.get() == (200, b"http")
        assert site.server.traffic.now().connections >= 30
        for client in clients:
            client.close()


def test_an_answer_reaches_a_client_that_sends_more_than_is_read():
    with serving() as site, site.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + bytes(200_000))
        assert b"\r\n\r\nhttp" in received(client)


def test_a_body_that_doesnt_come_is_given_up(monkeypatch):
    monkeypatch.setattr("pynvr.web.worker.STALLED_S", 0.3)
    with serving() as site, site.connect() as client:
        client.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        assert received(client) == b""
        assert site.get() == (200, b"http")


def test_dripping_bytes_doesnt_prolong_the_time_for_a_body(monkeypatch):
    monkeypatch.setattr("pynvr.web.connection.BODY_WITHIN_S", 0.3)
    with serving() as site, site.connect() as client:
        client.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc")
        wait_until(lambda: is_dropped(client), 20, "the server to lose patience")


def test_a_download_that_nobody_takes_is_given_up(monkeypatch):
    monkeypatch.setattr("pynvr.web.worker.STALLED_S", 0.3)
    with serving() as site, site.connect() as client:
        client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        site.wait_figures(lambda figures: figures.requests.get("2xx") == 1)
        wait_until(lambda: site.server._limited.taken == 0, 20, "its place to be free")


def test_aborted_downloads_end_at_once():
    with serving() as site:
        for _ in range(20):
            with site.connect() as client:
                client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
                assert client.recv(1000)
        figures = site.wait_figures(lambda figures: figures.requests.get("2xx") == 20 and figures)
        assert figures.sent_bytes < 1 << 30
        wait_until(lambda: site.server._limited.taken == 0, 20, "the places to be free")


def test_long_responses_leave_threads_for_the_others():
    with serving(threads=6, long_responses=4) as site:
        held = [site.connect() for _ in range(4)]
        for client in held:
            client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        with site.client() as one_more:
            one_more.request("GET", "/long")
            answer = one_more.getresponse()
            assert (answer.status, answer.getheader("Retry-After")) == (503, "10")
            assert b'"busy"' in answer.read()
        assert site.get() == (200, b"http")
        assert site.server.traffic.now().refused == 1
        held.pop().close()
        wait_until(lambda: site.server._limited.taken == 3, 20, "a place to be free")
        with site.connect() as client:
            client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        for client in held:
            client.close()


def test_an_error_of_the_application_ends_one_request():
    with serving() as site:
        assert site.get("/fail")[0] == 500
        assert site.get() == (200, b"http")


def test_a_stop_lets_short_requests_end(monkeypatch):
    monkeypatch.setattr("pynvr.web.server.GRACE_S", 30)
    site = Serving()
    with site.client() as client:
        client.request("GET", "/wait")
        assert site.started.wait(PATIENCE_S)
        site.server.stop()
        site.go_on.set()
        answer = client.getresponse()
        assert (answer.status, answer.read()) == (200, b"http")
    site.stop()


def test_a_stop_cuts_stuck_downloads_and_idle_connections(monkeypatch):
    monkeypatch.setattr("pynvr.web.worker.CUT_WITHIN_S", 30)
    site = Serving()
    stuck = [site.connect() for _ in range(10)]
    for client in stuck:
        client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(100)
    idle = site.connect()
    idle.sendall(GET)
    assert answer_of(idle)
    silent = site.connect()
    # One that is still to be accepted when the server stops is reset by the kernel, which is another story.
    site.wait_figures(lambda figures: figures.connections == len(stuck) + 2)
    site.stop()
    assert not site.server.hangs
    assert received(idle) == received(silent) == b""
    for client in (*stuck, idle, silent):
        client.close()


def test_a_stop_doesnt_wait_for_a_thread_that_hangs(monkeypatch):
    monkeypatch.setattr("pynvr.web.server.GRACE_S", 0)
    site = Serving()
    with site.connect() as client:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        assert site.started.wait(PATIENCE_S)
        site.server.stop()
        site.thread.join(PATIENCE_S)
        assert not site.thread.is_alive() and site.server.hangs
    site.go_on.set()


def test_an_application_that_says_close_is_heeded():
    def refuse(_environ, start_response):
        start_response("413 Request Entity Too Large", [("Connection", "close"), ("Content-Length", "2")])
        return [b"no"]

    with serving(refuse) as site, site.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n")
        # The client still sends, and nobody waits for it: its connection ends with the answer.
        head, _, body = received(client).partition(b"\r\n\r\n")
        assert body == b"no"
        assert b"\r\nConnection: close\r\n" in head + b"\r\n"


def test_running_out_of_descriptors_is_survived(monkeypatch):
    with serving() as site:
        real = socket.socket.accept
        refused: list[int] = []

        def accept(listener):
            if len(refused) < 3:
                refused.append(1)
                raise OSError(24, "Too many open files")
            return real(listener)

        monkeypatch.setattr(socket.socket, "accept", accept)
        assert site.get() == (200, b"http")
        assert len(refused) == 3


def test_where_no_other_thread_can_be_started_requests_wait_for_those_that_there_are(monkeypatch, caplog):
    with serving() as site:
        assert site.get() == (200, b"http")
        with without_threads(monkeypatch):
            clients = held_up(site, 5, caplog)
            site.go_on.set()
            for client in clients:
                assert b"200 OK" in answer_of(client)
                client.close()
        assert site.get() == (200, b"http")
    assert not site.server.hangs


def test_who_waits_for_a_thread_gets_one_as_soon_as_the_machine_gives_it(monkeypatch, caplog):
    with serving() as site:
        assert site.get() == (200, b"http")
        site.wait_figures(lambda figures: figures.connections == 0)
        with without_threads(monkeypatch):
            clients = [*held_up(site, 5, caplog), site.connect()]
            clients[-1].sendall(GET)
            site.wait_figures(lambda figures: figures.connections == 6)
        # Nobody else comes, and those before it don't end.
        assert answer_of(clients[-1])
        for client in clients:
            client.close()


def held_up(site: Serving, count: int, caplog: pytest.LogCaptureFixture) -> list[socket.socket]:
    """Clients that wait for `go_on`, more than there are threads; one of them was refused another thread."""
    clients = [site.connect() for _ in range(count)]
    for client in clients:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
    wait_until(lambda: "can't start new thread" in caplog.text, 20, "a thread to be refused")
    return clients


def test_nobodys_word_about_the_scheme_is_taken():
    with serving(application) as site, site.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n")
        assert received(client).endswith(b"\r\n\r\nhttp")
