"""One attempt to deliver one clip: a thread that ends by itself, whatever the receiver does, and reports."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pynvr.base.conceal import Conceal
from pynvr.deliverer.lanes import Waiting
from pynvr.posting.body import Form
from pynvr.posting.delay import delay_s
from pynvr.posting.errors import BodyError, UnacceptableError, UndeliveredError, WrongAddressError
from pynvr.posting.post import KEY_HEADER, Address, Limits, post

CONNECT_S = 10.0
STALL_S = 30.0
# A receiver may look at the clip before it answers.
ANSWER_S = 60.0
# Slower than this, a receiver or the line to it is taken for broken.
SLOWEST_BYTES_PER_S = 16_384
# All limits together are over by then; only the resolver of names has none, and it gives up within a minute or so.
_GRACE_S = 120.0

_log = logging.getLogger(__name__)


class Fate(Enum):
    """What became of an attempt."""

    TAKEN = "taken"
    FAILED = "failed"  # the target has a bad day
    WRONG_ADDRESS = "wrong address"
    REFUSED = "refused"  # it will never take this one
    NO_CLIP = "no clip"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes over the wire."""

    fields: tuple[tuple[str, str], ...]
    path: Path
    file_name: str


@dataclass(frozen=True, slots=True)
class Report:
    """Of an attempt. `reason` without secrets; `again_s`: how long the receiver wants to be left alone."""

    waiting: Waiting
    fate: Fate
    reason: str = ""
    again_s: float | None = None

    def delay_s(self, failures: int) -> float:
        """Until the next attempt, after so many failures in a row."""
        return delay_s(failures, random.random(), self.again_s)


class Upload:
    """Runs from its making on; `tell` is called from its thread."""

    def __init__(self, waiting: Waiting, parcel: Parcel, tell: Callable[["Upload", Report], None]) -> None:
        self.waiting = waiting
        self.begun_s = time.monotonic()
        self._parcel = parcel
        self._tell = tell
        self._conceal = Conceal(waiting.delivery.secrets)
        self._limits = limits_of(waiting.incident.clip_bytes or 0)
        name = f"upload {waiting.incident.id}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def hangs(self) -> bool:
        """It should have been over long ago."""
        return time.monotonic() - self.begun_s > self._limits.whole_s + _GRACE_S

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def join(self, within_s: float) -> None:
        self._thread.join(within_s)

    def _run(self) -> None:
        self._tell(self, self._sent())

    def _sent(self) -> Report:
        delivery, parcel = self.waiting.delivery, self._parcel
        try:
            form = Form(parcel.fields, parcel.path, parcel.file_name, "video/mp4")
            address = Address(delivery.url, delivery.headers, delivery.token)
            post(address, form, {KEY_HEADER: self.waiting.incident.key}, self._limits)
        except BodyError as err:
            return self._report(Fate.NO_CLIP, str(err))
        except UnacceptableError as err:
            return self._report(Fate.REFUSED, str(err))
        except WrongAddressError as err:
            return self._report(Fate.WRONG_ADDRESS, str(err), err.again_s)
        except UndeliveredError as err:
            return self._report(Fate.FAILED, str(err), err.again_s)
        except Exception as err:
            _log.exception("incident %d: an error that nobody expected", self.waiting.incident.id)
            return self._report(Fate.FAILED, f"an error that nobody expected: {type(err).__name__}: {err}")
        return Report(self.waiting, Fate.TAKEN)

    def _report(self, fate: Fate, reason: str, again_s: float | None = None) -> Report:
        return Report(self.waiting, fate, self._conceal(reason), again_s)


def limits_of(clip_bytes: int) -> Limits:
    whole_s = CONNECT_S + ANSWER_S + STALL_S + clip_bytes / SLOWEST_BYTES_PER_S
    return Limits(CONNECT_S, STALL_S, ANSWER_S, whole_s)
