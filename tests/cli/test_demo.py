"""`pynvr demo` as a person runs it."""

import http.client
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from pynvr.base.errors import PyNVRError
from pynvr.cli import demo
from pynvr.cli.main import cli
from tests.ports import free_port
from tests.waiting import PATIENCE_S, wait_until

PYNVR = Path(sys.executable).parent / "pynvr"


def test_a_taken_port_is_told_with_what_to_do(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = subprocess.run(
            [PYNVR, "demo", "--port", str(port), "--dir", tmp_path / "demo"],
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_S,
            check=False,
        )
    assert ended.returncode == 2
    assert f"another program uses port {port}" in ended.stderr
    assert re.search(r"pynvr demo --port \d+$", ended.stderr.strip())
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(
    ("camera", "is_refused"),
    [
        ({"id": "gate", "url": "rtsp://127.0.0.1:9/gate"}, False),
        ({"id": "gate", "url": "rtsp://admin:x@192.168.1.20/gate"}, True),
        ({"id": "mine", "url": "rtsp://localhost/mine"}, True),
    ],
)
def test_a_configuration_that_is_not_a_demos_is_left_alone(tmp_path, monkeypatch, camera, is_refused):
    text = json.dumps({"cameras": [camera]})
    (tmp_path / "nvr.json").write_text(text)

    def draws(*_arguments: object, **_more: object) -> None:
        raise PyNVRError("goes on")

    monkeypatch.setattr(demo, "SimulatorServer", draws)
    result = CliRunner().invoke(cli, ["demo", "--dir", str(tmp_path), "--port", str(free_port())])
    assert ("isn't a demo's" if is_refused else "goes on") in result.output
    assert (tmp_path / "nvr.json").read_text() == text


def test_its_site_is_there_when_it_says_so_only_on_this_machine_and_goes_with_it(tmp_path):
    port = free_port()
    output = tmp_path / "output"
    with output.open("w") as file:
        process = subprocess.Popen(
            [
                PYNVR,
                "demo",
                "--port",
                str(port),
                "--dir",
                tmp_path / "demo",
                "--cameras",
                "1",
                "--segment-seconds",
                "10",
            ],
            stdout=file,
            stderr=subprocess.DEVNULL,
        )
    try:
        entry = re.compile(r"The site: (\S+)   user (\S+), password (\S+)\n")
        found = wait_until(lambda: entry.search(output.read_text()), 120, output.read_text)
        assert found is not None and found[1] == f"http://localhost:{port}"

        def log_in():
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            try:
                body = json.dumps({"name": found[2], "password": found[3]})
                headers = {"Content-Type": "application/json", "Host": f"localhost:{port}"}
                client.request("POST", "/api/login", body, headers)
                return client.getresponse().status
            finally:
                client.close()

        told = output.read_text()
        assert f"Recorded to {tmp_path / 'demo'}" in told and "20 GB of video at most" in told
        assert "rectangle around the parcel" in told
        # What it prints is there already.
        assert log_in() == 200
        family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
        listened = {
            socket_.laddr.ip
            for pid in family
            for socket_ in psutil.Process(pid).net_connections("tcp")
            if socket_.status == psutil.CONN_LISTEN
        }
        assert listened and listened <= {"127.0.0.1", "::1"}
        process.kill()
        wait_until(lambda: not [pid for pid in family if lives(pid)], what="the end of all that it started")
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def lives(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
