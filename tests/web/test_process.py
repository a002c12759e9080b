"""The web process under the real master, with recorders that only play."""

import fcntl
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from pynvr.base.heart import Beat, Heart
from pynvr.config.load import load
from pynvr.web import start
from pynvr.web.order import WebOrder
from tests.ports import free_port
from tests.supervisor.running import PASSWORD, Supervised, is_alive, url
from tests.waiting import PATIENCE_S, wait_until
from tests.web.certificates import make_certificate, trusting


@pytest.fixture
def supervised(tmp_path):
    made: list[Supervised] = []

    def make(**server):
        one = Supervised(tmp_path, {"gate": "ok", "yard": "ok"}, "--real-web")
        one.write({"gate": "ok", "yard": "ok"}, server=server)
        made.append(one)
        one.start()
        return one

    yield make
    for one in made:
        one.end()


def status_of(port, path="/health", context=None):
    """The status that the site answers with; 0 if it doesn't."""
    if context is None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    else:
        client = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_S, context=context)
    try:
        client.request("GET", path)
        return client.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        client.close()


def problem_of_web(one):
    return next((problem.detail for problem in one.status().problems if problem.about == "web"), "")


def test_a_killed_web_is_replaced_and_no_recorder_notices(supervised):
    port = free_port()
    one = supervised(port=port)
    one.wait_running("web", "finisher", "recorder gate", "recorder yard")
    wait_until(lambda: status_of(port) == 200, 20, "the site")
    before = one.pids()
    transitions = len(one.transitions("gate"))
    os.kill(before["web"], signal.SIGKILL)
    wait_until(lambda: one.pid("web") not in (0, before["web"]) and status_of(port) == 200, 20, "the next site")
    assert {**one.pids(), "web": before["web"]} == before
    assert len(one.transitions("gate")) == transitions
    assert one.process_of("web").restarts == 1


def test_it_stops_in_order_while_downloads_and_idle_clients_hang_on(supervised):
    port = free_port()
    one = supervised(port=port)
    one.wait_running("web", "recorder gate")
    wait_until(lambda: status_of(port) == 200, 20, "the site")
    clients = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(20)]
    for client in clients[:10]:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n")
    assert one.stop() == 0
    assert re.search(r"web \(process \d+\) has stopped", one.said())
    wait_until(lambda: not any(map(is_alive, one.seen)), 5, "all of them to be gone")
    for client in clients:
        client.close()


def test_a_taken_port_is_a_problem_and_no_crash_loop(supervised):
    with socket.socket() as other:
        port = free_port()
        other.bind(("127.0.0.1", port))
        other.listen()
        one = supervised(port=port)
        one.wait_running("web", "recorder gate")
        wait_until(lambda: f"another program uses port {port}" in problem_of_web(one), 10, "the problem")
        web = one.pid("web")
        assert one.status().in_error
    wait_until(lambda: status_of(port) == 200, 20, "the site, as soon as the port is free")
    wait_until(lambda: not problem_of_web(one), 10, "no problem any more")
    assert one.pid("web") == web and one.process_of("web").restarts == 0
    assert one.said().count(f"WARNING web: can't listen on 127.0.0.1:{port}") == 1


def test_a_taken_port_is_told_before_the_site_is_loaded(tmp_path, monkeypatch):
    beats: list[Beat] = []
    seen: list[tuple[str, list[str]]] = []
    heart = SimpleNamespace(beat=beats.append)
    monkeypatch.setattr(
        "pynvr.web.process.serve",
        lambda _heart, _order, _sockets, trouble: seen.append((trouble, [beat.detail for beat in beats])),
    )
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        document = {"system": {"server": {"host": "127.0.0.1", "port": port}}, "cameras": []}
        (tmp_path / "nvr.json").write_text(json.dumps(document))
        start.run(cast(Heart, heart), WebOrder(load(tmp_path / "nvr.json")))
    ((trouble, told),) = seen
    assert f"another program uses port {port}" in trouble
    assert told == [trouble]


def test_who_comes_while_it_is_loaded_waits_and_is_answered(tmp_path):
    config, port = tmp_path / "nvr.json", free_port()
    config.write_text(json.dumps({"system": {"data_dir": str(tmp_path)}, "cameras": []}))
    held = open_alone(tmp_path / "pynvr.sqlite.lock")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.serve", str(config), str(port)], stdout=subprocess.PIPE
    )
    try:
        # The database can't be opened yet, so nothing can be answered.
        client = wait_until(lambda: connected(port), what="somebody to listen")
        with client:
            client.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            held.close()
            assert client.recv(9) == b"HTTP/1.1 "
    finally:
        held.close()
        process.kill()
        process.communicate()


def connected(port):
    try:
        return socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    except ConnectionRefusedError:
        return None


def open_alone(path):
    """As whoever opens or repairs the database holds it."""
    made = path.open("w")
    fcntl.flock(made, fcntl.LOCK_EX)
    return made


def test_a_camera_that_changes_disturbs_no_download(supervised):
    port = free_port()
    one = supervised(port=port)
    one.wait_running("web", "recorder gate")
    wait_until(lambda: status_of(port) == 200, 20, "the site")
    web, gate = one.pid("web"), one.pid("recorder gate")
    one.write({"gate": {"url": url("ok"), "frame_timeout": 7}, "yard": "ok"}, server={"port": port})
    wait_until(lambda: one.pid("recorder gate") not in (0, gate), 10, "another recorder")
    assert one.pid("web") == web
    other = free_port()
    one.write({"gate": "ok", "yard": "ok"}, server={"port": other})
    wait_until(lambda: status_of(other) == 200, 20, "the site on its new port")
    wait_until(lambda: status_of(port) == 0, what="the old port to be closed")
    # The same for a file that can't be used: it serves what it served.
    one.write_text("{")
    wait_until(lambda: one.status().problems, 10, "the mistake to be told")
    assert status_of(other) in (200, 503)


def test_tls_is_served_renewed_and_its_mistakes_are_told(supervised, tmp_path):
    first, second = make_certificate(tmp_path, "first"), make_certificate(tmp_path, "second")
    used = type(first)(tmp_path / "c.pem", tmp_path / "k.pem")
    shutil.copy(first.certificate, used.certificate)
    port = free_port()
    one = supervised(port=port, tls={"certificate": "c.pem", "key": "k.pem"})
    one.wait_running("web", "recorder gate")
    wait_until(lambda: "system.server.tls.key: can't read" in problem_of_web(one), 10, "the problem")
    assert status_of(port) == 0  # never without encryption instead
    shutil.copy(first.key, used.key)
    wait_until(lambda: status_of(port, context=trusting(first)) == 200, 20, "the site")
    shutil.copy(second.certificate, used.certificate)
    wait_until(lambda: "stays in use" in problem_of_web(one), 10, "word of the wrong pair")
    assert status_of(port, context=trusting(first)) == 200
    shutil.copy(second.key, used.key)

    def renewed():
        try:
            return status_of(port, context=trusting(second)) == 200
        except ssl.SSLError:
            return False

    wait_until(renewed, 10, "the renewed certificate")
    wait_until(lambda: not problem_of_web(one), 10, "no problem any more")


def test_no_password_shows_in_the_webs_process_or_log(supervised):
    port = free_port()
    one = supervised(port=port)
    one.wait_running("web", "recorder gate")
    wait_until(lambda: status_of(port) == 200, 20, "the site")
    for name in ("cmdline", "environ", "comm"):
        assert PASSWORD.encode() not in Path(f"/proc/{one.pid('web')}/{name}").read_bytes()
    assert Path(f"/proc/{one.pid('web')}/cmdline").read_text().strip("\0 ") == "pynvr: web"
    assert os.getpriority(os.PRIO_PROCESS, one.pid("web")) == min(os.nice(0) + 5, 19)
    assert one.stop() == 0
    assert PASSWORD not in one.said()


def test_a_database_that_cant_be_used_is_a_problem_and_waited_for(supervised, tmp_path):
    (tmp_path / "data").mkdir()
    database = tmp_path / "data" / "pynvr.sqlite"
    database.mkdir()  # whatever is wrong with it, it is no database now
    port = free_port()
    one = supervised(port=port)
    one.wait_running("web", "recorder gate")
    wait_until(lambda: str(database) in problem_of_web(one), 20, "the problem")
    database.rmdir()
    wait_until(lambda: status_of(port) == 200, 30, "the site")
    assert one.process_of("web").restarts == 0
