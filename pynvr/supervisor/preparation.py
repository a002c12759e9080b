"""The master's side of the preparation: which folders are ready, when to look again at those that aren't."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pynvr.base.heart import Beat
from pynvr.base.logs import LogPlace
from pynvr.model.cause import Cause
from pynvr.model.settings import Settings
from pynvr.supervisor.child import Child
from pynvr.supervisor.prepare import PrepareOrder
from pynvr.supervisor.restart import Ending, ending_of, first_beat_within_s, in_words
from pynvr.supervisor.roster import TARGETS, Wanted, main_log, wants_recorder

# Soon at first: the folders behind one that hung weren't asked yet.
_FIRST_RETRY_S = 2.0
_LONGEST_RETRY_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a folder can't be recorded to."""

    cause: Cause
    detail: str


class Preparation:
    """Runs one child at a time until every folder is known and the database is well; times are monotonic seconds."""

    def __init__(
        self,
        settings: Settings,
        now_s: float,
        to_stderr: bool = False,
        target: str = TARGETS["preparation"],
        fork: Callable[[Wanted, float], Child] = Child,
    ) -> None:
        self.settings = settings
        self.child: Child | None = None
        self.markers: dict[Path, str] = {}
        self.refused: dict[Path, Refusal] = {}
        self.database_problem = ""
        self.tries = 0
        self._fork = fork
        self._to_stderr = to_stderr
        self._target = target
        self._failures = 0
        self._unheard = 0  # in a row, killed for they never said a word
        self._asking: Path | None = None
        self._slow: list[Path] = []
        self._killed = False
        self._stopped = False
        self._start_s: float | None = now_s

    @property
    def over(self) -> bool:
        """Whether the first try has ended, well or not: who needs the database may start."""
        return self.tries > 0

    def look_again(self, settings: Settings, now_s: float) -> None:
        """The settings changed; look at the folders that are new."""
        self.settings = settings
        if self._unknown():
            self._failures = 0
            self._start_s = now_s

    def stop(self) -> None:
        """Nothing is to be prepared any more; what is interrupted is done again next time."""
        self._stopped = True
        self._start_s = None
        if self.child is not None and not self._killed:
            self._kill(self.child)

    def listen(self, now_s: float) -> None:
        """Take in what the child tells."""
        for beat in self.child.listen(now_s) if self.child else ():
            self._hear(beat)

    def step(self, now_s: float) -> None:
        """Start, end or bury the child."""
        if self.child is None:
            if self._start_s is not None and now_s >= self._start_s:
                self._start(now_s)
        elif self.child.gone:
            self._bury(self.child, now_s)
        elif not self._killed and self.child.silence.is_too_long(now_s):
            self._kill(self.child)
            if self._asking is not None:
                self._slow.append(self._asking)
                self.refused[self._asking] = Refusal(Cause.DISK_MISSING, f"{self._asking} doesn't answer")

    def dues_s(self) -> Iterator[float]:
        """When something is due."""
        if self.child is None:
            if self._start_s is not None:
                yield self._start_s
        elif not self._killed:
            yield self.child.silence.due_s

    def children(self) -> Iterator[Child]:
        """The child that can be heard, if there is one."""
        if self.child is not None and not self.child.gone:
            yield self.child

    def _hear(self, beat: Beat) -> None:
        facts = beat.facts
        if "database" in facts:
            self.database_problem = facts["database"]
        if "folder" not in facts:
            return
        folder = Path(facts["folder"])
        self._asking = folder
        if "marker" in facts:
            self._asking = None
            self.markers[folder] = facts["marker"]
            self.refused.pop(folder, None)
        elif "problem" in facts:
            self._asking = None
            self.refused[folder] = Refusal(_cause(facts.get("cause", "")), facts["problem"])

    def _unknown(self) -> list[Path]:
        wanted = dict.fromkeys(camera.dst for camera in self.settings.cameras if wants_recorder(camera))
        return [folder for folder in wanted if folder not in self.markers]

    def _start(self, now_s: float) -> None:
        # The first time all of them, for the database may know better than the cache; those that hung come last.
        folders = self._unknown()
        system = self.settings.system
        order = PrepareOrder(system.database, system.run_dir, tuple(sorted(folders, key=self._slow.count)))
        log = LogPlace(main_log(self.settings), self._to_stderr)
        try:
            self.child = self._fork(Wanted("preparation", "preparation", self._target, order, log), now_s)
        except (OSError, EOFError) as err:
            self._fail(now_s, f"can't be forked: {err or type(err).__name__}")
            return
        self.child.silence.first_within_s = first_beat_within_s("preparation", self._unheard)
        self._start_s = None
        self._asking = None
        self._killed = False

    def _kill(self, child: Child) -> None:
        self._killed = True
        child.kill()

    def _bury(self, child: Child, now_s: float) -> None:
        exit_code = child.exit_code()
        ending = Ending.HUNG if self._killed else ending_of(exit_code, asked=False)
        self.child = None
        self._unheard = self._unheard + 1 if self._killed and child.beat is None else 0
        self.tries += 1
        if ending is not Ending.ENDED:
            self._fail(now_s, in_words(ending, exit_code))
        elif self._unknown() or self.database_problem:
            self._fail(now_s, "")
        else:
            self._failures = 0

    def _fail(self, now_s: float, words: str) -> None:
        if self._stopped:
            return
        if words:
            self.database_problem = f"the preparation {words}"
            if self._failures == 0:
                _log.warning("the preparation of database and disks %s", words)
            for folder in self._unknown():
                self.refused.setdefault(folder, Refusal(Cause.FAULT, f"the preparation {words}"))
        self.tries = max(self.tries, 1)
        self._failures += 1
        self._start_s = now_s + min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2.0 ** min(self._failures - 1, 10))


def _cause(word: str) -> Cause:
    try:
        return Cause(word)
    except ValueError:
        return Cause.DISK_MISSING
