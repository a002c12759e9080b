"""The analyser process: `run` is all that the supervisor knows of it."""

import logging
import select
from collections.abc import Mapping

from pynvr.analyser.findings import Findings
from pynvr.analyser.present import Present
from pynvr.analyser.tally import Tally
from pynvr.analyser.vigil import Vigil
from pynvr.analyser.watch import CameraWatch
from pynvr.base.clock import Clock, SystemClock
from pynvr.base.counted import counted
from pynvr.base.heart import Beat, Heart
from pynvr.config.settings_file import SettingsFile
from pynvr.config.without_secrets import without_secrets
from pynvr.model import sub_stream
from pynvr.model.settings import Camera, Settings
from pynvr.store.store import Store, open_or_repair
from pynvr.vision.detector import Sighting
from pynvr.vision.detectors import MAKERS, Make, wanted

# A detector on a machine that is busy recording takes its time; hanging is more than that.
_WITHIN_S = 60.0
# A damaged database may have to be checked and restored.
_OPENING_WITHIN_S = 600.0
_BEAT_EVERY_S = 1.0
# Half of what lies between two pictures is soon enough, and for a picture a second so is this.
_LONGEST_NAP_S = 0.25
_SHORTEST_NAP_S = 0.02
_BUSY_TIMEOUT_S = 1.0

_log = logging.getLogger(__name__)


def run(heart: Heart, settings: Settings, makers: Mapping[str, Make] = MAKERS, within_s: float = _WITHIN_S) -> None:
    """Look at the cameras that ask for it until `heart.stopping`; a picture takes at most `within_s` to look at."""
    analyser = Analyser(heart, SettingsFile(settings, seen_as=without_secrets), SystemClock(), makers, within_s)
    try:
        while not heart.stopping:
            analyser.turn()
            select.select([heart.fileno()], [], [], analyser.nap_s)
    finally:
        analyser.close()


class Analyser:
    """All cameras in turn; each gets at most one picture looked at, so that none keeps the others waiting for long."""

    def __init__(
        self,
        heart: Heart,
        settings: SettingsFile,
        clock: Clock,
        makers: Mapping[str, Make] = MAKERS,
        within_s: float = _WITHIN_S,
    ) -> None:
        self._within_s = within_s
        self._heart = heart
        self._settings = settings
        self._clock = clock
        self._makers = makers
        self._tally = Tally()
        self._findings = Findings(self._open_store)
        self._present = Present(settings().system.run_dir)
        self._watches: dict[str, CameraWatch] = {}
        self._followed: Settings | None = None
        self._beat_s = float("-inf")

    @property
    def nap_s(self) -> float:
        """How long nothing need be looked at."""
        cameras = self._followed.cameras if self._followed is not None else ()
        paces = [settings.fps for camera in cameras for settings in wanted(camera.looked_for).values()]
        return max(_SHORTEST_NAP_S, min(_LONGEST_NAP_S, 0.5 / max([1.0, *paces])))

    def turn(self) -> None:
        """One look at each camera."""
        settings = self._settings()
        if settings is not self._followed:
            self._follow(settings)
        self._beat()
        for camera_id, watch in self._watches.items():
            if self._heart.stopping:
                return
            try:
                watch.turn(self._clock.now_us(), self._clock.monotonic_s())
            except OSError as err:
                _log.info("camera %s: its recording can't be read: %s", camera_id, err.strerror or err)
            self._beat()
        self._findings.write(self._clock.monotonic_s())

    def close(self) -> None:
        self._findings.write(self._clock.monotonic_s())
        self._findings.lose_rest()
        self._findings.close()
        self._present.close()
        for watch in self._watches.values():
            watch.close()

    def _follow(self, settings: Settings) -> None:
        cameras = {camera.id: camera for camera in settings.cameras if is_watched(camera)}
        for camera_id in set(self._watches) - set(cameras):
            self._watches.pop(camera_id).close()
        for camera_id, camera in cameras.items():
            if camera_id in self._watches:
                self._watches[camera_id].follow(camera, settings.system)
            else:
                self._watches[camera_id] = CameraWatch(
                    camera, settings.system, self._makers, self._take, self._tally, note=self._present.note
                )
            self._keep_vigil(self._watches[camera_id], camera, settings)
        self._followed = settings

    def _keep_vigil(self, watch: CameraWatch, camera: Camera, settings: Settings) -> None:
        if camera.record.mode == "motion":
            watch.vigil = watch.vigil or Vigil(settings.system.run_dir, camera.id)
        elif watch.vigil is not None:
            watch.vigil.close()
            watch.vigil = None

    def _take(self, seen: Sighting) -> None:
        assert self._followed is not None
        self._findings.add(seen, self._followed.system)

    def _open_store(self) -> Store:
        self._say(_OPENING_WITHIN_S)
        assert self._followed is not None
        store = open_or_repair(self._followed.system.database, _BUSY_TIMEOUT_S)
        self._say(self._within_s)
        return store

    def _beat(self) -> None:
        if self._clock.monotonic_s() - self._beat_s >= _BEAT_EVERY_S:
            self._say(self._within_s)

    def _say(self, within_s: float) -> None:
        self._beat_s = self._clock.monotonic_s()
        troubles = dict.fromkeys(trouble for watch in self._watches.values() for trouble in watch.trouble.values())
        if self._findings.failure:
            troubles[f"what is detected waits for the database: {self._findings.failure}"] = None
        findings, tally = self._findings, self._tally
        figures = tally.figures() | {
            "cameras": len(self._watches),
            "detections": findings.stored,
            "alerts": findings.alerts,
            "lost": findings.lost,
        }
        looked_at = f"{counted(tally.pictures, 'picture')} of {counted(len(self._watches), 'camera')}"
        doing = f"looked at {looked_at}, {tally.missed} were left out"
        self._heart.beat(Beat("watching", within_s, "", "; ".join(troubles), figures, {"doing": doing}, self._wanted()))

    def _wanted(self) -> tuple[str, ...]:
        """The sub-streams that are looked at."""
        return tuple(sub_stream.name_of(camera_id) for camera_id, watch in self._watches.items() if watch.wants_sub)


def is_watched(camera: Camera) -> bool:
    """Whether there is anything to do for the analyser."""
    return camera.has_pictures and camera.looked_for.is_wanted
