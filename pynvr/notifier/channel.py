"""What every way to a target is: it takes a message or says why not."""

from typing import Protocol

from pynvr.base.errors import PyNVRError
from pynvr.notifier.message import Message


class UndeliveredError(PyNVRError):
    """The message wasn't taken, and may be later. `again_s`: when, if the receiver said so."""

    def __init__(self, message: str, again_s: float | None = None) -> None:
        super().__init__(message)
        self.again_s = again_s


class UnacceptableError(PyNVRError):
    """The receiver will never take this message; others it may."""


class Channel(Protocol):
    """Used by one thread."""

    def send(self, message: Message, picture: bytes | None) -> None:
        """Returns when the receiver has it. Raises UndeliveredError, UnacceptableError, MissingLibraryError."""

    def close(self) -> None: ...
