"""The captures as the site knows them: those that the master runs, and what they have left on disk."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from pynvr.archive.capture_folder import (
    APART_US,
    SHOWN,
    CaptureFolder,
    CaptureState,
    Shot,
    captures_dir,
    captures_in,
)
from pynvr.model.settings import Camera
from pynvr.vision.best import best
from pynvr.web.errors import ApiError, conflict, not_found
from pynvr.web.site import Site

PROCESS = "capture "
# A process that was only just started stands in the next status, and one that ends has so long to do it.
_FRESH_S = 5.0
_STOPS_WITHIN_S = 6.0
_NAP_S = 0.05


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture. `shots`: the brightest, brightest first, a second apart."""

    id: str
    state: CaptureState
    runs: bool
    shots: tuple[Shot, ...]

    @property
    def words(self) -> str:
        """How it stands, for people."""
        state = self.state
        if self.runs:
            return {
                "connecting": "connecting",
                "capturing": "capturing",
                "waiting": f"waiting to try again: {state.detail}",
                "ended": "stopping",
            }[state.state]
        if state.state == "ended":
            return state.detail or "stopped"
        return "its process ended" if state.frames else "stopped before a picture came"


class Captures:
    """For all threads of the process."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._started: dict[str, tuple[float, CaptureState]] = {}

    def start(self, camera: Camera) -> Capture:
        """Raises WishError: it is being captured already, too many are, the master doesn't answer."""
        answer = self._site.wishes.ask(
            "capture.start",
            url=camera.url,
            transport=camera.transport,
            initial_timeout_s=camera.initial_timeout_s,
            frame_timeout_s=camera.frame_timeout_s,
        )
        state = CaptureState(camera.safe_url, self._site.clock.now_us())
        self._started[str(answer["id"])] = time.monotonic(), state
        return self.one(str(answer["id"]))

    def stop(self, capture_id: str = "", url: str = "") -> Capture:
        """Wait until it has ended; without an id or a URL the one that began last. Raises WishError."""
        stopped = str(self._site.wishes.ask("capture.stop", id=capture_id, url=url)["id"])
        self._started.pop(stopped, None)
        until_s = time.monotonic() + _STOPS_WITHIN_S
        while time.monotonic() < until_s:
            capture = self.one(stopped)
            if capture.state.state == "ended" or not capture.runs:
                break
            time.sleep(_NAP_S)
        return self.one(stopped)

    def all(self) -> list[Capture]:
        """Newest first."""
        running = self._running()
        found = {folder.id: _read(folder, folder.id in running) for folder in captures_in(self._folder())}
        fresh = {known: Capture(known, state, True, ()) for known, (_, state) in list(self._started.items())}
        kept = {**fresh, **{known: capture for known, capture in found.items() if capture is not None}}
        return [kept[known] for known in sorted(kept, key=int, reverse=True)]

    def one(self, capture_id: str) -> Capture:
        """Raises ApiError 404."""
        found = next((capture for capture in self.all() if capture.id == capture_id), None)
        if found is None:
            raise not_found("there is no such capture")
        return found

    def last(self) -> Capture | None:
        """The one that ended last, else the newest."""
        captures = self.all()
        ended = [capture for capture in captures if not capture.runs]
        if ended:
            return max(ended, key=lambda one: one.state.ended_us or one.state.started_us)
        return captures[0] if captures else None

    def picture(self, capture_id: str, at_us: str) -> bytes:
        """The JPEG of a picture; raises ApiError 404."""
        for folder in captures_in(self._folder()):
            for shot in folder.shots() if folder.id == capture_id else ():
                jpeg = folder.jpeg(shot) if str(shot.at_us) == at_us else None
                if jpeg is not None:
                    return jpeg
        raise not_found("there is no such picture")

    def remove(self, capture_id: str) -> None:
        """Raises ApiError 404, 409 while it runs, 503 if the disk doesn't let go of it."""
        if self.one(capture_id).runs:
            raise conflict("it is running; stop it first")
        for folder in captures_in(self._folder()):
            if folder.id == capture_id:
                try:
                    shutil.rmtree(folder.path)
                except FileNotFoundError:
                    pass  # somebody else deletes it too
                except OSError as err:
                    message = f"the capture can't be deleted: {err.strerror}"
                    raise ApiError(503, "not_writable", message) from err

    def _running(self) -> frozenset[str]:
        """Their ids; the status is up to two seconds old."""
        status = self._site.status()
        names = [process.name for process in status.processes if process.kind == "capturer"] if status else []
        now_s = time.monotonic()
        for known, (began_s, _) in list(self._started.items()):
            if now_s - began_s > _FRESH_S:
                self._started.pop(known, None)
        return frozenset({*(name.removeprefix(PROCESS) for name in names), *self._started})

    def _folder(self) -> Path:
        return captures_dir(self._site.settings().system)


def _read(folder: CaptureFolder, runs: bool) -> Capture | None:
    state = folder.read()
    if state is None:
        return None
    return Capture(folder.id, state, runs and not state.ended_us, tuple(best(folder.shots(), SHOWN, APART_US)))
