"""One client's RTSP connection: its requests, its transports, its playing."""

import secrets
import selectors
import socket
import struct
from typing import Protocol

from pynvr.simulator.authentication import challenge, is_authorized
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import Fault
from pynvr.simulator.loop import Loop
from pynvr.simulator.message import (
    Interleaved,
    MalformedRequestError,
    Request,
    Transport,
    parse_transport,
    response,
    take_message,
)
from pynvr.simulator.outbox import Outbox
from pynvr.simulator.player import Player
from pynvr.simulator.tracks import TcpTrack, TrackSender, UdpTrack

_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"


class Camera(Protocol):
    """What a connection needs of its camera."""

    order: SimulatedCamera
    loop: Loop

    @property
    def answering(self) -> bool: ...
    @property
    def accepting_logins(self) -> bool: ...
    @property
    def found(self) -> bool: ...
    def session_description(self, host: str) -> str: ...
    def has_track(self, name: str) -> bool: ...
    def udp_sockets(self, track: str, host: str) -> tuple[socket.socket, socket.socket]: ...
    def player(self, connection: "Connection", transport: str, tracks: dict[str, TrackSender]) -> Player: ...
    def forget(self, connection: "Connection") -> None: ...


class Connection:
    """Lives in the loop's thread alone."""

    def __init__(self, sock: socket.socket, peer: tuple[str, int], camera: Camera) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.peer = peer
        self.player: Player | None = None
        self._sock = sock
        self._camera = camera
        self._loop = camera.loop
        self._received = bytearray()
        self._nonce = secrets.token_hex(16)
        self._session = ""
        self._tracks: dict[str, TrackSender] = {}
        self._transport = "tcp"
        self._closed = False
        self.outbox = Outbox(sock, self._loop, self._on_ready, self.close)
        self._heard_s = self._loop.now_s()
        self._loop.watch(sock, selectors.EVENT_READ, self._on_ready)
        if camera.answering:
            self._watch_life()

    # What the camera does to it

    def close(self, reason: str, reset: bool = False) -> None:
        """End it, with RST instead of FIN if `reset`; idempotent."""
        if self._closed:
            return
        self._closed = True
        if self.player is not None:
            self.player.stop(reason)
        self._loop.unwatch(self._sock)
        try:
            if reset:
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                # Unread bytes would turn the FIN into a RST.
                self._sock.shutdown(socket.SHUT_WR)
                while self._sock.recv(65_536):
                    pass
        except OSError:
            pass  # nothing more to read, or the client is gone
        self._sock.close()
        self._camera.forget(self)

    def drop(self) -> None:
        """Stop sending, let go what is queued, close with FIN."""
        if self.player is not None:
            self.player.stop("the camera closed")
        self.outbox.close_when_empty()

    def apply(self, fault: Fault) -> None:
        if self.player is not None:
            self.player.apply(fault)

    def hears_from(self, address: tuple[str, int]) -> bool:
        """Count RTCP by UDP as a sign of life; True if it is this client's."""
        ours = any(isinstance(track, UdpTrack) and track.rtcp_to == address for track in self._tracks.values())
        if ours:
            self._heard_s = self._loop.now_s()
        return ours

    # What the client does

    def _on_ready(self, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            self.outbox.flush()
        if self._closed or not events & selectors.EVENT_READ:
            return
        try:
            data = self._sock.recv(65_536)
        except BlockingIOError:
            return
        except OSError as err:
            self.close(f"the client's connection broke: {err.strerror}")
            return
        if not data:
            self.close("the client closed")
            return
        self._received += data
        self._heard_s = self._loop.now_s()
        try:
            while not self._closed and (message := take_message(self._received)) is not None:
                if isinstance(message, Request) and self._camera.answering:
                    self._answer(message)
                elif isinstance(message, Interleaved):
                    continue
        except MalformedRequestError as err:
            self.outbox.put(response(400, Request("", ""), {}))
            self.close(str(err))

    def _answer(self, request: Request) -> None:
        status, headers, body = self._respond(request)
        self.outbox.put(response(status, request, headers, body))
        if request.method == "PLAY" and status == 200 and self.player is not None:
            self.player.start()

    def _respond(self, request: Request) -> tuple[int, dict[str, str], str]:
        known = self._camera.found and self._path(request).split("/")[0] == self._camera.order.name
        match request.method:
            case "OPTIONS":
                answer: tuple[int, dict[str, str], str] = 200, {"Public": _METHODS}, ""
            case _ if not self._is_let_in(request):
                answer = 401, {"WWW-Authenticate": challenge(self._camera.order.authentication, self._nonce)}, ""
            case _ if not known:
                answer = 404, {}, ""
            case "DESCRIBE":
                base = request.url.split("?")[0].rstrip("/") + "/"
                host = self._sock.getsockname()[0]
                answer = 200, {"Content-Base": base}, self._camera.session_description(host)
            case "SETUP":
                answer = self._set_up(request)
            case "PLAY" | "PAUSE" | "TEARDOWN" | "GET_PARAMETER" | "SET_PARAMETER":
                answer = self._in_session(request)
            case _:
                answer = 501, {}, ""
        return answer

    def _in_session(self, request: Request) -> tuple[int, dict[str, str], str]:
        named = request.headers.get("session", "").partition(";")[0].strip()
        if not self._session or named != self._session:
            return 454, {}, ""
        headers = {"Session": self._session}
        if request.method == "PLAY":
            if self.player is None:
                self.player = self._camera.player(self, self._transport, self._tracks)
            base = request.url.split("?")[0].rstrip("/")
            headers |= {"Range": "npt=now-", "RTP-Info": self.player.rtp_info(base)}
        elif request.method in {"PAUSE", "TEARDOWN"} and self.player is not None:
            self.player.stop("paused by the client" if request.method == "PAUSE" else "the client said goodbye")
            self.player = None
        if request.method == "TEARDOWN":
            # The connection stays: closing it is the client's part, and it may have more to ask.
            self._session, self._tracks = "", {}
        return 200, headers, ""

    def _is_let_in(self, request: Request) -> bool:
        camera = self._camera
        if not camera.accepting_logins:
            return False
        order = camera.order
        return not order.user or is_authorized(
            request.headers.get("authorization", ""),
            order.authentication,
            request.method,
            nonce=self._nonce,
            user=order.user,
            password=order.password,
        )

    @staticmethod
    def _path(request: Request) -> str:
        """`name` or `name/track` of the request's URL."""
        return request.url.partition("://")[2].partition("/")[2].split("?")[0].strip("/")

    def _set_up(self, request: Request) -> tuple[int, dict[str, str], str]:
        track = self._path(request).partition("/")[2] or "video"
        if not self._camera.has_track(track):
            return 404, {}, ""
        if self.player is not None:
            return 455, {}, ""
        for offer in parse_transport(request.headers.get("transport", "")):
            if offer.kind in self._camera.order.transports:
                self._session = self._session or secrets.token_hex(4)
                session = f"{self._session};timeout={self._camera.order.session_timeout_s}"
                return 200, {"Transport": self._add_track(track, offer), "Session": session}, ""
        return 461, {}, ""

    def _add_track(self, track: str, offer: Transport) -> str:
        self._transport = offer.kind
        if offer.kind == "tcp":
            first = offer.first if offer.first is not None else 2 * len(self._tracks)
            second = offer.second if offer.second is not None else first + 1
            self._tracks[track] = TcpTrack(self.outbox, first, second)
            return f"RTP/AVP/TCP;unicast;interleaved={first}-{second}"
        assert offer.first is not None and offer.second is not None
        host = self._sock.getsockname()[0]
        rtp, rtcp = self._camera.udp_sockets(track, host)
        to = self.peer[0]
        self._tracks[track] = UdpTrack(self._loop, rtp, rtcp, (to, offer.first), (to, offer.second))
        ports = f"client_port={offer.first}-{offer.second};server_port={rtp.getsockname()[1]}-{rtcp.getsockname()[1]}"
        return f"RTP/AVP;unicast;{ports}"

    def _watch_life(self) -> None:
        """Close a connection whose client was silent for longer than it was told, as cameras do (RFC 2326 §12.37)."""
        if self._closed:
            return
        limit_s = self._camera.order.session_timeout_s
        if self._loop.now_s() - self._heard_s > limit_s:
            self.close("the session timed out")
            return
        self._loop.at(self._heard_s + limit_s + 0.01, self._watch_life)
