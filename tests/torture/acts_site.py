"""Clients that read slowly, say nothing, or vanish; and targets of deliveries in every bad state."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from pynvr.model.incident import IncidentStatus
from tests.deliverer.receiver import ClipReceiver
from tests.torture import words
from tests.torture.act import Act, Scene, Story
from tests.torture.clients import asking, connected, vanish, watching
from tests.torture.proof import US, Excuse
from tests.torture.stage import AROUND_S, LONG_S, Stage
from tests.torture.truth import BESIDE_US, Span, recorded_us
from tests.waiting import wait_until


def _clients(what: str, count: int, request: Callable[[Stage, str], str]) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        clients = []
        for _ in range(count):
            with suppress(OSError):  # another act may have killed the web process
                clients.append(connected(stage, request(stage, scene.dice.choice(stage.names))))
        yield f"{len(clients)} clients {what}"
        for client in clients[:3]:
            with suppress(OSError):
                client.recv(100)
        scene.stand(0.5, 3, lambda: _answers(stage))
        for client in clients:
            vanish(client)

    return story


def _answers(stage: Stage) -> str:
    """Nothing, and everybody else is served meanwhile."""
    for path in ("/api/system", "/api/1/cameras.json", "/api/1/system.json"):
        status, answer = stage.ask("GET", path)
        assert status == 200, f"{path} answers {status}: {answer}"
    return "nothing, and answers others"


def _range(stage: Stage, name: str) -> str:
    now_s = time.time()
    return asking(stage, f"/api/1/camera/{name}.range.{now_s - 600:.0f}.to.{now_s:.0f}.mp4")


def deliveries(what: str, answer: Any, said: str) -> Callable[[Scene], Story]:
    """`said`: what is told of the incident meanwhile."""

    def story(scene: Scene) -> Story:
        stage = scene.stage
        receiver = stage.receiver
        assert receiver is not None
        if answer == "down":
            receiver.end()
        else:
            receiver.always = answer
        incident = report(stage) if scene.calm else ""
        yield f"the delivery target {what}"
        scene.stand(0.5, 3, (lambda: words.of_incidents(stage, said)) if incident else None)
        if answer == "down":
            again = ClipReceiver(receiver.port)
            again.deliveries = list(receiver.deliveries)
            stage.receiver = again
        else:
            receiver.always = 201
            receiver.over.set()  # whoever was kept waiting is let go
            receiver.over = threading.Event()
        if scene.calm and incident:
            scene.is_told(lambda: _delivered(stage, incident))

    return story


def _delivered(stage: Stage, incident: str) -> str:
    """In the end it has it, whatever it said before."""

    def state() -> str:
        """Those before it go first."""
        for one in stage.open_incidents():
            if one["upload_status"] in (IncidentStatus.WAITING, IncidentStatus.FAILED):
                stage.ask("POST", f"/api/incidents/{one['id']}/retry")
        status, answer = stage.ask("GET", f"/api/incidents/{incident}")
        is_over = status == 200 and answer["upload_status"] == IncidentStatus.UPLOADED
        return f"uploaded after {answer['attempts']} attempts" if is_over else ""

    return wait_until(state, LONG_S, lambda: f"the delivery; it is {stage.ask('GET', f'/api/incidents/{incident}')}")


def report(stage: Stage) -> str:
    """An incident of the first camera, a moment ago; its id, empty if nobody took it."""
    at_s = time.time() - 2
    status, answer = stage.ask("POST", "/api/incidents", {"camera_id": stage.names[0], "incident_time": at_s})
    if status != 201:
        return ""
    stage.posted[str(answer["id"])] = str(at_s)
    return str(answer["id"])


def settle_incidents(stage: Stage) -> None:
    """All that were reported and whose database lived are delivered in the end, or there was nothing to deliver."""
    over = {IncidentStatus.UPLOADED.value, IncidentStatus.FAILED.value}

    def states() -> dict[str, str]:
        for one in stage.open_incidents():
            if one["upload_status"] == IncidentStatus.WAITING:
                stage.ask("POST", f"/api/incidents/{one['id']}/retry")
        found = {}
        for incident in list(stage.posted):
            status, answer = stage.ask("GET", f"/api/incidents/{incident}")
            found[incident] = str(answer["upload_status"]) if status == 200 else f"answer {status}"
        return found

    try:
        wait_until(lambda: set(states().values()) <= over, LONG_S, "all incidents to be over")
    except AssertionError:
        stage.complain(f"incidents aren't over: {states()}")
    eye = stage.eyes[stage.names[0]]
    runs = [run.span for run in recorded_us(eye)]
    for incident, state in states().items():
        at_us = round(float(stage.posted[incident]) * US)
        if state == IncidentStatus.FAILED.value and is_recorded(at_us, runs, eye.excuses):
            _, answer = stage.ask("GET", f"/api/incidents/{incident}")
            stage.complain(f"incident {incident} failed, but its moment is recorded: {answer.get('last_error')}")


def is_recorded(at_us: int, runs: Sequence[Span], excuses: Sequence[Excuse]) -> bool:
    """Whether anything that an incident of that moment asks for is surely in one of these runs of frames.

    That nothing is known to have stood in the way doesn't say so: what is reported just after a start may lie before
    the first frame; and the first frames of a run may be dated late, so that they lie behind it.
    """
    if any(excuse.holds(at_us, 5 * US) for excuse in excuses):
        return False
    from_us, to_us = at_us - AROUND_S * US, at_us + AROUND_S * US
    return any(min(end, to_us) - max(start + BESIDE_US, from_us) > US // 2 for start, end in runs)


ACTS = (
    Act("clients read slowly and vanish", "clients", _clients("take a download slowly and vanish", 20, _range)),
    Act("viewers vanish", "clients", _clients("watch, read nothing and vanish", 10, watching)),
    Act("clients say nothing", "clients", _clients("connect and say nothing", 200, lambda _stage, _name: "")),
    Act("clients send rubbish", "clients", _clients("send rubbish", 50, lambda _s, _n: "\0\x16\x03\x01 rubbish\r\n")),
    *(
        Act(f"the target {what}", "target", deliveries(what, answer, said), rare=rare)
        for what, answer, said, rare in (
            ("is down", "down", "no connection", False),
            ("answers 500", 500, "500", False),
            ("answers 404", 404, "404", False),
            ("answers 422, it will never take it", 422, "422", True),
            ("answers 429", (429, {"Retry-After": "1"}), "429", False),
            ("redirects to a login", (302, {"Location": "/login"}), "redirect", False),
            ("redirects for ever", (307, {"Location": "/clips"}), "redirects", True),
            ("hangs up in the middle of a clip", "die", "failed", False),
            ("takes the clip and loses its answer", "lost", "failed", False),
            ("never answers", "stall", "no answer within", True),
        )
    ),
)
