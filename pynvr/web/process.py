"""The web process, once it is loaded (`start.py` begins it)."""

import contextlib
import logging
import os
import resource
import select
import signal
import socket
import threading

from pynvr.base.clock import Clock, SystemClock
from pynvr.base.errors import StoreError
from pynvr.base.heart import Beat, Heart
from pynvr.base.logs import conceal
from pynvr.config.settings_file import SettingsFile
from pynvr.model.settings import Settings
from pynvr.model.status import STATUS_NAME
from pynvr.playback.footage import Footage
from pynvr.store.store import open_or_repair
from pynvr.web.app import build
from pynvr.web.headers import Application
from pynvr.web.listening import ListenError, listen
from pynvr.web.open_incidents import OpenIncidents
from pynvr.web.order import WebOrder
from pynvr.web.server import CONNECTIONS, WebServer
from pynvr.web.site import Site
from pynvr.web.status_file import StatusFile
from pynvr.web.tls import Certificate, TlsError

_WITHIN_S = 30.0
# A database that is being opened elsewhere, locked, damaged or restored takes its time.
_OPENING_WITHIN_S = 600.0
_BEAT_EVERY_S = 1.0
_RETRY_EVERY_S = 2.0
_BUSY_TIMEOUT_S = 5.0
# Of the time that stopping may take.
_LAST_ENTRIES_S = 1.0
# Recording goes first; whoever looks on still goes before finishing and deleting.
_NICENESS = 5
# Connections, and a few files for each that sends recordings.
_DESCRIPTORS = 4 * CONNECTIONS

_log = logging.getLogger(__name__)


def serve(heart: Heart, order: WebOrder, sockets: list[socket.socket], trouble: str) -> None:
    """Serve the site until `heart.stopping`. `sockets` listen already, where its address could be used; else `trouble`
    says why not."""
    os.nice(_NICENESS)
    _allow_descriptors()
    process = WebProcess(heart, order, SystemClock(), sockets, trouble)
    if not process.serve():
        # Joining a thread that hangs in a disk would keep the process until it is killed.
        logging.shutdown()
        os._exit(0)


class WebProcess:
    """The site from opening the database to the last connection."""

    def __init__(self, heart: Heart, order: WebOrder, clock: Clock, sockets: list[socket.socket], trouble: str) -> None:
        self._heart = heart
        self._wishes = heart.wishes()
        self._clock = clock
        self._order = order
        self._sockets = sockets
        self._settings = SettingsFile(order.settings, _follow)
        self._status = StatusFile(order.settings.system.run_dir / STATUS_NAME)
        self._certificate: Certificate | None = None
        self._server: WebServer | None = None
        self._site: Site | None = None
        self._trouble = ""
        self._beat_s = float("-inf")
        self._is_urgent = threading.Event()
        self._wishes.on_want = self._hurry
        self._settle(trouble)

    def serve(self) -> bool:
        """Returns when it is to stop; whether everything came to its end."""
        while not self._heart.stopping:
            try:
                self._beat("opening", _OPENING_WITHIN_S)
                with open_or_repair(self._order.settings.system.database, _BUSY_TIMEOUT_S) as store:
                    footage = Footage(store, self._settings)
                    site = Site(self._settings, self._status, store, footage, self._clock, wishes=self._wishes)
                    self._site = site
                    stop_looking = OpenIncidents(site).start()
                    try:
                        return self._serve(build(site))
                    finally:
                        stop_looking()
                        self._site = None
                        site.audit.close(_LAST_ENTRIES_S)
            except StoreError as err:
                self._be_troubled(str(err))
        return True

    def _serve(self, application: Application) -> bool:
        server = self._listening(application)
        if server is None:
            return True
        self._server = server
        # A signal ends the loop's wait, so that a stop needn't wait for its next look.
        before = signal.set_wakeup_fd(server.wake_fd(), warn_on_full_buffer=False)
        try:
            server.run()
        finally:
            signal.set_wakeup_fd(before)
        return not server.hangs

    def _listening(self, application: Application) -> WebServer | None:
        """The server, as soon as its address and its certificate can be used; None if it is to stop before."""
        system = self._order.settings.system
        while not self._heart.stopping:
            try:
                certificate = None if system.server.tls is None else Certificate(system.server.tls)
                sockets = self._sockets or listen(system.server.host, system.server.port)
            except (ListenError, TlsError) as err:
                self._be_troubled(str(err))
                continue
            self._certificate = certificate
            self._sockets = []
            self._settle("")
            shown = ", ".join(_shown(one.getsockname()) for one in sockets)
            _log.info("listens on %s%s", shown, "" if certificate is None else ", with TLS")
            return WebServer(application, sockets, certificate, self._turn)
        return None

    def _turn(self) -> None:
        """With each turn of the server's loop."""
        if self._heart.stopping and self._server is not None:
            self._server.stop()
        now_s = self._clock.monotonic_s()
        if now_s - self._beat_s < _BEAT_EVERY_S and not self._is_urgent.is_set():
            return
        self._settings()
        if self._site is not None:
            self._site.audit.tend()
        if self._certificate is not None:
            if self._certificate.refresh():
                _log.info("uses the renewed certificate")
            self._settle(self._certificate.problem)
        self._beat("stopping" if self._heart.stopping else "serving")

    def _hurry(self) -> None:
        """Something is wanted, and somebody waits for it: the master shall know at once. For any thread."""
        self._is_urgent.set()
        if self._server is not None:
            with contextlib.suppress(OSError):  # it turns anyhow
                os.write(self._server.wake_fd(), b"w")

    def _be_troubled(self, trouble: str) -> None:
        """Say it, and wait before the next attempt. Nobody is kept waiting for what may take long."""
        for one in self._sockets:
            one.close()
        self._sockets = []
        self._settle(trouble)
        self._beat("waiting")
        select.select([self._heart.fileno()], [], [], _RETRY_EVERY_S)

    def _settle(self, trouble: str) -> None:
        """One word in the log per change."""
        if trouble and trouble != self._trouble:
            _log.warning("%s", trouble)
        elif self._trouble and not trouble:
            _log.info("no longer: %s", self._trouble)
        self._trouble = trouble

    def _beat(self, state: str, within_s: float = _WITHIN_S) -> None:
        self._beat_s = self._clock.monotonic_s()
        self._is_urgent.clear()
        figures: dict[str, float] = {}
        if self._server is not None:
            now = self._server.traffic.now()
            figures = {"requests": sum(now.requests.values()), "connections": now.connections}
        wants = self._wishes.wanted()
        self._heart.beat(Beat(state, within_s, detail=self._trouble, figures=figures, wants=wants))


def _follow(settings: Settings) -> None:
    conceal(settings.secrets)


def _shown(address: tuple[object, ...]) -> str:
    host, port = str(address[0]), address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _allow_descriptors() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
