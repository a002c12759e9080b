"""The examples for clients, run as readers of docs/client.md would; and a receiver in trouble gets its clip at last."""

import os
import subprocess
import sys
from pathlib import Path

import av
import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.deliverer.receiver import ClipReceiver
from tests.end_to_end.program import PYNVR, Program
from tests.end_to_end.site import Site
from tests.ports import free_port
from tests.waiting import PATIENCE_S, wait_until

pytestmark = pytest.mark.timeout(600)

EXAMPLES = Path(__file__).parents[2] / "docs/examples"


@pytest.fixture
def cameras():
    made = [
        SimulatedCamera(name, width=320, height=240, fps=10, gop_s=1, bitrate_kbps=100) for name in ("gate", "yard")
    ]
    with SimulatorServer(made) as server:
        yield server


@pytest.fixture
def program(tmp_path):
    running = Program(tmp_path, [])
    running.start()
    yield running
    running.end()


@pytest.fixture
def receiver():
    one = ClipReceiver()
    yield one
    one.end()


def run(*words, **environment):
    return subprocess.Popen(
        [str(word) for word in words],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def seconds_of(path):
    with av.open(str(path)) as container:
        return (container.duration or 0) / 1e6


def test_both_get_the_clip_and_a_receiver_with_troubles_gets_it_in_the_end(tmp_path, program, cameras, receiver):
    site = Site(program.port)
    words = [str(PYNVR), "--config", str(program.config), "user", "add", "anna", "--role", "admin", "--password-stdin"]
    subprocess.run(words, input=b"anna-password\n", check=True, capture_output=True)
    token = program.command("token", "create", "client", "--role", "admin").stdout.splitlines()[-1]
    site.wait()
    address, folder = f"http://localhost:{program.port}", tmp_path / "clips"
    receiver.answers = [500, "die", "lost"]
    listen = f"127.0.0.1:{free_port()}"
    python = run(
        sys.executable, EXAMPLES / "client.py", address, "gate", cameras.url("gate"), "--listen", listen,
        "--folder", folder, "--pre", "1", "--post", "1", PYNVR_TOKEN=token, PYTHONUNBUFFERED="1",
    )  # fmt: skip
    shell = run(
        EXAMPLES / "client.sh", address, "yard", cameras.url("yard"), tmp_path / "yard.mp4", PYNVR_TOKEN=token
    )  # fmt: skip
    said, said_by_shell = python.communicate(timeout=2 * PATIENCE_S)[0], shell.communicate(timeout=2 * PATIENCE_S)[0]
    assert python.returncode == 0, said
    assert shell.returncode == 0, said_by_shell
    (clip,) = folder.glob("gate.*.mp4")
    # The cameras had just begun to record.
    assert 1 <= seconds_of(clip) < 4 and "uploaded" in said
    assert 1 <= seconds_of(tmp_path / "yard.mp4") < 7
    headers = {"Authorization": f"Bearer {token}"}
    site.log_in("anna", "anna-password")
    assert site.send("PATCH", "/api/cameras/yard", {"post_url": receiver.url}).status == 200

    def yard():
        return site.get("/api/incidents?camera_id=yard", headers).json["incidents"][0]

    site.send("POST", f"/api/incidents/{yard()['id']}/retry", {})

    def arrived():
        if yard()["upload_status"] == "waiting":
            site.send("POST", f"/api/incidents/{yard()['id']}/retry", {})
        return yard()["upload_status"] == "uploaded"

    wait_until(arrived, what=lambda: f"the clip to arrive; it stands so: {yard()}")
    assert [one.key for one in receiver.deliveries] == [yard()["key"]] * 3
    assert [one.was_taken for one in receiver.deliveries] == [False, True, True]
    assert receiver.begun == yard()["attempts"] == 4
    assert receiver.taken[0].size == (tmp_path / "yard.mp4").stat().st_size
    assert program.stop() == 0
