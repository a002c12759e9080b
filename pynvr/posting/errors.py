"""Why something wasn't taken, and what that means for it and for what waits behind it."""

from pynvr.base.errors import PyNVRError


class UndeliveredError(PyNVRError):
    """It wasn't taken, and may be later; nor would anything else be now. `again_s`: when, if the receiver said so."""

    def __init__(self, message: str, again_s: float | None = None) -> None:
        super().__init__(message)
        self.again_s = again_s


class WrongAddressError(UndeliveredError):
    """Somebody is there, but takes nothing at this address, or not from us: its path, login or method is wrong."""


class UnacceptableError(PyNVRError):
    """The receiver will never take this; others it may."""


class BodyError(PyNVRError):
    """What is to be sent can't be read any more."""
