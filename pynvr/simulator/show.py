"""What a camera shows at the moment: a looped clip, or pictures taken live."""

from collections.abc import Callable
from dataclasses import replace

from pynvr.simulator.camera import Encoding, SimulatedCamera
from pynvr.simulator.clip import VIDEO_CLOCK, AccessUnit, VideoFormat
from pynvr.simulator.faults import CodecChange, Fault, ResolutionChange
from pynvr.simulator.live import LiveEncoder
from pynvr.simulator.loop import Loop
from pynvr.simulator.packed import PackedClip, Packing
from pynvr.simulator.studio import Studio


def changed(encoding: Encoding, fault: Fault) -> Encoding:
    """The encoding after the fault; the same one if the fault leaves it."""
    match fault:
        case ResolutionChange():
            return replace(encoding, width=fault.width, height=fault.height, clip=None)
        case CodecChange():
            return replace(encoding, codec=fault.codec, clip=None)
    return encoding


class LoopedShow:
    """`packed` is what is shown now; each listed change's clip is made ahead."""

    def __init__(self, camera: SimulatedCamera, studio: Studio) -> None:
        self._camera = camera
        self._studio = studio
        self.encoding = camera.encoding
        self.packed: PackedClip | None = studio.packed(self.encoding, camera)
        encoding = self.encoding
        for fault in sorted(camera.faults, key=lambda listed: listed.after_s):
            encoding = changed(encoding, fault)
            studio.packed(encoding, camera)

    @property
    def format(self) -> VideoFormat:
        assert self.packed is not None
        return self.packed.clip.format

    def prepare(self, encoding: Encoding) -> None:
        """Make the clip, in whatever thread; `show` then has it at hand."""
        self._studio.packed(encoding, self._camera)

    def show(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.packed = self._studio.packed(encoding, self._camera)

    def packed_for(self, encoding: Encoding) -> PackedClip:
        return self._studio.packed(encoding, self._camera)

    @property
    def left_out(self) -> int:
        """What is due late is sent late."""
        return 0

    def want_key(self) -> None:
        pass

    def stop(self) -> None:
        pass


class LiveShow:
    """Encodes from the start on; `send(unit, packing, camera_time, captured_us)` comes in the loop's thread.

    `camera_time` runs on in 90 kHz ticks when the encoder is changed for another.
    """

    packed: PackedClip | None = None

    def __init__(
        self, camera: SimulatedCamera, loop: Loop, send: Callable[[AccessUnit, Packing, int, int], None]
    ) -> None:
        self._camera = camera
        self._loop = loop
        self._send = send
        self._encoder: LiveEncoder | None = None
        self._left_out_before = 0
        self._first_us: int | None = None
        self.encoding = camera.encoding
        self.prepare(self.encoding)
        self.format = self._next_format

    def prepare(self, encoding: Encoding) -> None:
        """Replace the encoder; its units follow those of the old one."""
        if self._encoder is not None:
            self._encoder.stop()
            self._left_out_before += self._encoder.left_out
        packing = Packing(encoding.codec, self._camera.packet_bytes, self._camera.aggregate)
        offset: list[int] = []

        def hand_on(unit: AccessUnit, captured_us: int) -> None:
            if self._first_us is None:
                self._first_us = captured_us
            if not offset:
                offset.append(round((captured_us - self._first_us) * VIDEO_CLOCK / 1e6) - unit.time)
            camera_time = unit.time + offset[0]
            self._loop.post(lambda: self._send(unit, packing, camera_time, captured_us))

        self._encoder = LiveEncoder(encoding, hand_on)
        self._next_format = self._encoder.start()

    def show(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.format = self._next_format

    @property
    def left_out(self) -> int:
        """Pictures that a busy machine made it leave out."""
        return self._left_out_before + (self._encoder.left_out if self._encoder is not None else 0)

    def want_key(self) -> None:
        if self._encoder is not None:
            self._encoder.want_key()

    def stop(self) -> None:
        if self._encoder is not None:
            self._encoder.stop()
