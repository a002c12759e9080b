"""One thread that waits on all sockets and timers of the simulator."""

import heapq
import itertools
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Loop:
    """Sockets and timers are touched by its own thread alone; other threads use `post` and `call`."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._posted: deque[Callable[[], None]] = deque()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, self._on_woken)
        self._running = True
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the work at hand."""
        self.post(self._end)
        self._thread.join()
        self._selector.close()
        self._wake.close()
        self._woken.close()

    @staticmethod
    def now_s() -> float:
        """The clock that `at` counts on."""
        return time.monotonic()

    def at(self, due_s: float, action: Callable[[], None]) -> None:
        """Do it at this time of the monotonic clock, at most about a millisecond late."""
        heapq.heappush(self._timers, (due_s, next(self._order), action))

    def watch(self, sock: socket.socket, events: int, action: Callable[[int], None]) -> None:
        """Call the action with the events each time the socket is ready; a second call changes the events."""
        if sock in self._selector.get_map():
            self._selector.modify(sock, events, action)
        else:
            self._selector.register(sock, events, action)

    def unwatch(self, sock: socket.socket) -> None:
        if sock in self._selector.get_map():
            self._selector.unregister(sock)

    def post(self, action: Callable[[], None]) -> None:
        """From any thread: do it soon, in the order of posting."""
        self._posted.append(action)
        try:
            self._wake.send(b"\0")
        except BlockingIOError:
            pass  # its buffer is full of wake-ups already

    def call(self, action: Callable[[], T]) -> T:
        """From another thread: do it in the loop's thread and give its result."""
        done = threading.Event()
        results: list[T] = []
        errors: list[Exception] = []

        def run() -> None:
            try:
                results.append(action())
            except Exception as err:
                errors.append(err)
            done.set()

        self.post(run)
        done.wait()
        if errors:
            raise errors[0]
        return results[0]

    def _run(self) -> None:
        while self._running:
            timeout = max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
            for key, events in self._selector.select(timeout):
                # An earlier action of this round may have closed the socket, and a new one may have its number.
                if self._selector.get_map().get(key.fd) is key:
                    key.data(events)
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()

    def _on_woken(self, _events: int) -> None:
        self._woken.recv(4096)
        while self._posted:
            self._posted.popleft()()

    def _end(self) -> None:
        self._running = False
