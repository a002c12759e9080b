"""The comparison of tree and catalog, beside the work: a large archive takes minutes, and no MP4 waits for it."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.base.counted import counted
from pynvr.base.errors import PyNVRError
from pynvr.catalog.reindex import Report, reindex
from pynvr.store.store import Store

logger = logging.getLogger(__name__)

# Younger segments are on their way into the catalog by the finisher itself.
_SETTLED_S = 300.0


class _StoppedError(Exception):
    """The process is to end."""


class Comparison:
    """`progress`: in words while it runs, else empty. `has_failed`: the last one didn't get through."""

    def __init__(self, open_store: Callable[[], Store], dsts: list[Path], zone: ZoneInfo) -> None:
        self.progress = ""
        self.has_failed = False
        self._open_store = open_store
        self._dsts = dsts
        self._zone = zone
        self._stopping = False
        self._thread: threading.Thread | None = None

    def begin(self) -> bool:
        """Compare from now on; False if one runs already or no thread can be started."""
        if self._thread is not None and self._thread.is_alive():
            return False
        thread = threading.Thread(target=self._run, name="comparison", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return False  # the machine can start no thread now; whoever calls tries again
        self._thread = thread
        return True

    @property
    def is_done(self) -> bool:
        """Whether the last one came to its end: the catalog knows what there is."""
        return self._thread is not None and not self._thread.is_alive() and not self.has_failed

    def stop(self) -> None:
        """Leave off at the next folder, and wait for that."""
        self._stopping = True
        if self._thread is not None:
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        self.has_failed = False
        try:
            with self._open_store() as store:
                report = reindex(store, self._dsts, self._zone, settled_s=_SETTLED_S, progress=self._note)
        except _StoppedError:
            return
        except (PyNVRError, OSError) as err:
            self.has_failed = True
            logger.warning("the catalog couldn't be compared with the recordings: %s", err)
        except Exception:
            self.has_failed = True
            logger.exception("an error that nobody expected ended the comparison of the catalog with the recordings")
        else:
            if report.added or report.removed or report.unreadable_count:
                logger.info(
                    "catalog: %s added, %d removed, %d can't be read",
                    counted(report.added, "segment"),
                    report.removed,
                    report.unreadable_count,
                )
        finally:
            self.progress = ""

    def _note(self, done: int, total: int, _report: Report) -> None:
        if self._stopping:
            raise _StoppedError
        self.progress = f"comparing the catalog with the recordings: day {done} of {total}"
