"""What a PLAY's parts have in common: the loop, the record, the faults, and the counters of each track."""

from collections.abc import Callable
from dataclasses import dataclass

from pynvr.simulator.fault_state import FaultState
from pynvr.simulator.faults import Fault
from pynvr.simulator.loop import Loop
from pynvr.simulator.sent_log import SentLog

VIDEO_SOURCE = 0x50594E56
AUDIO_SOURCE = 0x50594E41


@dataclass(frozen=True, slots=True)
class Session:
    """`log`: None when nothing is recorded. `accepted_bytes`: put into the connection so far.

    `on_fault` takes the faults that come due while playing.
    """

    loop: Loop
    log: SentLog | None
    faults: FaultState
    accepted_bytes: Callable[[], int]
    on_fault: Callable[[Fault], None]


@dataclass(slots=True)
class Counters:
    """What a sender report tells of a track, and its next sequence number (it wraps at 16 bits when sent)."""

    sequence: int
    source: int
    packets: int = 0
    octets: int = 0

    def count(self, packets: int, octets: int) -> None:
        self.sequence += packets
        self.packets += packets
        self.octets += octets
