"""One child process: forked from the forkserver, heard through its channel, ended by signals."""

import json
import logging
import os
import signal
import socket
from multiprocessing import forkserver, get_context, resource_tracker

from pynvr.base.heart import Beat
from pynvr.base.notify import Notifier
from pynvr.base.wishes import MOST_WAITING, Answer, Wish, wish_in
from pynvr.supervisor import bootstrap
from pynvr.supervisor.forking import ForkLimit
from pynvr.supervisor.held_back import scheduled
from pynvr.supervisor.restart import first_beat_within_s
from pynvr.supervisor.roster import Wanted
from pynvr.supervisor.silence import Silence

PRELOAD = ("pynvr.recorder.preload", "pynvr.supervisor.preload")
# glibc's malloc (mallopt(3)): one arena, and memory goes back to the system at once. Measured with 64 cameras: a
# recorder takes 0.8 MB less, for no more CPU. Whoever sets one of them in the environment has the last word.
MALLOC = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "MALLOC_TOP_PAD_": "0",
}
_EXIT_CODE_WITHIN_S = 1.0
# While a start waits for its first fork, the service manager's TimeoutStartSec goes on for so long after each word.
_WAITING_TOLD_FOR_US = 30_000_000
_LARGEST_BEAT_BYTES = 262_144

_log = logging.getLogger(__name__)
_context = get_context("forkserver")


def forkserver_pid() -> int:
    """0 if there is none."""
    # multiprocessing has no public word for it.
    return getattr(forkserver._forkserver, "_forkserver_pid", None) or 0


def _tell_that_we_wait() -> None:
    # The master's loop stands still meanwhile; it isn't the one that hangs.
    Notifier().tell(WATCHDOG=1, EXTEND_TIMEOUT_USEC=_WAITING_TOLD_FOR_US)


_fork_limit = ForkLimit(forkserver_pid, _tell_that_we_wait)


def start_forkserver() -> None:
    """Start the parent of all children; it loads its modules while the master goes on."""
    for name, value in MALLOC.items():
        os.environ.setdefault(name, value)
    _do_without_tracker()
    _context.set_forkserver_preload(list(PRELOAD))
    forkserver.ensure_running()


def _do_without_tracker() -> None:
    """Spare the process (7 MB) that multiprocessing starts to tidy up semaphores and shared memory; PyNVR has none.

    It is taken to be there as long as its descriptor can be written to. There is no public way, so where the
    attribute has another name one day, there is one process more.
    """
    tracker = resource_tracker._resource_tracker
    if getattr(tracker, "_fd", 0) is None:
        tracker._fd = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)  # type: ignore[attr-defined]


class Child:
    """Runs from its making on. Raises OSError or EOFError if the forkserver can't fork it now.

    `first_beat_within_s`: how long it may be silent at first.

    The channel's end is the process's end: the child alone holds the other side. That holds even if the forkserver
    was killed, whose children go on without it (their exit code isn't known then).
    """

    def __init__(self, wanted: Wanted, now_s: float) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            ours.setblocking(False)
            duty = bootstrap.Duty(wanted.name, wanted.target, wanted.order, theirs, wanted.log, wanted.low_priority)
            self._process = _context.Process(target=bootstrap.main, args=(duty,), name=wanted.name)
            try:
                # One that died is replaced here, not by the fork: the new one must be known, for it has longer.
                forkserver.ensure_running()
                with _fork_limit:
                    self._process.start()
            except BaseException:
                ours.close()
                raise
        self._channel = ours
        self.pid = self._process.pid or 0
        self.started_s = now_s
        self.silence = Silence(now_s, lambda: scheduled(self.pid))
        self.silence.first_within_s = first_beat_within_s(wanted.kind)
        self.beat: Beat | None = None
        self.gone = False
        self._wishes: list[Wish] = []

    def fileno(self) -> int:
        return self._channel.fileno()

    def listen(self, now_s: float) -> list[Beat]:
        """The beats that have come; `gone` is true after the last one."""
        beats: list[Beat] = []
        self.silence.listened(now_s)
        while not self.gone:
            try:
                data = self._channel.recv(_LARGEST_BEAT_BYTES)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self.gone = True
                break
            try:
                found = json.loads(data)
                wish = wish_in(found)
                if wish is not None:
                    self._wishes.append(wish)
                    continue
                self.beat = Beat.from_json(found)
            except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
                _log.warning("a beat of process %d can't be understood", self.pid)
                continue
            self.silence.broken(now_s, self.beat.within_s)
            beats.append(self.beat)
        return beats

    def take_wishes(self) -> list[Wish]:
        """What it asked for since the last call; what is more than a child may ask at once is lost."""
        taken, self._wishes = self._wishes[:MOST_WAITING], []
        return taken

    def answer(self, answer: Answer) -> None:
        """Lost if the child doesn't listen: the master waits for nobody."""
        try:
            self._channel.send(answer.to_bytes())
        except OSError as err:
            _log.warning("process %d doesn't take an answer: %s", self.pid, err.strerror)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def exit_code(self) -> int | None:
        """Of a child that is gone: its exit code, negative for a signal, None if nobody knows."""
        self._channel.close()
        self._process.join(_EXIT_CODE_WITHIN_S)
        code = self._process.exitcode
        if code is not None:
            self._process.close()
        return None if code == 255 else code  # multiprocessing's word for a forkserver that died

    def _signal(self, number: signal.Signals) -> None:
        # As long as the channel is open the process exists, so the pid can't be another's.
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass
