"""The searcher in the running program: there when it is wanted, and its death is nobody else's business."""

import json
import os
import signal
import subprocess

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import PYNVR, Program
from tests.end_to_end.site import Site
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

CAMERA = SimulatedCamera("gate", width=320, height=240, fps=10, gop_s=1, bitrate_kbps=100)


@pytest.fixture
def program(tmp_path):
    with SimulatorServer([CAMERA]) as cameras:
        running = Program(tmp_path, [{"id": "gate", "url": cameras.url("gate")}])
        running.start()
        yield running
        running.end()


def add_user(program):
    """Without one the site serves nothing but its setup."""
    words = [str(PYNVR), "--config", str(program.config), "user", "add", "anna", "--role", "viewer", "--password-stdin"]
    subprocess.run(words, input=b"anna-password\n", check=True, capture_output=True)


def served(answer):
    return None if answer.status == 503 else answer


def test_it_comes_when_somebody_searches_and_another_one_comes_when_it_dies(program):
    program.wait_recording("gate")
    site = Site(program.port)
    add_user(program)
    site.wait()
    token = program.command("token", "create", "tests", "--role", "viewer").stdout.splitlines()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    wait_until(lambda: len(program.segments("gate")) >= 1, what="a finished segment")
    bystanders = {name: program.pid_of(name) for name in ("web", "recorder gate", "finisher")}
    assert program.pid_of("searcher") == 0

    def searched():
        # The catalog learns of a segment a moment after it is there.
        first = wait_until(
            lambda: site.get("/api/1/camera/gate.json", headers).json["payload"]["first"], what="the camera's first row"
        )
        address = f"/api/1/camera/gate/best-frames?from={first}&to={first + 60}&count=3"
        # On a busy machine the searcher may take longer to be there than a request waits for it.
        answer = wait_until(lambda: served(site.get(address, headers)), what="an answer")
        assert answer.status == 200, answer.body
        return answer.json["payload"]["frames"]

    frames = searched()
    assert frames
    assert site.get(frames[0]["url"], headers).headers["content-type"] == "image/jpeg"
    before = wait_until(lambda: program.pid_of("searcher"), what="the status to tell of the searcher")
    os.kill(before, signal.SIGSEGV)
    assert searched()
    wait_until(lambda: program.pid_of("searcher") not in (0, before), what="another searcher")
    assert {name: program.pid_of(name) for name in bystanders} == bystanders
    # A death is told for a moment.
    wait_until(lambda: json.loads(site.get("/health").body)["status"] == "ok", what="all to be well again")
    assert program.stop() == 0
    assert "searcher" in program.said()
