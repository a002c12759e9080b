"""The packets of an open container, as a context that gives back what reading them took."""

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any, cast

from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream


def demuxing(container: InputContainer, streams: Sequence[Stream]) -> "closing[Generator[Packet[Any]]]":
    """`with demuxing(container, streams) as packets`: what `container.demux` yields, as far as is asked.

    PyAV (18.1) doesn't end a generator that is only dropped: the packet that it reads into would stay, and such small
    remains keep the heap from shrinking. The finisher drops two for each segment.
    """
    return closing(cast("Generator[Packet[Any]]", container.demux(*streams)))
