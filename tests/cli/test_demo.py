"""`pynvr demo` as a person runs it."""

import http.client
import json
import re
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from tests.ports import free_port
from tests.waiting import wait_until

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
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2
    assert f"another program uses port {port}" in ended.stderr
    assert re.search(r"pynvr demo --port \d+$", ended.stderr.strip())
    assert not (tmp_path / "demo").exists()


def test_its_site_is_entered_with_what_it_prints_and_nothing_is_open_to_the_network(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [PYNVR, "demo", "--port", str(port), "--dir", tmp_path / "demo", "--cameras", "1", "--segment-seconds", "10"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = ""
        while "password" not in said:
            assert select.select([process.stdout], [], [], 100)[0], said
            line = process.stdout.readline()
            assert line, said
            said += line
        found = re.search(r"The site: (\S+)   user (\S+), password (\S+)", said)
        assert found is not None and found[1] == f"http://localhost:{port}"

        def logged_in():
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                body = json.dumps({"name": found[2], "password": found[3]})
                headers = {"Content-Type": "application/json", "Host": f"localhost:{port}"}
                client.request("POST", "/api/login", body, headers)
                return client.getresponse().status
            except OSError:
                return 0
            finally:
                client.close()

        assert wait_until(logged_in, 30, "the site") == 200
        family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
        listened = {
            socket_.laddr.ip
            for pid in family
            for socket_ in psutil.Process(pid).net_connections("tcp")
            if socket_.status == psutil.CONN_LISTEN
        }
        assert listened and listened <= {"127.0.0.1", "::1"}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
