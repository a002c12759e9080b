"""What every way to a target is: it takes a message or says why not."""

from typing import Protocol

from pynvr.notifier.message import Message


class Channel(Protocol):
    """Used by one thread."""

    def send(self, message: Message, picture: bytes | None) -> None:
        """Returns when the receiver has it. Raises UndeliveredError, UnacceptableError, MissingLibraryError."""

    def close(self) -> None: ...
