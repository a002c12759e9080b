"""Every error that PyNVR raises on purpose. Foreign errors are converted where their library is called.

A message says what was tried, on what, and what to do; it never holds a password.
"""


class PyNVRError(Exception):
    """Base of all expected failures; the command line shows it as one line, without a traceback."""

    exit_code = 1


class ConfigError(PyNVRError):
    """nvr.json can't be used; carries one line per mistake (file, JSON path, found, expected)."""

    exit_code = 2

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class ConfigUnreadableError(ConfigError):
    """nvr.json is there, but can't be read; what is in it isn't known."""


class ConfigBusyError(ConfigError):
    """nvr.json is being changed by another program, or was since it was read."""


class UsageError(PyNVRError):
    """A command was given something it can't use."""

    exit_code = 2


class AlreadyRunningError(PyNVRError):
    """Another PyNVR already owns this data directory."""

    exit_code = 4


class SourceError(PyNVRError):
    """A camera can't be opened or read; `cause` is the value of the `Cause` that coverage shows."""

    def __init__(self, message: str, cause: str) -> None:
        super().__init__(message)
        self.cause = cause


class ChunkError(PyNVRError):
    """A chunk holds nothing that can become a segment."""


class BoxError(PyNVRError):
    """A file isn't an MP4 that PyNVR can read."""


class MediaError(PyNVRError):
    """libav refused to decode, encode or mux something."""


class DiskError(PyNVRError):
    """A folder can't be used: missing, foreign, full or read-only; `cause` as in `SourceError`."""

    def __init__(self, message: str, cause: str) -> None:
        super().__init__(message)
        self.cause = cause


class MissingLibraryError(PyNVRError):
    """A function needs a library of an extra that isn't installed; the message says which extra."""


class StoreError(PyNVRError):
    """The database can't be used right now."""


class WishError(PyNVRError):
    """The master doesn't do what was asked of it.

    `reason`: "invalid", "unknown" (there is no such thing), "conflict" (with how things are), "busy" (later, perhaps),
    "unheard" (it doesn't answer).
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class SearchError(PyNVRError):
    """Recorded pictures weren't looked at, or not to the end.

    `reason`: "invalid" (what was asked), "nothing" (was recorded then), "gone" (deleted meanwhile), "library" (one is
    missing), "busy", "database", "missing" (there is no searcher), "died" (it did, meanwhile), "failed".
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class IncidentStateError(PyNVRError):
    """An incident's state doesn't allow what was asked."""


class SimulatorError(PyNVRError):
    """A simulated camera can't be made or run as asked."""


class FootageGoneError(PyNVRError):
    """Recorded video was deleted, or its disk is gone, since it was found."""


class NothingRecordedError(PyNVRError):
    """There is no video of a camera in a period."""


class UnevenRangeError(PyNVRError):
    """A range holds what one MP4 can't: a pause longer than its tables can tell."""


class FormatChangesError(PyNVRError):
    """Codec, size or sound change inside a range.

    `at_us`: when for the first time; `parts`: the ranges, end exclusive, in which nothing changes.
    """

    def __init__(self, message: str, at_us: int, parts: tuple[tuple[int, int], ...]) -> None:
        super().__init__(message)
        self.at_us = at_us
        self.parts = parts
