"""gunicorn's threaded worker with its own loop: no client can hold the loop, and none a thread for nothing.

What differs from gunicorn 27.0.1's, whose parser and responses these are:
- a request's head is collected in the poller (`connection`), so slow clients hold no thread;
- a connection that ends lingers in the poller; gunicorn's lingers in the loop and stalls everybody for 2 s;
- a client that takes nothing for a minute, or whose body isn't there in time, is let go;
- a stop cuts what is still being sent after the grace;
- running out of file descriptors stops accepting for a moment, not the worker;
- where no other thread can be started, requests wait for those that there are;
- an application's `Connection: close` is heeded.
"""

import errno
import logging
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from enum import Enum
from functools import partial

from gunicorn import util
from gunicorn.config import Config
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import ThreadWorker

from pynvr.web.connection import Connection, ContextOf, GoneError, HeadTooLongError, PlainHttpError
from pynvr.web.headers import Application, Environ, ExcInfo, Headers, StartResponse
from pynvr.web.threads import Threads
from pynvr.web.traffic import Traffic
from pynvr.web.worker_log import WorkerLog

# A block of an answer takes this long at most; paused players ask again for what they miss.
STALLED_S = 60.0
LINGER_S = 2.0
CUT_WITHIN_S = 0.5
_LOOK_EVERY_S = 1.0
_EXPIRE_EVERY_S = 0.5
_WINDING_DOWN_LOOK_S = 0.05
_OUT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_EVERYDAY = frozenset(
    {
        errno.EPIPE,
        errno.ECONNRESET,
        errno.ENOTCONN,
        errno.EBADF,
        errno.ESHUTDOWN,
        errno.ETIMEDOUT,
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
        errno.ECONNABORTED,
    }
)

_log = logging.getLogger(__name__)


class Then(Enum):
    """What a connection does when a thread is done with it."""

    WAIT_FOR_HEAD = "wait for the rest of a head"
    KEEP = "wait for the next request"
    LINGER = "half closed, drain what still comes"
    CLOSE = "close"


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """`on_turn` is called with each turn of the loop, about every second or more often; `stop` ends `run`."""

    def __init__(
        self,
        cfg: Config,
        sockets: list[socket.socket],
        *,
        application: Application,
        context_of: ContextOf,
        traffic: Traffic,
        on_turn: Callable[[], None],
    ) -> None:
        super().__init__(0, 0, sockets, None, cfg.timeout, cfg, WorkerLog(traffic))
        self.wsgi = _heeding_close(application)
        self._context_of = context_of
        self._traffic = traffic
        self._on_turn = on_turn
        self._busy: set[Connection] = set()
        self._waiting: dict[Connection, float] = {}  # in the poller, with the time until which
        self._expire_s = 0.0
        self._out_of_files = False
        self._threads = Threads(cfg.threads, "web")
        self.poller = selectors.DefaultSelector()
        self.method_queue.init()

    def wake_fd(self) -> int:
        """For `signal.set_wakeup_fd`: a byte written here ends the loop's wait."""
        fd: int = self.method_queue._write_fd
        return fd

    def stop(self) -> None:
        self.alive = False
        self.method_queue.defer(lambda: None)

    def run(self) -> None:
        """Serve until stopped, then let go of everybody within the grace and a moment."""
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        while self.alive:
            self._on_turn()
            self._expire()
            self.set_accept_enabled(self.nr_conns < self.worker_connections and not self._out_of_files)
            self._traffic.connections = self.nr_conns
            self.wait_for_and_dispatch_events(_LOOK_EVERY_S)
        self._wind_down()

    @property
    def threads_left(self) -> bool:
        """After `run`: whether a thread hangs in something that cutting its connection didn't end."""
        return bool(self._busy)

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as err:
            if err.errno in _OUT_OF:
                if not self._out_of_files:
                    _log.warning("can't accept connections for a moment: %s", err.strerror)
                self._out_of_files = True  # until the next look
            return
        self.nr_conns += 1
        self._employ(Connection(self.cfg, client, address, listener.getsockname(), self._context_of))

    def handle(self, conn: Connection) -> Then:
        """In a thread: take in what has come, and answer a whole request."""
        try:
            if not conn.take_in():
                return Then.WAIT_FOR_HEAD
            conn.sock.settimeout(STALLED_S)
            return self._answered(conn)
        except GoneError:
            return Then.CLOSE
        except HeadTooLongError:
            _say(conn.sock, 431, "Request Header Fields Too Large", "the head of the request is too long")
        except PlainHttpError:
            _say(conn.sock, 400, "Bad Request", "this port speaks HTTPS: call it with https:// in front")
        except OSError as err:
            # Handshakes that fail, clients that leave and networks that go away are everyday life.
            if not isinstance(err, TimeoutError | ssl.SSLError) and err.errno not in _EVERYDAY:
                _log.exception("the connection of %s failed", conn.client)
            return Then.CLOSE
        return Then.LINGER

    def _answered(self, conn: Connection) -> Then:
        request = None
        try:
            request = next(conn.parser)
            if request is not None and self._keepalive_after(conn, self.handle_request(request, conn)):
                return Then.KEEP
        except (NoMoreData, StopIteration):
            pass  # the client left in the middle, or the answer broke off
        except OSError:
            raise
        except Exception as err:
            self.handle_error(request, conn.sock, conn.client, err)
        return Then.LINGER

    def _employ(self, conn: Connection) -> None:
        self._busy.add(conn)
        self._threads.employ(partial(self._attend, conn))

    def _attend(self, conn: Connection) -> None:
        """In a thread."""
        then = Then.CLOSE
        try:
            then = self.handle(conn)
        except Exception:
            _log.exception("the connection of %s failed", conn.client)
        finally:
            self.method_queue.defer(self._finish, conn, then)

    def _finish(self, conn: Connection, then: Then) -> None:
        """In the loop: what comes next for a connection that a thread is done with."""
        self._busy.discard(conn)
        try:
            if not self.alive and then in (Then.KEEP, Then.WAIT_FOR_HEAD):
                then = Then.LINGER
            now_s = time.monotonic()
            match then:
                case Then.WAIT_FOR_HEAD:
                    self._let_wait(conn, conn.head_due_s, self._on_readable)
                case Then.KEEP if conn.has_more:
                    conn.begin()
                    self._employ(conn)
                case Then.KEEP:
                    self._let_wait(conn, now_s + self.cfg.keepalive, self._on_next_request)
                case Then.LINGER:
                    conn.half_close()
                    self._let_wait(conn, now_s + LINGER_S, self._on_drain)
                case Then.CLOSE:
                    self._close(conn)
        except Exception as err:
            if not isinstance(err, OSError):
                _log.exception("a connection of %s couldn't be finished", conn.client)
            self._close(conn)

    def _let_wait(self, conn: Connection, until_s: float, then: Callable[[Connection], None]) -> None:
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _fileobj: then(conn))
        self._waiting[conn] = until_s

    def _leave_poller(self, conn: Connection) -> None:
        del self._waiting[conn]
        self.poller.unregister(conn.sock)

    def _on_readable(self, conn: Connection) -> None:
        self._leave_poller(conn)
        self._employ(conn)

    def _on_next_request(self, conn: Connection) -> None:
        conn.begin()
        self._on_readable(conn)

    def _on_drain(self, conn: Connection) -> None:
        if conn.drained():
            self._leave_poller(conn)
            self._close(conn)

    def _close(self, conn: Connection) -> None:
        if conn.is_open:
            self.nr_conns -= 1
            conn.close()

    def _expire(self) -> None:
        now_s = time.monotonic()
        if now_s < self._expire_s:
            return
        self._expire_s = now_s + _EXPIRE_EVERY_S
        self._out_of_files = False
        self._threads.tend()
        for conn in [conn for conn, until_s in self._waiting.items() if until_s <= now_s]:
            self._leave_poller(conn)
            self._close(conn)

    def _wind_down(self) -> None:
        """Take no more, finish what can be finished within the grace, then cut the rest."""
        self.set_accept_enabled(False)
        for listener in self.sockets:
            listener.close()
        # Whoever waits between requests asks again, elsewhere or later.
        for conn in list(self._waiting):
            self._leave_poller(conn)
            self._close(conn)
        self._wait_for_threads(self.cfg.graceful_timeout)
        for conn in self._busy:
            conn.cut()
        self._wait_for_threads(CUT_WITHIN_S)
        for conn in list(self._waiting):
            self._leave_poller(conn)
            self._close(conn)
        self._threads.close()
        self.poller.close()
        if not self._busy:
            self.method_queue.close()

    def _wait_for_threads(self, within_s: float) -> None:
        deadline_s = time.monotonic() + within_s
        while self._busy and time.monotonic() < deadline_s:
            self._on_turn()
            self._expire()
            self.wait_for_and_dispatch_events(_WINDING_DOWN_LOOK_S)


def _heeding_close(application: Application) -> Application:
    """gunicorn leaves out `Connection` of an answer; the application knows whether another request can follow."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, exc_info: ExcInfo = None) -> Callable[[bytes], object]:
            if any(name.lower() == "connection" and value.lower() == "close" for name, value in headers):
                start_response.__self__.force_close()  # type: ignore[attr-defined]  # a method of gunicorn's response
            return start_response(status, headers, exc_info)

        return application(environ, start)

    return answer


def _say(client: socket.socket, status: int, reason: str, words: str) -> None:
    """An answer to somebody who sent no request that could be parsed."""
    client.setblocking(False)
    util.write_error(client, status, reason, words)
