"""Where orders are taken and answers handed out: one thread, and nothing in it waits for a client."""

import logging
import select
import socket

from pynvr.model.search import LONGEST_LINE_BYTES, Asked, Told

# The last words of a search; a client takes them at once, or isn't there any more.
_MOST_UNSENT_BYTES = 4 << 20
_MOST_CLIENTS = 64
_PIECE_BYTES = 65_536

_log = logging.getLogger(__name__)


class Client:
    """One connection: it asks once. `asked`: what, as soon as it is known; `left`: it hung up or was let go."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._inbox = bytearray()
        self._outbox = bytearray()
        self.asked: Asked | None = None
        self.left = False

    def fileno(self) -> int:
        return self._connection.fileno()

    @property
    def has_unsent(self) -> bool:
        return bool(self._outbox)

    def take_in(self) -> bool:
        """Read what came; true if now it is known what is asked."""
        try:
            piece = self._connection.recv(_PIECE_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            piece = b""
        if not piece or self.asked is not None:
            self.leave()  # it hung up, or says more than there is to say
            return False
        self._inbox += piece
        line, newline, _ = self._inbox.partition(b"\n")
        if newline or len(self._inbox) > LONGEST_LINE_BYTES:
            try:
                self.asked = Asked.from_line(bytes(line))
            except ValueError as err:
                _log.warning("an order can't be understood: %s", err)
                self.leave()
        return self.asked is not None

    def tell(self, told: Told) -> None:
        if self.left:
            return
        self._outbox += told.to_line()
        self.send()
        if len(self._outbox) > _MOST_UNSENT_BYTES:
            self.leave()

    def send(self) -> None:
        try:
            while self._outbox and not self.left:
                del self._outbox[: self._connection.send(self._outbox)]
        except BlockingIOError:
            pass
        except OSError:
            self.leave()

    def leave(self) -> None:
        if not self.left:
            self.left = True
            self._connection.close()


class Desk:
    """All clients. Those who have got their answer are let go by `end`."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._clients: list[Client] = []
        self._ended: set[Client] = set()

    def turn(self, wait_s: float, wake_fd: int) -> list[Client]:
        """Take what came, or wait so long for it; gives the clients of whom it is now known what they ask."""
        self._forget()
        waiting = select.poll()
        waiting.register(self._listener, select.POLLIN)
        waiting.register(wake_fd, 0)  # hang-up is always reported
        for client in self._clients:
            waiting.register(client, select.POLLIN | (select.POLLOUT if client.has_unsent else 0))
        ready = {fd for fd, _ in waiting.poll(wait_s * 1000)}
        asking = []
        for client in self._clients:
            if client.fileno() in ready:
                client.send()
                if not client.left and client.take_in():
                    asking.append(client)
        if self._listener.fileno() in ready:
            self._accept()
        self._forget()
        return asking

    def end(self, client: Client) -> None:
        """It was told all; its connection closes when that is sent."""
        self._ended.add(client)
        self._forget()

    def close(self) -> None:
        for client in self._clients:
            client.leave()
        self._listener.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if len(self._clients) >= _MOST_CLIENTS:
            refused = Client(connection)
            refused.tell(Told(refused="busy", message="too many wait for their search; try again when some are done"))
            refused.leave()
            return
        self._clients.append(Client(connection))

    def _forget(self) -> None:
        for client in self._ended:
            if not client.has_unsent:
                client.leave()
        self._clients = [client for client in self._clients if not client.left]
        self._ended &= set(self._clients)
