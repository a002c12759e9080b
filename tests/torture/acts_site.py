"""Clients that read slowly, say nothing, or vanish; and targets of deliveries in every bad state."""

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pynvr.model.incident import IncidentStatus
from tests.deliverer.receiver import ClipReceiver
from tests.torture.act import Act, Scene, Story
from tests.torture.proof import US
from tests.torture.stage import LONG_S, Stage
from tests.waiting import wait_until


def _connected(stage: Stage, request: str) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(30)
    client.connect(("127.0.0.1", stage.program.port))
    client.sendall(request.encode())
    return client


def _vanish(client: socket.socket) -> None:
    """As when the cable is pulled and something else answers: a reset, whatever was under way."""
    with suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def _clients(words: str, count: int, request: Callable[[Stage, str], str]) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        clients = []
        for _ in range(count):
            with suppress(OSError):  # another act may have killed the web process
                clients.append(_connected(stage, request(stage, scene.dice.choice(stage.names))))
        yield f"{len(clients)} clients {words}"
        for client in clients[:3]:
            with suppress(OSError):
                client.recv(100)
        stage.hold(0.5, 3)
        if scene.calm:
            status, answer = stage.ask("GET", "/api/system")
            if status != 200:
                stage.complain(f"while {count} clients {words} the site answers {status}: {answer}")
        for client in clients:
            _vanish(client)

    return story


def _head(stage: Stage, path: str, more: str = "") -> str:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {stage.token}\r\n{more}\r\n"


def _range(stage: Stage, name: str) -> str:
    now_s = time.time()
    return _head(stage, f"/api/1/camera/{name}.range.{now_s - 600:.0f}.to.{now_s:.0f}.mp4")


def _web_socket(stage: Stage, name: str) -> str:
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    return _head(stage, f"/ws/stream/?camera={name}", f"{upgrade}Sec-WebSocket-Key: dG9ydHVyZXRvcnR1cmUxMg==\r\n")


def deliveries(words: str, answer: Any) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        receiver = stage.receiver
        assert receiver is not None
        begun = receiver.begun
        if answer == "down":
            receiver.end()
        else:
            receiver.always = answer
        if scene.calm:
            report(stage)
        yield f"the delivery target {words}"
        if scene.calm and answer != "down":
            wait_until(lambda: receiver.begun > begun, LONG_S, "an attempt to deliver")
        stage.hold(0.5, 3)
        if answer == "down":
            again = ClipReceiver(receiver.port)
            again.deliveries = list(receiver.deliveries)
            stage.receiver = again
        else:
            receiver.always = 201

    return story


def report(stage: Stage) -> None:
    """An incident of the first camera, a moment ago."""
    at_s = time.time() - 2
    status, answer = stage.ask("POST", "/api/incidents", {"camera_id": stage.names[0], "incident_time": at_s})
    if status == 201:
        stage.posted[str(answer["id"])] = str(at_s)


def settle_incidents(stage: Stage) -> None:
    """All that were reported and whose database lived are delivered in the end, or there was nothing to deliver."""
    over = {IncidentStatus.UPLOADED.value, IncidentStatus.FAILED.value}

    def states() -> dict[str, str]:
        found = {}
        for incident in list(stage.posted):
            status, answer = stage.ask("GET", f"/api/incidents/{incident}")
            found[incident] = str(answer["upload_status"]) if status == 200 else f"answer {status}"
            if found[incident] == IncidentStatus.WAITING.value:
                stage.ask("POST", f"/api/incidents/{incident}/retry")
        return found

    try:
        wait_until(lambda: set(states().values()) <= over, LONG_S, "all incidents to be over")
    except AssertionError:
        stage.complain(f"incidents aren't over: {states()}")
    for incident, state in states().items():
        at_us = round(float(stage.posted[incident]) * US)
        eye = stage.eyes[stage.names[0]]
        has_gap = any(excuse.holds(at_us, 5 * US) for excuse in eye.excuses) or any(
            abs(tail.ended_us - at_us) < 10 * US for tail in eye.account.tails
        )
        if state == IncidentStatus.FAILED.value and not has_gap:
            stage.complain(f"incident {incident} failed, but its moment is recorded")


ACTS = (
    Act("clients read slowly and vanish", "clients", _clients("take a download slowly and vanish", 20, _range)),
    Act("viewers vanish", "clients", _clients("watch, read nothing and vanish", 10, _web_socket)),
    Act("clients say nothing", "clients", _clients("connect and say nothing", 200, lambda _stage, _name: "")),
    Act("clients send rubbish", "clients", _clients("send rubbish", 50, lambda _s, _n: "\0\x16\x03\x01 rubbish\r\n")),
    Act("the target is down", "target", deliveries("is down", "down")),
    Act("the target answers 500", "target", deliveries("answers 500", 500)),
    Act("the target answers 429", "target", deliveries("answers 429", (429, {"Retry-After": "1"}))),
    Act("the target hangs up", "target", deliveries("hangs up in the middle of a clip", "die")),
    Act("the target loses its answer", "target", deliveries("takes the clip and loses its answer", "lost")),
    Act("the target never answers", "target", deliveries("never answers", "stall"), rare=True),
)
