"""A camera that takes its pictures now: a thread that draws, encodes and hands on, at the camera's own pace."""

import threading
import time
from collections.abc import Callable

from pynvr.base.errors import SimulatorError
from pynvr.simulator.camera import Encoding
from pynvr.simulator.clip import VIDEO_CLOCK, AccessUnit, VideoFormat
from pynvr.simulator.looped import PILLOW_MISSING
from pynvr.simulator.timing import frame_time, loop_times

# About one turn of the scene's motion. Of pictures a minute apart no two show it in the same places.
PERIOD_S = 22.9
_LATEST_S = 0.5


class LiveEncoder:
    """Encodes from `start` to `stop`. `send(unit, captured_us)` is called in the encoder's thread.

    Unit times are ticks since the start. A picture that comes too late, on a machine that is busy, is left out;
    `left_out` counts them.
    """

    def __init__(self, encoding: Encoding, send: Callable[[AccessUnit, int], None]) -> None:
        try:  # Pillow is an optional package
            from pynvr.simulator.encoder import PictureEncoder
            from pynvr.simulator.scene import Scene, clock_text
        except ImportError as err:
            raise SimulatorError(PILLOW_MISSING) from err
        self.left_out = 0
        self._encoding = encoding
        self._encoder = PictureEncoder(encoding)
        self._scene = Scene(
            encoding.scene,
            encoding.width,
            encoding.height,
            PERIOD_S,
            encoding.look,
            visits=encoding.visits,
            delivery=encoding.delivery,
            time_code=encoding.time_code,
            repeats=False,
        )
        self._clock_text = clock_text
        self._send = send
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._key_wanted = threading.Event()
        self._captured: dict[int, int] = {}
        self._error = ""
        self._thread = threading.Thread(target=self._run, name=f"live {encoding.scene}", daemon=True)

    def start(self) -> VideoFormat:
        """Begin; returns when the parameter sets are known. Raises SimulatorError if the encoder fails."""
        self._thread.start()
        self._ready.wait()
        if self._error:
            raise SimulatorError(self._error)
        return self._encoder.format

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def want_key(self) -> None:
        """The next picture becomes a keyframe, as cameras do when a client comes."""
        self._key_wanted.set()

    def _run(self) -> None:
        try:
            self._encode_all()
        except Exception as err:
            self._error = f"live camera {self._encoding.scene}: {err}"
        finally:
            self._ready.set()

    def _encode_all(self) -> None:
        turn_ticks = frame_time(self._encoding.loop_frames, self._encoding)
        times = loop_times(self._encoding)
        start_s, start_us = time.monotonic(), time.time_ns() // 1000
        number = -1
        watched: int | None = None
        while not self._stopping.is_set():
            number += 1
            ticks = number // len(times) * turn_ticks + times[number % len(times)]
            wait_s = start_s + ticks / VIDEO_CLOCK - time.monotonic()
            if wait_s > 0:
                self._stopping.wait(wait_s)
            elif wait_s < -_LATEST_S:
                self.left_out += 1
                continue
            captured_us = start_us + ticks * 1_000_000 // VIDEO_CLOCK
            force = self._key_wanted.is_set()
            self._key_wanted.clear()
            if force and watched is None:
                watched = ticks
            since_s = None if watched is None else (ticks - watched) / VIDEO_CLOCK
            picture = self._scene.picture(
                captured_us % 10**12 / 1e6, self._clock_text(captured_us), captured_us // 1000, since_s
            )
            self._captured[ticks] = captured_us
            for unit in self._encoder.encode(picture, ticks, force_key=force):
                self._ready.set()
                self._send(unit, self._captured.pop(unit.time))
