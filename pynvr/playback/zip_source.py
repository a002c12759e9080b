"""Ranges of several cameras as one ZIP, made as it is read: nothing is stored, and every length is known at once."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

from pynvr.base.clock import Clock
from pynvr.base.errors import FootageGoneError
from pynvr.playback.byte_source import ByteSource
from pynvr.playback.range_source import Holder
from pynvr.playback.zip_format import ZipEntry, descriptor, directory, local_header
from pynvr.playback.zip_tally import Tallies

_VERSION = b"pynvr zip 1"
_HOLD_EVERY_S = 10.0
_NO_SUM = "0" * 64


class ZipMember(NamedTuple):
    """A file of the ZIP. `lease`: on all that it is read from; `start_us`: its first instant."""

    name: str
    source: ByteSource
    lease: Holder
    start_us: int


class _Part(NamedTuple):
    """So many bytes of the ZIP, and how `[low, high)` of them are read."""

    length: int
    read: Callable[[int, int], Iterator[bytes]]


class ZipSource:
    """See `ByteSource`. A part in the middle needs what stands before it to be counted, which is then read first.

    `text`: of the last file, from the SHA-256 of each member (hexadecimal); as long whatever they are. `go_on`: is
    called while something is counted of which nothing is sent, and raises FootageGoneError if nobody waits for it any
    more. `let_go`: is called once, when it is closed.
    """

    media_type = "application/zip"

    def __init__(
        self,
        members: Sequence[ZipMember],
        *,
        text_name: str,
        text: Callable[[Sequence[str]], bytes],
        filename: str,
        zone: ZoneInfo,
        tallies: Tallies,
        clock: Clock,
        go_on: Callable[[], None] = lambda: None,
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        self.filename = filename
        self._go_on = go_on
        self._let_go: Callable[[], None] | None = let_go
        self._members = members
        self._text = text
        self._zone = zone
        self._clock = clock
        self._due_s = 0.0
        self._closed = False
        blank = text([_NO_SUM] * len(members))
        self._entries = [ZipEntry(one.name, one.source.length, one.start_us) for one in members]
        self._entries.append(ZipEntry(text_name, len(blank), max(one.start_us for one in members)))
        self.etag = self._tag(blank)
        self._tallies = tallies.of(self.etag, tuple(one.source.length for one in members))
        self._parts = [part for number in range(len(self._entries)) for part in self._parts_of(number)]
        ends = list(accumulate((part.length for part in self._parts), initial=0))
        self._begins = ends[:-1:3]
        self._directory_at = ends[-1]
        end = len(self._directory([0] * len(self._entries)))
        self._parts.append(_Part(end, lambda low, high: iter([self._directory(self._crcs())[low:high]])))
        self.length = self._directory_at + end

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """See `ByteSource`."""
        at = 0
        for part in self._parts:
            low, high = max(start - at, 0), min(end - at, part.length)
            if low < high:
                yield from part.read(low, high)
            at += part.length

    def close(self) -> None:
        """See `ByteSource`."""
        self._closed = True
        for member in self._members:
            member.source.close()
        let_go, self._let_go = self._let_go, None
        if let_go is not None:
            let_go()

    def _parts_of(self, number: int) -> list[_Part]:
        entry = self._entries[number]
        header = local_header(entry, self._zone)
        behind = len(descriptor(entry, 0))
        content = self._content if number < len(self._members) else self._last
        return [
            _Part(len(header), lambda low, high: iter([header[low:high]])),
            _Part(entry.length, lambda low, high: content(number, low, high)),
            _Part(behind, lambda low, high: iter([descriptor(entry, self._crc(number))[low:high]])),
        ]

    def _content(self, number: int, low: int, high: int) -> Iterator[bytes]:
        source, tally = self._members[number].source, self._tallies[number]
        if tally.done is not None:
            for data in source.read(low, high):
                self._hold(number + 1)
                yield data
            return
        count = tally.before(low)
        try:
            for data in source.read(count.at, high):
                self._hold(number + 1)
                begin, count = count.at, count.more(data)
                tally.note(count)
                if count.at > low:
                    yield data[max(low - begin, 0) :]
                else:
                    self._go_on()
        finally:
            tally.note(count, stops=True)

    def _last(self, _number: int, low: int, high: int) -> Iterator[bytes]:
        yield self._made_text()[low:high]

    def _made_text(self) -> bytes:
        return self._text([self._sums(number)[1] for number in range(len(self._members))])

    def _directory(self, crcs: Sequence[int]) -> bytes:
        return directory(self._entries, crcs, self._begins, self._directory_at, self._zone)

    def _crcs(self) -> list[int]:
        return [self._crc(number) for number in range(len(self._entries))]

    def _crc(self, number: int) -> int:
        if number == len(self._members):
            return crc32(self._made_text())
        return self._sums(number)[0]

    def _sums(self, number: int) -> tuple[int, str]:
        """CRC-32 and SHA-256 of a member; what of it wasn't read yet is read now."""
        length = self._entries[number].length
        if self._tallies[number].done is None:
            for _ in self._content(number, length, length):
                pass
        done = self._tallies[number].done
        if done is None:
            raise FootageGoneError(f"{self._entries[number].name} ended before its length")
        return done.crc, done.sha.hexdigest()

    def _hold(self, first: int) -> None:
        """Members that are still to come stay where they are; the one that is read sees to itself."""
        if self._closed:
            raise FootageGoneError("it was closed while it was read")
        now_s = self._clock.monotonic_s()
        if now_s >= self._due_s:
            self._due_s = now_s + _HOLD_EVERY_S
            for member in self._members[first:]:
                member.lease.reached(member.start_us)

    def _tag(self, blank: bytes) -> str:
        digest = hashlib.blake2b(_VERSION, digest_size=16)
        for member, entry in zip(self._members, self._entries, strict=False):
            digest.update(f"{member.source.etag} {entry.length} {entry.at_us} {entry.name}\n".encode())
        digest.update(str(self._zone).encode())
        digest.update(blank)
        return digest.hexdigest()
