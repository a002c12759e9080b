"""One thread a target: takes the oldest message, sends it, tries again with growing delays; knows no other target."""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from pynvr.base.conceal import Conceal
from pynvr.base.errors import PyNVRError
from pynvr.model.notify import Target
from pynvr.notifier.channel import Channel
from pynvr.notifier.message import Message
from pynvr.notifier.outbox import GIVE_UP_S, Outbox, Parcel
from pynvr.posting.delay import delay_s
from pynvr.posting.errors import UnacceptableError, UndeliveredError

_LOOK_EVERY_S = 1.0

_log = logging.getLogger(__name__)


class Fate(Enum):
    """What became of an attempt."""

    SENT = "sent"
    FAILED = "failed"  # it stays and is tried again
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Report:
    """Of a courier to the process. `message` None: the channel itself can't be made. `reason` without secrets."""

    fate: Fate
    message: Message | None
    reason: str = ""


class Courier:
    """Runs from its making on. `busy_since_s`: since when (monotonic) an attempt lasts, None between them."""

    def __init__(
        self,
        target: Target,
        outbox: Outbox,
        reports: "queue.SimpleQueue[Report]",
        make_channel: Callable[[], Channel],
        read_picture: Callable[[Message], bytes | None],
        *,
        failures: int = 0,
    ) -> None:
        self.target = target
        self.busy_since_s: float | None = None
        self.channel: Channel | None = None
        self.failures = failures
        self._outbox = outbox
        self._reports = reports
        self._make_channel = make_channel
        self._read_picture = read_picture
        self._conceal = Conceal(target.secrets)
        self._left = threading.Event()
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"notify {target.name}", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Send nothing more; what is being sent may still arrive."""
        self._left.set()

    def close(self, within_s: float) -> None:
        """Wait for so long until the connection is ended, and an attempt that goes on before. The outbox is closed
        already.
        """
        self.leave()
        self._thread.join(within_s)

    def abandon(self) -> None:
        """Leave an attempt that hangs to itself, without its connection: another courier makes one of the same name."""
        self.leave()
        # Closing may hang as well.
        threading.Thread(target=self._close_channel, name=f"notify {self.target.name}: end", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._left.is_set() and not self._outbox.closed:
                if self.channel is None and not self._open():
                    continue
                parcel = self._outbox.oldest(_LOOK_EVERY_S)
                if parcel is not None and not self._left.is_set():
                    self._handle(parcel)
        finally:
            self._close_channel()

    def _close_channel(self) -> None:
        with self._closing:
            channel, self.channel = self.channel, None
        if channel is None:
            return
        try:
            channel.close()
        except Exception:
            _log.exception("notify %s: its channel can't be closed", self.target.name)

    def _open(self) -> bool:
        """Make the channel; what can't be made is told, and tried again."""
        try:
            self.channel = self._make_channel()
        except PyNVRError as err:
            self._fail(None, str(err))
        except Exception:
            _log.exception("notify %s: its channel can't be made", self.target.name)
            self._fail(None, "an error that nobody expected; see the log")
        return self.channel is not None

    def _handle(self, parcel: Parcel) -> None:
        if time.monotonic() - parcel.made_s > GIVE_UP_S:
            self._give_up(parcel, f"nobody took it for {GIVE_UP_S / 3600:g} h")
            return
        channel = self.channel
        assert channel is not None
        self.busy_since_s = time.monotonic()
        try:
            channel.send(parcel.message, self._read_picture(parcel.message))
        except UnacceptableError as err:
            self.busy_since_s = None
            self._give_up(parcel, str(err))
        except UndeliveredError as err:
            self.busy_since_s = None
            self._fail(parcel.message, str(err), err.again_s)
        except Exception as err:
            self.busy_since_s = None
            _log.exception("notify %s: an error that nobody expected", self.target.name)
            self._fail(parcel.message, f"an error that nobody expected: {type(err).__name__}: {err}")
        else:
            self.busy_since_s = None
            self.failures = 0
            # Also of one that came through after all, when another courier had taken over.
            if self._outbox.done(parcel):
                self._report(Fate.SENT, parcel.message)

    def _give_up(self, parcel: Parcel, reason: str) -> None:
        if not self._left.is_set() and self._outbox.done(parcel):
            self._report(Fate.GIVEN_UP, parcel.message, reason)

    def _fail(self, message: Message | None, reason: str, asked_s: float | None = None) -> None:
        if self._left.is_set():
            return
        self.failures += 1
        self._report(Fate.FAILED, message, reason)
        self._outbox.pause(delay_s(self.failures, random.random(), asked_s))

    def _report(self, fate: Fate, message: Message | None, reason: str = "") -> None:
        self._reports.put(Report(fate, message, self._conceal(reason)))
