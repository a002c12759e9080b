"""The next start after the power came back: what PyNVR makes of the disk, and what it then says of itself.

It runs what the service runs, the preparation and the finisher, in a fork: so a cut costs a second, not five.
"""

import logging
import multiprocessing
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from pynvr.archive.omitted import omission_files, read_omissions
from pynvr.base.heart import Beat, Heart
from pynvr.catalog.folders import all_folders
from pynvr.catalog.verify import Counts, Verifier
from pynvr.config.load import load
from pynvr.finisher import process as finisher
from pynvr.model.incident import clip_path
from pynvr.model.settings import Settings
from pynvr.store.incidents import IncidentFilter
from pynvr.store.store import Store
from pynvr.supervisor import prepare

_BEATS_ENOUGH = 2
_BEATS_ENOUGH_WITH_CHUNKS = 20
_MOST_BEATS = 3000
# It says so more often than the service would, so that a cut costs less time.
_BEAT_EVERY_S = 0.2
# On a busy machine a stop leaves something to the next start.
_MOST_STARTS = 5
_UNFINISHED = ("*.chunk", "*.new", "*.cut", "*.part.*")
_ALL = 100_000


@dataclass
class Found:
    """What there is after the start. `findings`: of `pynvr verify`; `unfinished`: files that are neither a segment nor
    set aside; `said`: warnings in the log."""

    findings: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    segments: int = 0
    keeps: set[int] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)
    incidents: set[int] = field(default_factory=set)
    broken_clips: list[str] = field(default_factory=list)
    descriptions: dict[str, str] = field(default_factory=dict)
    omitted: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    database: str = ""
    said: list[str] = field(default_factory=list)
    failure: str = ""


class _Listener(Heart):
    """Hears the finisher say that there is nothing left to do, and then tells it to stop."""

    def __init__(self) -> None:
        self._ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(self._ends[0])
        self.facts: dict[str, str] = {}
        self._idle = 0
        self._beats = 0
        self._finished = 0.0

    def beat(self, beat: Beat) -> None:
        self.facts |= dict(beat.facts)
        if beat.state == "preparing":
            return
        figures = beat.figures
        left = figures.get("pictures_left", 0) + figures.get("folders_unseen", 0) + figures.get("rows_waiting", 0)
        gets_on = left or "doing" in beat.facts or figures.get("finished", 0) != self._finished
        self._finished = figures.get("finished", 0)
        self._beats += 1
        self._idle = 0 if gets_on else self._idle + 1
        # What is left then waits for a word on what moved, which nobody says.
        enough = _BEATS_ENOUGH if not figures.get("chunks_left", 0) else _BEATS_ENOUGH_WITH_CHUNKS
        self.stopping = self._idle >= enough or self._beats >= _MOST_BEATS


class _Hearing(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())


def next_start(config: Path) -> Found:
    """Start on what is there, and look."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_told, args=(theirs, config))
    process.start()
    theirs.close()
    try:
        found = ours.recv()
    except EOFError:
        found = Found(failure="the start ended without a word")
    process.join()
    assert isinstance(found, Found)
    return found


def _told(told: Connection, config: Path) -> None:
    found = Found()
    logging.getLogger().handlers[:] = [_Hearing(found.said)]
    try:
        _look(config, found)
    except Exception as err:  # whatever a start fails with is a finding
        found.failure = f"{type(err).__name__}: {err}"
    told.send(found)
    told.close()


def _look(config: Path, found: Found) -> None:
    settings = load(config)
    system = settings.system
    found.descriptions = {camera.id: camera.description for camera in settings.cameras}
    heart = _Listener()
    folders = tuple(sorted({camera.dst for camera in settings.cameras}))
    prepare.run(heart, prepare.PrepareOrder(system.database, system.run_dir, folders))
    found.database = heart.facts.get("database", "")
    finisher._BEAT_EVERY_S = finisher._ROWS_EVERY_S = _BEAT_EVERY_S
    for _ in range(_MOST_STARTS):
        finisher.run(_Listener(), settings)
        found.unfinished = _unfinished(folders)
        if not found.unfinished:
            break
    with Store.open(system.database) as store:
        counts = Counts()
        verifier = Verifier(store, system.timezone, system.jpg_cache_dir)
        for one in verifier.verify(all_folders(settings, store), counts):
            found.findings.append(f"{one.kind}: {one.path.name} {one.detail}")
        found.segments = counts.segments
        found.keeps = {keep.id for keep in store.keeps.all()}
        found.tags = {tag.id for tag in store.tags.page(None, 0, 1 << 61, limit=_ALL)[0]}
        incidents = store.incidents.page(IncidentFilter(), limit=_ALL)[0]
        found.incidents = {incident.id for incident in incidents}
        for incident in incidents:
            path = clip_path(system, incident)
            if incident.has_clip and (not path.exists() or path.stat().st_size != incident.clip_bytes):
                found.broken_clips.append(f"incident {incident.id} has no whole clip")
    found.omitted = _omitted(settings)


def _unfinished(folders: Iterable[Path]) -> list[str]:
    return [path.name for folder in folders for pattern in _UNFINISHED for path in folder.glob(f"*/{pattern}")]


def _omitted(settings: Settings) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for path in omission_files(settings.system.run_dir):
        for one in read_omissions(path)[0]:
            spans.setdefault(one.camera_id, []).append((one.start_us, one.end_us))
    return spans
