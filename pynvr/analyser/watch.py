"""One camera's analysis: its recording followed, few pictures decoded, each shown to the detectors that want it."""

import logging
import time
from collections.abc import Callable, Mapping

from pynvr.analyser.choice import MOST_KEYFRAMES_FPS, Choice, Run
from pynvr.analyser.notable import Stored, is_notable, stored_of
from pynvr.analyser.streams import StreamTail, place_of
from pynvr.analyser.tally import Tally
from pynvr.analyser.vigil import Vigil
from pynvr.archive.chunk import BlockFrame
from pynvr.archive.looks import Look
from pynvr.base.errors import ChunkError, MediaError, MissingLibraryError
from pynvr.media.run_decoder import RunDecoder
from pynvr.media.still import Picture, decode_still
from pynvr.model.frame import Track
from pynvr.model.settings import Camera, DetectorSettings, System
from pynvr.vision.detector import Detector, Sighting, is_settling
from pynvr.vision.detectors import MOTION, Make, wanted

# A detector that failed is left alone for so long.
_RESTS_S = 30.0
_EARLY = 0.7

_log = logging.getLogger(__name__)


class CameraWatch:
    """`trouble`: what needs a person, by kind of detector. `tell` is told what is worth storing, `note` every look.

    `vigil`: set from outside, and closed here, if recording goes by motion.
    """

    def __init__(
        self,
        camera: Camera,
        system: System,
        makers: Mapping[str, Make],
        tell: Callable[[Sighting], None],
        tally: Tally,
        *,
        note: Callable[[Look], None],
    ) -> None:
        self.trouble: dict[str, str] = {}
        self._camera = camera
        self._makers = makers
        self._tell = tell
        self._tally = tally
        self._note = note
        self._tail = StreamTail(camera, system)
        self._choice = Choice()
        self._decoder: tuple[Track, RunDecoder] | None = None
        # Decoded for itself; the decoder gets it when frames that follow it are wanted.
        self._keyframe: tuple[BlockFrame, bytes] | None = None
        self._detectors: dict[str, Detector] = {}
        self._looked_us: dict[str, int] = {}
        self._stored: dict[str, Stored] = {}
        self._rests_until_s: dict[str, float] = {}
        self.vigil: Vigil | None = None

    @property
    def wants_sub(self) -> bool:
        """Whether its sub-stream is of use."""
        return self._tail.wants_sub

    def follow(self, camera: Camera, system: System) -> None:
        """The settings are these from now on."""
        if place_of(camera, system) != self._tail.place:
            self._tail.close()
            self._tail = StreamTail(camera, system)
            self._choice.restart()
        self._camera = camera
        kinds = wanted(camera.looked_for)
        for known in (self._detectors, self._looked_us, self._stored, self._rests_until_s, self.trouble):
            for kind in set(known) - set(kinds):
                del known[kind]

    def turn(self, now_us: int, now_s: float) -> None:
        """Take in what was recorded since the last turn; at most one picture is looked at. Raises OSError."""
        frames, is_new = self._tail.new(now_us, now_s)
        if is_new:
            self._choice.restart()
        missed = self._choice.missed
        kinds = wanted(self._camera.looked_for)
        run = self._choice.take(frames, max((settings.fps for settings in kinds.values()), default=0.0))
        self._tally.missed += self._choice.missed - missed
        if run is None:
            return
        shown = self._decoded(run)
        if shown is None:
            return
        self._tally.pictures += 1
        at_us = shown[1]
        for kind, settings in kinds.items():
            if self._is_due(kind, settings, run, at_us) and self._rests_until_s.get(kind, 0.0) <= now_s:
                self._looked_us[kind] = at_us
                self._look(kind, settings, shown, now_s)

    def close(self) -> None:
        self._tail.close()
        if self.vigil is not None:
            self.vigil.close()

    def _is_due(self, kind: str, settings: DetectorSettings, run: Run, at_us: int) -> bool:
        """A detector that looks at keyframes alone sees one picture for each, though another has more decoded."""
        if settings.fps == 0 and not run.from_keyframe:
            return False
        early_us = _EARLY * 1_000_000 / (settings.fps or MOST_KEYFRAMES_FPS)
        return abs(at_us - self._looked_us.get(kind, 0)) >= early_us

    def _look(self, kind: str, settings: DetectorSettings, shown: tuple[Picture, int], now_s: float) -> None:
        picture, at_us = shown
        try:
            if kind not in self._detectors:
                self._detectors[kind] = self._makers[kind]()
            began_s = time.monotonic()
            found = self._detectors[kind].look(picture, at_us, settings)
        except MissingLibraryError as err:
            self._rest(kind, str(err), now_s)
            return
        except Exception as err:
            # Of one picture, or one camera; the others go on.
            _log.exception("camera %s: the detector of %s failed", self._camera.id, kind)
            self._rest(kind, f"camera {self._camera.id}: the detector of {kind} failed: {err}", now_s)
            self._detectors.pop(kind, None)
            if kind == MOTION and self.vigil is not None:
                self.vigil.interrupt()
            return
        self.trouble.pop(kind, None)
        if kind == MOTION and self.vigil is not None:
            if is_settling(self._detectors[kind]):
                self.vigil.saw_nothing(at_us, (picture.width, picture.height))
            else:
                self._watched(self.vigil, picture, at_us, bool(found), settings.fps)
        took_s = time.monotonic() - began_s
        self._tally.looked(kind, took_s)
        seen = tuple((one.confidence, box) for one in found for box in one.parts or (one.box,))
        self._note(Look(self._camera.id, kind, at_us, round(took_s * 1_000_000), seen))
        if kind not in wanted(self._camera.detect):
            return  # for the vigil alone
        if is_notable(found, at_us, self._stored.get(kind), settings.confidence_threshold):
            self._stored[kind] = stored_of(found, at_us)
            self._tell(Sighting(self._camera, kind, at_us, picture, tuple(found), settings))

    def _watched(self, vigil: Vigil, picture: Picture, at_us: int, moved: bool, fps: float) -> None:
        vigil.looked(self._tail.begun_us, at_us, (picture.width, picture.height), moved, fps)
        if vigil.trouble:
            self.trouble[MOTION] = vigil.trouble

    def _rest(self, kind: str, why: str, now_s: float) -> None:
        if self.trouble.get(kind) != why:
            _log.warning("%s", why)
        self.trouble[kind] = why
        self._rests_until_s[kind] = now_s + _RESTS_S

    def _decoded(self, run: Run) -> tuple[Picture, int] | None:
        """The run's last picture and when it was; None if it can't be had."""
        video = self._tail.video
        if video is None:
            return None
        began_s = time.monotonic()
        try:
            samples = [self._tail.payload(frame) for frame in run.frames]
            if run.from_keyframe and len(samples) == 1:
                # Without a decoder that stays: where keyframes are all that is wanted, none is ever needed.
                self._keyframe = run.frames[0], samples[0]
                shown: tuple[Picture, int] | None = (
                    decode_still(video.codec, video.sample_entry, samples),
                    run.frames[0].time_us,
                )
            else:
                shown = self._with_references(video, run, samples)
            self._tally.decoded(len(samples), time.monotonic() - began_s)
            return shown
        except (ChunkError, MediaError) as err:
            _log.info("camera %s: %s", self._camera.id, err)
            self._tally.undecodable += 1
            self._choice.restart()
            return None

    def _with_references(self, video: Track, run: Run, samples: list[bytes]) -> tuple[Picture, int] | None:
        if self._decoder is None or self._decoder[0] != video:
            self._decoder = video, RunDecoder(video.codec, video.sample_entry)
        frames, from_keyframe = run.frames, run.from_keyframe
        if self._keyframe is not None and not from_keyframe:
            frames, samples, from_keyframe = (self._keyframe[0], *frames), [self._keyframe[1], *samples], True
        self._keyframe = None
        shown = self._decoder[1].last_picture(samples, from_keyframe)
        return None if shown is None else (shown[0], frames[shown[1]].time_us)
