"""The parameter sets of a stream as they stand now: from the SDP, from the stream, sent with each keyframe or once."""

from pynvr.model.nal import NalCodec

# A stream that keeps changing its sets between keyframes can't make the list grow without end.
_MOST_OF_A_KIND = 64


class ParameterSets:
    """Remembers what was sent, says what a keyframe lacks, and notices when the stream became another."""

    def __init__(self, codec: NalCodec, known: tuple[bytes, ...] = ()) -> None:
        self._codec = codec
        self._by_type: dict[int, list[bytes]] = {kind: [] for kind in codec.parameter_sets}
        for nal in known:
            kind = codec.type_of(nal[0])
            if kind in self._by_type:
                self._by_type[kind].append(nal)

    @property
    def is_complete(self) -> bool:
        """Whether a decoder could be set up with them."""
        return all(self._by_type.values())

    def remember(self, sent: list[bytes], with_keyframe: bool) -> None:
        """Take note of the sets of one access unit; a keyframe's replace all of their kind."""
        if with_keyframe:
            for kind in {self._codec.type_of(nal[0]) for nal in sent}:
                self._by_type[kind].clear()
        for nal in sent:
            kept = self._by_type[self._codec.type_of(nal[0])]
            if nal not in kept:
                kept.append(nal)
                del kept[:-_MOST_OF_A_KIND]

    def lacking(self, sent: list[bytes]) -> list[bytes]:
        """What a keyframe needs besides the sets sent with it, in the order in which it stands before it."""
        there = {self._codec.type_of(nal[0]) for nal in sent}
        return [nal for kind, nals in self._by_type.items() if kind not in there for nal in nals]

    def identity(self) -> tuple[bytes, ...]:
        """Equal as long as the stream is the same: size, profile and timing are in these sets.

        Picture parameter sets are left out: encoders change them at will, and decoders follow.
        """
        return tuple(nal for kind, nals in self._by_type.items() if kind in self._codec.describing for nal in nals)
