"""The web server: gunicorn's parser and responses, one loop, many threads, in this process (decision 009)."""

import socket
from collections.abc import Callable, Iterable

from gunicorn.config import Config

from pynvr.web.headers import Application, Environ, StartResponse
from pynvr.web.long_responses import LongResponses
from pynvr.web.tls import Certificate
from pynvr.web.traffic import ENVIRON_KEY, STOPPING_KEY, Traffic
from pynvr.web.worker import Worker

# A download, a video that is being watched and a WebSocket hold a thread each; of the last there are at most 192
# (`live.seats`). The difference is for everybody else.
THREADS = 512
LONG_RESPONSES = 256
CONNECTIONS = 1000
KEEPALIVE_S = 15
# Of a stop: short answers are finished, downloads cut after it (they can be resumed).
GRACE_S = 2


class WebServer:
    """Serves the application on these sockets, which it owns from now on, until `stop`."""

    def __init__(
        self,
        application: Application,
        sockets: list[socket.socket],
        certificate: Certificate | None = None,
        on_turn: Callable[[], None] = lambda: None,
        *,
        threads: int = THREADS,
        long_responses: int = LONG_RESPONSES,
    ) -> None:
        self.traffic = Traffic()
        self._limited = LongResponses(application, long_responses, self.traffic)
        self._worker = Worker(
            _config(threads, encrypted=certificate is not None),
            sockets,
            application=self._answer,
            context_of=lambda: None if certificate is None else certificate.context,
            traffic=self.traffic,
            on_turn=on_turn,
        )

    def run(self) -> None:
        """Serve until `stop`; takes at most the grace and a moment from then on."""
        self._worker.run()

    def stop(self) -> None:
        """To be called in `on_turn`, or from another thread: `run` ends soon."""
        self._worker.stop()

    def wake_fd(self) -> int:
        """For `signal.set_wakeup_fd`: a signal ends the loop's wait."""
        return self._worker.wake_fd()

    @property
    def hangs(self) -> bool:
        """After `run`: whether a thread couldn't be ended."""
        return self._worker.threads_left

    def _is_stopping(self) -> bool:
        return not self._worker.alive

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.traffic.long_responses = self._limited.taken
        environ[ENVIRON_KEY] = self.traffic
        environ[STOPPING_KEY] = self._is_stopping
        return self._limited(environ, start_response)


def _config(threads: int, encrypted: bool) -> Config:
    config = Config()
    config.set("threads", threads)
    config.set("worker_connections", CONNECTIONS)
    config.set("keepalive", KEEPALIVE_S)
    config.set("graceful_timeout", GRACE_S)
    # Nobody's word about scheme and address is taken here: `peer` does, from proxies that nvr.json names.
    config.set("forwarded_allow_ips", "")
    if encrypted:
        # Only tells the scheme; the context is ours.
        config.set("certfile", "certificate")
    return config
