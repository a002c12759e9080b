"""The store: one object that holds the tables of an open database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pynvr.base.errors import StoreError
from pynvr.model.cause import Cause
from pynvr.store.alert_marks import AlertMarks
from pynvr.store.alerts import Alerts
from pynvr.store.audit import Audit
from pynvr.store.axis import Axis
from pynvr.store.bygone import Bygone
from pynvr.store.cameras import Cameras
from pynvr.store.causes import Causes
from pynvr.store.database import BUSY_TIMEOUT_S, Database, database_path
from pynvr.store.day_tiles import DayTiles
from pynvr.store.deletions import Deletions
from pynvr.store.detections import Detections
from pynvr.store.disks import Disks
from pynvr.store.incidents import Incidents
from pynvr.store.keeps import Keeps
from pynvr.store.leases import Leases
from pynvr.store.notices import Notices
from pynvr.store.opening import Opening, prepare, prepare_or_repair
from pynvr.store.problems import Problems
from pynvr.store.scans import Scans
from pynvr.store.segments import Segments
from pynvr.store.sessions import Sessions
from pynvr.store.tables import OMISSIONS
from pynvr.store.tags import Tags
from pynvr.store.tokens import Tokens
from pynvr.store.totals import Totals
from pynvr.store.users import Users


class Store:
    """The tables of an open database. Every method raises StoreError when the database can't be used right now.

    One write is one transaction; several together are one inside `with store.transaction():`. Shared by the
    threads of a process, opened anew in each process.
    """

    def __init__(self, database: Database, opening: Opening | None = None) -> None:
        self._database = database
        self.opening = opening or Opening("sound")
        self.disks = Disks(database)
        self.segments = Segments(database, self.disks)
        self.totals = Totals(database)
        self.scans = Scans(database, self.disks)
        self.causes = Causes(database)
        self.deletions = Deletions(database)
        self.omissions = Deletions(database, OMISSIONS, Cause.NO_MOTION)
        self.bygone = Bygone(database)
        self.keeps = Keeps(database)
        self.leases = Leases(database)
        self.problems = Problems(database)
        self.users = Users(database)
        self.tokens = Tokens(database)
        self.tags = Tags(database)
        self.axis = Axis(database)
        self.day_tiles = DayTiles(database)
        self.cameras = Cameras(database)
        self.sessions = Sessions(database)
        self.detections = Detections(database)
        self.alerts = Alerts(database)
        self.alert_marks = AlertMarks(database)
        self.notices = Notices(database)
        self.audit = Audit(database)
        self.incidents = Incidents(database)

    @staticmethod
    def open(url: str, create: bool = True, busy_timeout_s: float = BUSY_TIMEOUT_S) -> "Store":
        """Open the database of an SQLAlchemy URL, make it if it is missing, bring its schema up to date.

        Raises StoreError: locked for long, not a database, of a newer PyNVR, folder missing. Long-running processes
        use `open_or_repair` instead.
        """
        path = database_path(url)
        if not create and not path.exists():
            raise StoreError(f"{path}: there is no database yet; `pynvr start` or `pynvr reindex` makes it")
        prepare(url, busy_timeout_s)
        return Store(Database(path, busy_timeout_s))

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._database.path

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything written inside by this thread happens, or nothing of it."""
        with self._database.writing():
            yield

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_or_repair(url: str, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Store:
    """Open the database as `Store.open` does, after making good what is missing or damaged (see `opening`).

    For long-running processes: call it again after a StoreDamagedError. `Store.opening` says what was done.
    """
    opening = prepare_or_repair(url, busy_timeout_s)
    return Store(Database(database_path(url), busy_timeout_s), opening)
