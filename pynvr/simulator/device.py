"""One camera: its port, its clients, what it shows and what is wrong with it. Lives in the loop's thread."""

import selectors
import socket
from collections import deque
from dataclasses import replace
from functools import partial

from pynvr.simulator.camera import Encoding, SimulatedCamera
from pynvr.simulator.clip import AccessUnit
from pynvr.simulator.connection import Connection
from pynvr.simulator.fault_state import FaultState
from pynvr.simulator.faults import (
    CodecChange,
    Drop,
    Fault,
    NoAnswer,
    NotFound,
    PacketLoss,
    Refuse,
    Reset,
    ResolutionChange,
    Stall,
    StandingTimestamps,
    WrongPassword,
)
from pynvr.simulator.listener import Listener
from pynvr.simulator.loop import Loop
from pynvr.simulator.packed import Packing
from pynvr.simulator.player import Player
from pynvr.simulator.sdp import describe
from pynvr.simulator.sent import SentSession
from pynvr.simulator.sent_log import SentLog
from pynvr.simulator.session import Session
from pynvr.simulator.show import LiveShow, LoopedShow, changed
from pynvr.simulator.studio import Studio
from pynvr.simulator.tracks import TrackSender

# Conditions that a client which comes later meets as well.
_LASTING = (Stall, StandingTimestamps, PacketLoss)
_OF_THE_DOOR = (Refuse, WrongPassword, NotFound, NoAnswer)
_KEPT_SESSIONS = 1000


class Device:
    """Made in any thread (encoding its scene takes a while); all else happens in the loop's."""

    def __init__(
        self, order: SimulatedCamera, loop: Loop, studio: Studio, *, host: str, port: int, keep_sent: bool
    ) -> None:
        self.order = order
        self.loop = loop
        self._keep_sent = keep_sent
        self._connections: list[Connection] = []
        self._logs: deque[SentLog] = deque(maxlen=_KEPT_SESSIONS)
        self._lasting: list[Fault] = []
        self._listed = tuple(fault for fault in order.faults if not isinstance(fault, _OF_THE_DOOR))
        self._door: set[type[Fault]] = {type(fault) for fault in order.faults if isinstance(fault, _OF_THE_DOOR)}
        self._udp: dict[str, tuple[socket.socket, socket.socket]] = {}
        self._listener = Listener(host, port, self._on_accepted)
        self.address = self._listener.address
        self._audio = studio.audio(order)
        self._show: LoopedShow | LiveShow = (
            LiveShow(order, loop, self._on_live_unit) if order.live else LoopedShow(order, studio)
        )

    @property
    def answering(self) -> bool:
        return NoAnswer not in self._door

    @property
    def accepting_logins(self) -> bool:
        return WrongPassword not in self._door

    @property
    def found(self) -> bool:
        return NotFound not in self._door

    def open(self) -> None:
        if Refuse not in self._door:
            self._listener.open(self.loop)

    def close(self) -> None:
        for connection in list(self._connections):
            connection.close("the simulator stopped")
        self._listener.close(self.loop)
        for pair in self._udp.values():
            for sock in pair:
                self.loop.unwatch(sock)
                sock.close()

    def stop_show(self) -> None:
        """From outside the loop's thread: end the live encoder."""
        self._show.stop()

    # Faults

    def encoding_after(self, fault: Fault) -> Encoding | None:
        """The encoding that has to be prepared before the fault is applied; None if it changes nothing."""
        encoding = changed(self._show.encoding, fault)
        return None if encoding == self._show.encoding else encoding

    def prepare(self, encoding: Encoding) -> None:
        """In any thread: the seconds of work that a change of codec or size takes."""
        self._show.prepare(encoding)

    def original_encoding(self) -> Encoding | None:
        """What `clear` goes back to, if that isn't shown now."""
        return self.order.encoding if self._show.encoding != self.order.encoding else None

    def apply(self, fault: Fault) -> None:
        """The fault acts now, on all clients of this moment; conditions hold for later ones too."""
        if isinstance(fault, _OF_THE_DOOR):
            self._door.add(type(fault))
            if isinstance(fault, Refuse):
                self._listener.shut(self.loop)
                self._end_all(reset=True)
        elif isinstance(fault, Reset | Drop):
            self._end_all(reset=isinstance(fault, Reset))
        elif isinstance(fault, ResolutionChange | CodecChange):
            self._show_other(changed(self._show.encoding, fault), isinstance(fault, CodecChange) and fault.reconnect)
        else:
            if isinstance(fault, _LASTING):
                self._lasting.append(replace(fault, after_s=0))
            for connection in self._connections:
                connection.apply(fault)

    def clear(self) -> None:
        self._lasting, self._listed = [], ()
        self._door = set()
        self._listener.open(self.loop)
        if (encoding := self.original_encoding()) is not None:
            self._show_other(encoding, reconnect=encoding.codec != self._show.encoding.codec)
        for player in self._players():
            player.clear()

    def _on_session_fault(self, connection: Connection, fault: Fault) -> None:
        """A listed fault's time has come in one session."""
        match fault:
            case Reset():
                connection.close("the camera reset the connection", reset=True)
            case Drop():
                connection.drop()
            case ResolutionChange() | CodecChange():
                self._session_shows_other(connection, fault)
            case _:
                connection.apply(fault)

    def _session_shows_other(self, connection: Connection, fault: ResolutionChange | CodecChange) -> None:
        encoding = changed(self._show.encoding, fault)
        if isinstance(fault, CodecChange) and fault.reconnect:
            if encoding != self._show.encoding:
                self._show_other(encoding, reconnect=True)
        elif isinstance(self._show, LoopedShow) and connection.player is not None:
            connection.player.change_clip(self._show.packed_for(encoding))

    def _show_other(self, encoding: Encoding, reconnect: bool) -> None:
        self._show.show(encoding)
        if reconnect:
            self._end_all(reset=False)
        for player in self._players():
            if self._show.packed is not None:
                player.change_clip(self._show.packed)
            else:
                player.encoder_changed()

    def _end_all(self, reset: bool) -> None:
        for connection in list(self._connections):
            if reset:
                connection.close("the camera reset the connection", reset=True)
            else:
                connection.drop()

    # What its connections need

    def session_description(self, host: str) -> str:
        return describe(self.order.name, host, self._show.format, self._audio, self.order.parameter_sets)

    def has_track(self, name: str) -> bool:
        return name == "video" or (name == "audio" and self._audio is not None)

    def udp_sockets(self, track: str, host: str) -> tuple[socket.socket, socket.socket]:
        if track not in self._udp:
            self._udp[track] = pair = _even_pair(host)
            for sock in pair:
                self.loop.watch(sock, selectors.EVENT_READ, partial(self._on_datagram, sock))
        return self._udp[track]

    def player(self, connection: Connection, transport: str, tracks: dict[str, TrackSender]) -> Player:
        faults = FaultState(self._listed)
        for fault in self._lasting:
            faults.apply(fault)
        log = None
        outbox = connection.outbox
        if self._keep_sent:
            host, port = connection.peer
            log = SentLog(f"{host}:{port}", "udp" if transport == "udp" else "tcp", lambda: outbox.sent_bytes)
            self._logs.append(log)
        session = Session(
            self.loop,
            log,
            faults,
            lambda: outbox.accepted_bytes,
            lambda fault: self._on_session_fault(connection, fault),
        )
        self._show.want_key()
        return Player(self.order, session, tracks, self._show.packed, self._audio)

    def forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)

    # What happened

    def sent(self) -> list[SentSession]:
        return [log.session() for log in self._logs]

    def take(self) -> list[SentSession]:
        taken = [log.take() for log in self._logs]
        over = [log for log, session in zip(self._logs, taken, strict=True) if session.ended_us]
        for log in over:
            self._logs.remove(log)
        return taken

    @property
    def left_out(self) -> int:
        """Pictures that a live camera has left out, for the machine was too busy; in any thread."""
        return self._show.left_out

    def playing(self) -> int:
        return len(self._players())

    def _players(self) -> list[Player]:
        return [connection.player for connection in self._connections if connection.player is not None]

    def _on_accepted(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        self._connections.append(Connection(sock, peer, self))

    def _on_datagram(self, sock: socket.socket, _events: int) -> None:
        _data, address = sock.recvfrom(2048)
        for connection in self._connections:
            if connection.hears_from(address[:2]):
                return

    def _on_live_unit(self, unit: AccessUnit, packing: Packing, camera_time: int, captured_us: int) -> None:
        with_sets = self.order.parameter_sets in {"both", "band"}
        for player in self._players():
            player.send_live(unit, packing, camera_time, captured_us, with_sets)


def _even_pair(host: str) -> tuple[socket.socket, socket.socket]:
    """Two UDP sockets on neighbouring ports, the even one first (RFC 3550 §11)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        rtp, rtcp = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_DGRAM)
        try:
            rtp.bind((host, 0))
            port = rtp.getsockname()[1]
            if port % 2 == 0:
                rtcp.bind((host, port + 1))
                rtp.setblocking(False)
                rtcp.setblocking(False)
                return rtp, rtcp
        except OSError:
            pass  # the neighbour is taken: try another pair
        rtp.close()
        rtcp.close()
