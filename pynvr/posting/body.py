"""What is sent: bytes in memory, or a form with a file that is read from disk while it is sent."""

import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pynvr.posting.errors import BodyError

_BLOCK_BYTES = 65_536


class Body(Protocol):
    """Its length is known before it is sent."""

    @property
    def content_type(self) -> str: ...

    @property
    def size_bytes(self) -> int: ...

    def blocks(self) -> Iterator[bytes]:
        """All of it, from the start each time it is called. Raises BodyError."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Bytes in memory."""

    data: bytes = field(repr=False)
    content_type: str

    @property
    def size_bytes(self) -> int:
        return len(self.data)

    def blocks(self) -> Iterator[bytes]:
        yield self.data


class Form:
    """`multipart/form-data` (RFC 7578): fields of text, then a file as the field `file`. Holds one block in memory."""

    def __init__(self, fields: Iterable[tuple[str, str]], path: Path, file_name: str, file_type: str) -> None:
        """Raises BodyError if the file isn't there."""
        boundary = f"pynvr-{secrets.token_hex(16)}"
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._path = path
        texts = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
            for name, value in fields
        )
        opening = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(file_name)}"\r\n'
            f"Content-Type: {file_type}\r\n\r\n"
        )
        self._head = (texts + opening).encode("utf-8", "replace")
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        try:
            self._file_bytes = path.stat().st_size
        except OSError as err:
            raise BodyError(f"{path.name} can't be read: {err.strerror}") from err

    @property
    def size_bytes(self) -> int:
        return len(self._head) + self._file_bytes + len(self._tail)

    def blocks(self) -> Iterator[bytes]:
        yield self._head
        yield from self._file()
        yield self._tail

    def _file(self) -> Iterator[bytes]:
        left = self._file_bytes
        try:
            with self._path.open("rb", buffering=0) as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
                while left and (block := file.read(min(_BLOCK_BYTES, left))):
                    left -= len(block)
                    yield block
        except OSError as err:
            raise BodyError(f"{self._path.name} can't be read: {err.strerror}") from err
        if left:
            raise BodyError(f"{self._path.name} became shorter while it was sent")


def _quoted(name: str) -> str:
    """As browsers write names into a form (HTML, "multipart/form-data encoding algorithm")."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
