"""Clips cut as their time comes: one incident's work in a turn, what is asked for first by its end."""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import replace

from pynvr.archive.disk import disk_error
from pynvr.base.clock import Clock
from pynvr.base.errors import FootageGoneError, MediaError, NothingRecordedError, UnevenRangeError
from pynvr.deliverer import tidy
from pynvr.deliverer.clip import is_encoded, make_clip
from pynvr.deliverer.missing import in_words, missing_of
from pynvr.deliverer.ready import Cut, Wait, verdict
from pynvr.deliverer.unread import chunks_of, has_holes, reach_us, why_unread
from pynvr.media.clip_encoder import StoppedError
from pynvr.model.audit import Entry, Level, Source
from pynvr.model.cause import Cause
from pynvr.model.incident import Clip, Incident, IncidentStatus, MissingSpan, clip_path
from pynvr.model.settings import Camera, Settings
from pynvr.playback.footage import Footage, Piece
from pynvr.store.store import Store

_S = 1_000_000
# How late an incident is seen that somebody else wrote into the database.
_LOOK_S = 0.5
_TIDY_EVERY_S = 5.0
# What stands in the way may pass: a disk that is full or gone, video that a decoder refuses.
_AGAIN_US = 30 * _S
_AFTER_DEATH_US = 60 * _S
# What has been in vain for long is tried less often: after a part of the time that it waits already, up to ten minutes.
_SHARE_OF_AGE = 10
_LONGEST_PAUSE_US = 600 * _S
# Video that the catalog knows and that can't be opened is waited for; then the clip goes without it.
_MOUNTED_WITHIN_US = 3600 * _S
# And if that is all there is, then for so long.
_BACK_WITHIN_US = 7 * 86_400 * _S
# Who finishes a left chunk is through with it within seconds, mostly; then it is looked at less often.
_UNREAD_LOOK_US = _S
_UNREAD_SOON_US = 30 * _S
# What was recorded since is looked at to see that recording went on: a keyframe interval, and a segment's border.
_BEYOND_US = 60 * _S
_log = logging.getLogger(__name__)


class Cutter:
    """For one thread, but for `stop` and `busy_since_s`."""

    def __init__(self, store: Store, footage: Footage, settings: Callable[[], Settings], clock: Clock) -> None:
        self._store = store
        self._footage = footage
        self._settings = settings
        self._clock = clock
        self._stopping = threading.Event()
        self._tidied_s: float | None = None
        self._encoding_id, self._looked_s, self._nested = 0, 0.0, False
        self.busy_since_s: float | None = None  # monotonic; since when it works at one clip, None = it doesn't

    def stop(self) -> None:
        """Work on a clip ends soon, without one; it is cut when the program runs again."""
        self._stopping.set()

    def begin(self) -> None:
        """Put right what the program left when it ended. Raises StoreError."""
        tidy.reconcile(self._store, self._settings(), self._clock.now_us())

    def turn(self) -> float:
        """Cut one clip, if one is due; gives the seconds after which the next turn is wanted. Raises StoreError."""
        now_s = self._clock.monotonic_s()
        if self._tidied_s is None or now_s - self._tidied_s >= _TIDY_EVERY_S:
            self._tidied_s = now_s
            tidy.let_go(self._store, self._settings().system, self._clock.now_us())
        return self._round()

    def _round(self, *, only_quick: bool = False) -> float:
        """The first one that is due, what needn't be encoded before what must. `only_quick`: that alone."""
        soonest_s = _LOOK_S
        slow: list[tuple[Incident, list[Piece]]] = []
        for incident in self._store.incidents.to_cut(self._clock.now_us()):
            if self._stopping.is_set() or incident.id == self._encoding_id:
                continue
            if incident.exact and (only_quick or slow):
                continue  # its turn comes later, and there may be thousands
            found = self._look(incident)
            if isinstance(found, int):
                soonest_s = min(soonest_s, found / _S)
            elif is_encoded(incident, found):
                slow.append((incident, found))
            else:
                self._work(incident, found)
                return 0.0
        if slow and not only_quick:
            self._work(*slow[0])
            return 0.0
        return soonest_s

    def _go_on(self) -> bool:
        """Asked all the time while a clip is written. What needn't be encoded doesn't wait for what must."""
        now_s = self._clock.monotonic_s()
        if self._encoding_id and now_s - self._looked_s >= _LOOK_S and self._nested is False:
            self._looked_s, self._nested = now_s, True
            try:
                self._round(only_quick=True)
            finally:
                self._nested = False
        return not self._stopping.is_set()

    def _look(self, incident: Incident) -> int | list[Piece]:
        """How long it has to wait, in microseconds; or what there is, if its time has come."""
        now_us = self._clock.now_us()
        if now_us < incident.end_us:
            return incident.end_us - now_us
        camera = self._settings().camera(incident.camera_id)
        pieces = self._pieces(incident)
        found = verdict(incident, camera, pieces, now_us)
        if not isinstance(found, Wait) and camera is not None and has_holes(incident, pieces):
            # What is missing may be there and not be read yet: once more, in that order.
            system = self._settings().system
            chunks = chunks_of(incident, camera, system)
            pieces = self._pieces(incident, reach_us(system))
            found = verdict(incident, camera, pieces, now_us)
            pause_us = self._unread_us(incident, camera, chunks, pieces, now_us)
            if pause_us:
                return pause_us
        if isinstance(found, Wait):
            return max(0, found.until_us - now_us)
        return _within(incident, pieces) if isinstance(found, Cut) else []

    def _pieces(self, incident: Incident, before_us: int = 0) -> list[Piece]:
        """What can be read of it, of what was recorded behind it, and for so long before it."""
        # A power cut may have come right behind what happened, the next start days later: it is in a left chunk then.
        begin_us = incident.start_us - before_us
        return self._footage.pieces(incident.camera_id, begin_us, incident.end_us + _BEYOND_US, begin_us)

    def _unread_us(self, incident: Incident, camera: Camera, chunks: set[str], pieces: list[Piece], now_us: int) -> int:
        """How long it waits for what can't be read yet; 0 = it doesn't, for there is no such thing or for too long."""
        since_us = max(incident.created_us, incident.end_us)
        if now_us >= since_us + (_MOUNTED_WITHIN_US if _within(incident, pieces) else _BACK_WITHIN_US):
            return 0
        why = why_unread(self._store, incident, camera, chunks, pieces)
        if why and now_us >= since_us + _UNREAD_SOON_US:
            self._postpone(incident, why)
        return _UNREAD_LOOK_US if why else 0

    def _work(self, incident: Incident, pieces: list[Piece]) -> None:
        """`pieces`: all that there will be of it."""
        before_s, before_id = self.busy_since_s, self._encoding_id
        self.busy_since_s = self._clock.monotonic_s()
        try:
            if not pieces:
                self._give_up(incident, pieces)
                return
            if not is_encoded(incident, pieces):
                self._cut(incident, pieces)
                return
            self._encoding_id = incident.id
            # Should a decoder die of it, the whole process does, again and again: with a pause in between.
            begun = incident.postponed("it is being encoded", self._again_us(incident, _AFTER_DEATH_US))
            noted = self._store.incidents.write(begun)
            if noted is not None:
                self._cut(noted, pieces)
        finally:
            self.busy_since_s, self._encoding_id = before_s, before_id

    def _cut(self, incident: Incident, pieces: list[Piece]) -> None:
        path = clip_path(self._settings().system, incident)
        try:
            if self._clock.now_us() < max(incident.created_us, incident.end_us) + _MOUNTED_WITHIN_US:
                self._check_readable(pieces)
            made = make_clip(self._footage, incident, pieces, path, self._go_on)
        except StoppedError:
            self._store.incidents.write(replace(incident, last_error="", next_try_us=None))
            return
        except NothingRecordedError:
            self._find_nothing(incident, pieces)
            return
        except (FootageGoneError, MediaError, UnevenRangeError) as err:
            self._postpone(incident, str(err))
            return
        except OSError as err:
            self._postpone(incident, str(disk_error(err, "write the clip")))
            return
        missing = missing_of(self._store, incident.camera_id, made.missing, pieces, self._clock.now_us())
        clip = Clip(made.clip.start_us, made.clip.end_us, made.clip.file_bytes, missing)
        words = f"the clip is cut{_lacks(missing)}"
        if self._write(incident.extracted(clip, self._clock.now_us()), "incident.extracted", words):
            _log.info("incident %d of camera %s: %s", incident.id, self._settings().called(incident.camera_id), words)
            return
        now = self._store.incidents.get(incident.id)
        if now is None:
            path.unlink(missing_ok=True)  # somebody deleted the incident meanwhile
        elif now.status is IncidentStatus.PENDING:
            # Somebody asked for a retry meanwhile: that is what this clip is.
            self._write(now.extracted(clip, self._clock.now_us()), "incident.extracted", words)

    def _find_nothing(self, incident: Incident, pieces: list[Piece]) -> None:
        """Whether that is for good: all of it may lie on a disk that is away."""
        try:
            if self._clock.now_us() < max(incident.created_us, incident.end_us) + _BACK_WITHIN_US:
                self._check_readable(pieces)
        except FootageGoneError as err:
            self._postpone(incident, str(err))
        else:
            self._give_up(incident, [])

    def _check_readable(self, pieces: list[Piece]) -> None:
        """A disk that is away for a while is no reason to go without its video. Raises FootageGoneError."""
        for piece in pieces:
            os.close(self._footage.open(piece))

    def _give_up(self, incident: Incident, pieces: list[Piece]) -> None:
        now_us = self._clock.now_us()
        span = (incident.start_us, incident.end_us)
        missing = missing_of(self._store, incident.camera_id, [span], pieces, now_us)
        words = f"there is no clip: {in_words(missing)}"
        if self._write(incident.unrecorded(in_words(missing), missing, now_us), "incident.failed", words):
            _log.warning(
                "incident %d of camera %s: %s", incident.id, self._settings().called(incident.camera_id), words
            )

    def _postpone(self, incident: Incident, error: str) -> None:
        if error != incident.last_error:
            called = self._settings().called(incident.camera_id)
            _log.warning("incident %d of camera %s: no clip yet: %s", incident.id, called, error)
        self._store.incidents.write(incident.postponed(error, self._again_us(incident, _AGAIN_US)))

    def _again_us(self, incident: Incident, shortest_us: int) -> int:
        now_us = self._clock.now_us()
        age_us = now_us - max(incident.created_us, incident.end_us)
        return now_us + max(shortest_us, min(age_us // _SHARE_OF_AGE, _LONGEST_PAUSE_US))

    def _write(self, after: Incident, action: str, words: str) -> bool:
        """Keep the state together with its line in the audit log; False if somebody else was faster."""
        level = Level.WARNING if after.status is IncidentStatus.FAILED else Level.INFO
        entry = Entry(
            self._clock.now_us(), level, Source.DELIVERER, action, f"Incident {after.id}: {words}",
            camera_id=after.camera_id, subject=str(after.id),
        )  # fmt: skip
        with self._store.transaction():
            if self._store.incidents.write(after) is None:
                return False
            self._store.audit.add(entry)
        return True


def _within(incident: Incident, pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.start_us < incident.end_us and piece.end_us > incident.start_us]


def _lacks(missing: tuple[MissingSpan, ...]) -> str:
    lacking_us = sum(span.end_us - span.start_us for span in missing if span.cause is not Cause.RECORDED)
    return f", without {lacking_us / _S:.1f} s that weren't recorded" if lacking_us else ""
