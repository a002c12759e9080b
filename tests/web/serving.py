"""A server with an application of the test's own, on a free port, in a thread."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pynvr.web.listening import listen
from pynvr.web.server import WebServer
from tests.waiting import PATIENCE_S, wait_until

ENDLESS = 1 << 40


def application(environ, start_response):
    """`/` answers at once, `/long` sends as long as somebody takes it, `/wait` waits for the test, `/echo` reads."""
    path = environ["PATH_INFO"]
    if path == "/fail":
        raise RuntimeError("the application broke")
    if path == "/long":
        start_response("200 OK", [("Content-Length", str(ENDLESS))])
        return iter(lambda: bytes(65536), b"")
    if path == "/wait":
        started, go_on = environ["test.events"]
        started.set()
        go_on.wait(30)
    body = environ["wsgi.input"].read() if path == "/echo" else environ["wsgi.url_scheme"].encode()
    start_response("200 OK", [("Content-Length", str(len(body))), ("Content-Type", "text/plain")])
    return [body]


class Serving:
    def __init__(self, wrapped=application, certificate=None, **options):
        self.started, self.go_on = threading.Event(), threading.Event()
        (listener,) = listen("127.0.0.1", 0)
        self.port = listener.getsockname()[1]

        def with_events(environ, start_response):
            environ["test.events"] = self.started, self.go_on
            return wrapped(environ, start_response)

        self.server = WebServer(with_events, [listener], certificate, **options)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)
        made.settimeout(PATIENCE_S)
        return made

    def get(self, path="/", context: ssl.SSLContext | None = None) -> tuple[int, bytes]:
        with self.client(context) as client:
            client.request("GET", path)
            answer = client.getresponse()
            return answer.status, answer.read()

    @contextmanager
    def client(self, context: ssl.SSLContext | None = None) -> Iterator[http.client.HTTPConnection]:
        if context is None:
            made = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        else:
            made = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE_S, context=context)
        try:
            yield made
        finally:
            made.close()

    def wait_figures(self, condition):
        return wait_until(lambda: condition(self.server.traffic.now()), 20, lambda: str(self.server.traffic.now()))

    def stop(self):
        self.go_on.set()
        self.server.stop()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive(), "the server didn't stop"


@contextmanager
def serving(wrapped=application, certificate=None, **options) -> Iterator[Serving]:
    made = Serving(wrapped, certificate, **options)
    try:
        yield made
    finally:
        made.stop()
