"""Makes what cameras send, once for all that send the same."""

import threading

from pynvr.simulator.camera import Encoding, SimulatedCamera
from pynvr.simulator.clip import AudioClip, VideoClip
from pynvr.simulator.looped import file_audio, file_clip, scene_clip
from pynvr.simulator.packed import PackedClip, Packing
from pynvr.simulator.tone import tone_clip


class Studio:
    """Encoding takes seconds: it happens in the caller's thread, never in the loop's. Errors are SimulatorError."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clips: dict[Encoding, VideoClip] = {}
        self._packed: dict[tuple[Encoding, Packing, bool], PackedClip] = {}

    def packed(self, encoding: Encoding, camera: SimulatedCamera) -> PackedClip:
        """The looped clip of this encoding, in packets as the camera makes them."""
        with self._lock:
            clip = self._clips.get(encoding)
            if clip is None:
                clip = file_clip(encoding.clip, encoding.bitrate_kbps) if encoding.clip else scene_clip(encoding)
                self._clips[encoding] = clip
            packing = Packing(clip.format.codec, camera.packet_bytes, camera.aggregate)
            key = encoding, packing, camera.parameter_sets in {"both", "band"}
            packed = self._packed.get(key)
            if packed is None:
                packed = self._packed[key] = PackedClip(clip, packing, key[2])
            return packed

    def audio(self, camera: SimulatedCamera) -> AudioClip | None:
        if not camera.audio:
            return None
        if camera.clip is not None and camera.audio == "aac":
            return file_audio(camera.clip)
        with self._lock:
            return tone_clip(camera.audio)
