"""A capture over HTTP, with the real master, web process and capture, of a simulated camera."""

import json
import re
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from os import kill

import pytest

from pynvr.config.load import load
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import Store
from tests.ports import free_port
from tests.supervisor.running import Supervised
from tests.waiting import PATIENCE_S, wait_until


@pytest.fixture
def camera():
    made = SimulatedCamera(name="gate", width=128, height=96, fps=10, gop_s=0.5, loop_s=4, bitrate_kbps=100)
    with SimulatorServer([made], keep_sent=False) as server:
        yield server.url("gate")


@pytest.fixture
def one(tmp_path):
    made = Supervised(tmp_path, {}, "--real-web")
    made.write({}, server={"port": free_port()})
    made.start()
    yield made
    made.end()


def call(one, method, path, token="", **fields):
    """Status and body; 0 while nobody answers."""
    port = load(one.config).system.server.port
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    request.add_header("Authorization", f"Bearer {token}")
    request.data = urllib.parse.urlencode(fields).encode() if fields else None
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as err:
        return err.code, err.read()
    except OSError:
        return 0, b""


def frames_of(one, token, capture_id):
    status, body = call(one, "GET", f"/api/captures/{capture_id}", token)
    return json.loads(body)["frames"] if status == 200 else -1


def test_a_capture_is_started_outlives_the_site_and_is_stopped(one, camera):
    one.wait_running("web")
    wait_until(lambda: call(one, "GET", "/health")[0] == 200, what="the site")
    with Store.open(load(one.config).system.database) as store:
        token = store.tokens.create("program", "admin", time.time_ns() // 1000)
    status, body = call(one, "POST", "/start", token, rtsp_url=camera)
    assert status == 201, body
    capture_id = json.loads(body)["id"]
    assert call(one, "POST", "/start", token, rtsp_url=camera)[0] == 409
    wait_until(lambda: frames_of(one, token, capture_id) > 12, what=lambda: f"frames; it said:\n{one.said()}")
    process = one.pid(f"capture {capture_id}")
    web = one.pid("web")
    kill(web, signal.SIGKILL)
    wait_until(lambda: one.pid("web") not in (0, web), what="another web process")
    wait_until(lambda: call(one, "GET", "/health")[0] == 200, what="the site again")
    assert one.pid(f"capture {capture_id}") == process
    status, page = call(one, "POST", "/stop", token)
    assert status == 200, page
    assert b"<h1>Top 9 Brightest Frames</h1>" in page
    addresses = re.findall(r'<img src="([^"]+)" width="128" height="96"', page.decode())
    assert addresses
    for address in addresses:
        assert call(one, "GET", address, token)[1].startswith(b"\xff\xd8")
