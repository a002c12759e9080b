"""`SimulatorServer`: simulated cameras with their faults and their record, from a test, a demo or a benchmark."""

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self, cast
from urllib.parse import quote

from pynvr.base.errors import SimulatorError
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import Fault
from pynvr.simulator.sent import SentSession
from pynvr.simulator.station import Station

# Scenes are encoded before the first answer; at 1080p that may take a while on a busy machine.
_ANSWER_TIMEOUT_S = 300.0
# What is only told may be asked for again; who asks has more to do.
_COUNTS_TIMEOUT_S = 10.0


class SimulatorServer:
    """Runs the cameras in a process of their own (`own_process`), else in a thread of this one.

    The process is a fresh interpreter, never a fork, so it may be started from threads and from under pytest; it
    ends with this object or with the process that made it. `port`: of the first camera, the others follow; 0 takes
    any free ones. `keep_sent=False` leaves out the record that `sent` gives, for long runs.
    Errors are `SimulatorError`.
    """

    def __init__(
        self,
        cameras: Sequence[SimulatedCamera],
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        own_process: bool = True,
        keep_sent: bool = True,
    ) -> None:
        if len({camera.name for camera in cameras}) != len(cameras):
            raise SimulatorError("two simulated cameras have the same name")
        self.cameras = {camera.name: camera for camera in cameras}
        self._host = host
        self._port = port
        self._own_process = own_process
        self._keep_sent = keep_sent
        self._station: Station | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._owed = 0  # answers that haven't come yet
        self._asking = threading.Lock()  # a question and its answer belong together, whichever thread asks
        self._ports: dict[str, int] = {}

    def start(self) -> None:
        """Encode the looped scenes, listen, return when every camera can be opened."""
        order = (tuple(self.cameras.values()), self._host, self._port, self._keep_sent)
        if self._own_process:
            self._start_process()
            self._ports = cast("dict[str, int]", self._ask("open", *order))
        else:
            self._station = Station(*order)
            self._ports = self._station.open()

    def stop(self) -> None:
        """End all sessions and the process; idempotent."""
        if self._station is not None:
            self._station.close()
            self._station = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of the process that sends; 0 when that is this one."""
        return self._process.pid if self._process else 0

    def url(self, name: str, with_credentials: bool = True) -> str:
        camera = self._camera(name)
        login = f"{quote(camera.user, safe='')}:{quote(camera.password, safe='')}@" if camera.user else ""
        return f"rtsp://{login if with_credentials else ''}{self._host}:{self._ports[name]}/{name}"

    def fault(self, name: str, fault: Fault) -> None:
        """Something goes wrong with the camera, from now on; returns when it is in force (or its delay runs)."""
        self._camera(name)
        self._ask("fault", name, fault)

    def clear(self, name: str) -> None:
        """End all conditions of the camera, those it was made with included; it goes on as if new."""
        self._camera(name)
        self._ask("clear", name)

    def sent(self, name: str) -> list[SentSession]:
        """What each client was sent so far, oldest session first."""
        self._camera(name)
        return cast("list[SentSession]", self._ask("sent", name))

    def take(self, name: str) -> list[SentSession]:
        """As `sent`, but only what wasn't taken before, and it is forgotten: for runs that go on for days.

        Units that wait in the connection come with a later call. A session that has ended comes for the last time.
        """
        self._camera(name)
        return cast("list[SentSession]", self._ask("take", name))

    def playing(self, name: str) -> int:
        """How many clients the camera plays to now."""
        self._camera(name)
        return cast(int, self._ask("playing", name))

    def left_out(self) -> dict[str, int]:
        """How many pictures each live camera has left out so far because the machine was too busy to make them."""
        names = [name for name, camera in self.cameras.items() if camera.live]
        return {name: cast(int, self._ask("left out", name, within_s=_COUNTS_TIMEOUT_S)) for name in names}

    def _camera(self, name: str) -> SimulatedCamera:
        try:
            return self.cameras[name]
        except KeyError:
            raise SimulatorError(f"no simulated camera {name!r}; there are {', '.join(self.cameras)}") from None

    def _ask(self, verb: str, *arguments: object, within_s: float = _ANSWER_TIMEOUT_S) -> object:
        if self._station is not None:
            return self._station.answer(verb, arguments)
        if self._pipe is None:
            raise SimulatorError("the simulator isn't running")
        try:
            with self._asking:
                self._pipe.send((verb, arguments))
                self._owed += 1
                while self._owed:  # those that nobody waited for any more come first
                    if not self._pipe.poll(within_s):
                        raise SimulatorError(f"the simulator's process didn't answer {verb!r} in {within_s:g} s")
                    fine, answer = self._pipe.recv()
                    self._owed -= 1
        except (EOFError, OSError) as err:
            raise SimulatorError(f"the simulator's process ended while asked for {verb!r}") from err
        if not fine:
            raise SimulatorError(cast(str, answer))
        return cast(object, answer)

    def _start_process(self) -> None:
        ours, theirs = socket.socketpair()
        with contextlib.closing(theirs):
            # The cameras, with their passwords, go through the pipe: argv is open to every user.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pynvr.simulator.process", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._pipe, self._owed = Connection(ours.detach()), 0
