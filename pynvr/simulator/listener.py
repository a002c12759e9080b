"""A camera's TCP port, which can be closed for a while without being lost to another program."""

import selectors
import socket
from collections.abc import Callable

from pynvr.base.errors import SimulatorError
from pynvr.simulator.loop import Loop


class Listener:
    """The port is held from construction on by a socket that never listens; a second one beside it does."""

    def __init__(self, host: str, port: int, accepted: Callable[[socket.socket, tuple[str, int]], None]) -> None:
        self._accepted = accepted
        self._listening: socket.socket | None = None
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            if port:
                # Two of one user's programs may share a port that both bind as we do; so ask for it alone first.
                self._bound((host, port), shared=False).close()
            self._holder = self._bound((host, port))
        except OSError as err:
            raise SimulatorError(f"can't listen on {host}:{port}: {err.strerror}; choose another port") from err
        self.address: tuple[str, int] = self._holder.getsockname()[:2]

    def _bound(self, address: tuple[str, int], shared: bool = True) -> socket.socket:
        sock = socket.socket(self._family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            sock.bind(address)
        except OSError:
            sock.close()
            raise
        return sock

    def open(self, loop: Loop) -> None:
        """Accept connections from now on; the kernel refuses them while it isn't open."""
        if self._listening is None:
            sock = self._bound(self.address)
            sock.listen(128)
            sock.setblocking(False)
            self._listening = sock
            loop.watch(sock, selectors.EVENT_READ, self._on_ready)

    def shut(self, loop: Loop) -> None:
        if self._listening is not None:
            loop.unwatch(self._listening)
            self._listening.close()
            self._listening = None

    def close(self, loop: Loop) -> None:
        self.shut(loop)
        self._holder.close()

    def _on_ready(self, _events: int) -> None:
        assert self._listening is not None
        try:
            sock, peer = self._listening.accept()
        except OSError:
            return  # it went away again before it was accepted
        self._accepted(sock, peer[:2])
