"""A secret in each place that takes one, and then everything that PyNVR wrote, said and showed, searched for it."""

import http.client
import json
import re
import secrets as made_up
import ssl
import threading
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import WrongPassword
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program
from tests.end_to_end.secrets import Wanted
from tests.ports import free_port
from tests.waiting import wait_until
from tests.web.certificates import make_certificate
from tests.web.enumeration import called_routes
from tests.web.making import make_site

pytestmark = pytest.mark.timeout(600)

# On a machine that is busy with other tests.
LONG_S = 300.0

PLACES = (
    *(
        "camera",
        "sub-stream",
        "refused camera",
        "dead camera",
        "post_url",
        "post_token",
        "post_headers",
        "tried camera",
    ),
    *(
        "changed camera",
        "webhook url",
        "webhook token",
        "webhook header",
        "mqtt",
        "apprise",
        "admin",
        "viewer",
        "wrong",
    ),
)
# What holds a secret by its purpose.
ITS_PLACE = ("nvr.json", "key.pem", "localhost.key")


class Echo(BaseHTTPRequestHandler):
    """Refuses everything, and says in its refusal all that it was told."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        words = f"{self.path} {self.headers}".encode()
        self.send_response(422)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *_):
        pass


@contextmanager
def echoing():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Asker:
    """Over TLS, with a token or as a browser."""

    def __init__(self, port, context, token=""):
        self.port, self.context, self.token, self.cookie = port, context, token, ""

    def ask(self, method, path, document=None):
        client = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=LONG_S, context=self.context)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {"X-PyNVR": "1"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        body = None
        if document is not None:
            body, headers["Content-Type"] = json.dumps(document), "application/json"
        try:
            client.request(method, path, body, headers)
            answer = client.getresponse()
            read = answer.read(4_000_000)
            self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
            return answer.status, str(answer.getheaders()).encode() + read, read
        finally:
            client.close()


def test_no_secret_is_anywhere_but_in_its_place(tmp_path):
    planted = {place: f"pl4nt {n}/ü+{made_up.token_hex(5)}" for n, place in enumerate(PLACES)}
    for place in ("post_token", "post_headers", "webhook token", "webhook header"):
        planted[place] = f"pl4nt.{made_up.token_urlsafe(12)}"
    in_url = {place: quote(secret, safe="") for place, secret in planted.items()}
    tls = make_certificate(tmp_path)
    key_lines = [line for line in tls.key.read_text().splitlines() if "-" not in line]
    dead = f"127.0.0.1:{free_port()}"
    cameras = [
        SimulatedCamera(
            "gate",
            width=160,
            height=120,
            fps=10,
            gop_s=1,
            user="root",
            password=planted["camera"],
            authentication="basic",
        ),
        SimulatedCamera("yard", width=160, height=120, faults=(WrongPassword(),), user="root", password="x"),
    ]
    with SimulatorServer(cameras) as simulator, echoing() as echo:
        host = simulator.url("gate").partition("@")[2] or simulator.url("gate").partition("//")[2]
        listed: list[dict[str, Any]] = [
            {
                "id": "gate",
                "url": f"rtsp://root:{in_url['camera']}@{host}",
                "live": {"url": f"rtsp://root:{in_url['sub-stream']}@{dead}/sub"},
                "post_url": f"http://{echo}/clips?token={in_url['post_url']}",
                "post_token": planted["post_token"],
                "post_headers": {"X-Key": planted["post_headers"]},
            },
            {"id": "yard", "url": f"rtsp://root:{in_url['refused camera']}@{host.partition('/')[0]}/yard"},
            {"id": "dead", "url": f"http://{dead}/video?password={in_url['dead camera']}"},
        ]
        common = {"after_seconds": 0}
        notify = [
            {
                "name": "hook",
                "kind": "webhook",
                "url": f"http://{echo}/hook?key={in_url['webhook url']}",
                "token": planted["webhook token"],
                "headers": {"X-Key": planted["webhook header"]},
                **common,
            },
            {"name": "house", "kind": "mqtt", "host": "127.0.0.1", "port": int(dead.split(":")[1]), "user": "a",
             "password": planted["mqtt"], **common},
            {"name": "mail", "kind": "apprise", "url": f"json://u:{in_url['apprise']}@{dead}/x", **common},
        ]  # fmt: skip
        server = {"port": free_port(), "tls": {"certificate": str(tls.certificate), "key": str(tls.key)}}
        program = Program(tmp_path / "p", listed, {"server": server}, notify=notify)
        shown: list[tuple[str, bytes]] = []

        def run(*arguments, **more):
            done = program.command(*arguments, **more)
            shown.append((f"pynvr {' '.join(arguments[:2])}", (done.stdout + done.stderr).encode()))
            return done

        program.start()
        try:
            program.wait_recording("gate", timeout_s=LONG_S)
            link = wait_until(lambda: re.search(r"setup\?code=(\S+)", program.said()), LONG_S, "the setup link")
            context = ssl.create_default_context(cafile=tls.certificate)
            admin = Asker(server["port"], context)
            wait_until(lambda: answers(admin), LONG_S, "the site")
            assert link is not None
            code = link[1]
            wrong = admin.ask("POST", "/api/login", {"name": "admin", "password": planted["wrong"]})
            shown.append(("a refused login", wrong[1]))
            first = {"code": code, "name": "admin", "password": planted["admin"]}
            assert admin.ask("POST", "/api/setup", first)[0] == 201
            assert admin.ask("POST", "/api/login", first)[0] == 200
            session = admin.cookie.partition("=")[2]
            second = {"name": "viewer", "password": planted["viewer"], "role": "viewer"}
            assert admin.ask("POST", "/api/users", second)[0] == 201
            tokens = {
                role: program.command("token", "create", role, "--role", role).stdout.split()[-1]
                for role in ("admin", "viewer")
            }
            assert all(len(token) > 30 for token in tokens.values())
            planted |= {f"{role} token": token for role, token in tokens.items()} | {"session": session, "setup": code}
            planted |= {f"key line {n}": line for n, line in enumerate(key_lines) if len(line) > 30}

            stock = tmp_path / "stock"
            stock.mkdir()
            routes = [one for one in called_routes(make_site(stock).site) if one.route.method == "GET"]
            programs = {role: Asker(server["port"], context, token) for role, token in tokens.items()}
            tried = {"url": f"rtsp://a:{in_url['tried camera']}@{dead}/x", "initial_timeout": 1}
            changed = {"url": f"rtsp://a:{in_url['changed camera']}@[/x", "retry": 7, "post_token": "\n"}
            incident = {"camera_id": "gate", "incident_time": time.time(), "pre_seconds": 1, "post_seconds": 0}
            for what, method, path, document in (
                ("a camera's test", "POST", "/api/cameras/test", tried),
                ("a wrong change", "PATCH", "/api/cameras/gate", changed),
                ("a change", "PATCH", "/api/cameras/yard", {"name": "Yard"}),
                ("an incident", "POST", "/api/incidents", incident),
                ("a login in vain", "POST", "/api/login", {"name": planted["wrong"], "password": planted["wrong"]}),
                ("a wrong setup", "POST", "/api/setup", first),
            ):
                shown.append((what, programs["admin"].ask(method, path, document)[1]))
            run("check", "--probe")
            run("status", "--json")
            run("notify", "test", "hook")
            run("notify", "test", "house")
            run("notify", "test", "mail")
            run("notify", "list")
            run("user", "list")
            run("token", "list")
            run("incident", "list")
            run("report", "--output", str(tmp_path / "p" / "report.zip"))
            good = program.config.read_text()
            mistaken = (
                good.replace('"mqtt"', '"mqttt"').replace('"id": "dead"', '"id": 7').replace('"token"', '"tokenn"')
            )
            program.write_text(mistaken)
            run("check")
            wait_until(
                lambda: "mqttt" in program.said(), LONG_S, lambda: f"a word about the mistakes:\n{program.said()}"
            )
            program.write_text(good)
            wait_until(
                lambda: b"422" in programs["admin"].ask("GET", "/api/incidents/1")[2],
                LONG_S,
                lambda: f"the clip's refusal: {programs['admin'].ask('GET', '/api/incidents/1')[2]!r}",
            )
            for role, asker in programs.items():
                for one in routes:
                    path = one.path.replace("/20260310", "/" + time.strftime("%Y%m%d", time.gmtime()))
                    shown.append((f"{one} for {role}", asker.ask("GET", path)[1]))
            shown += processes(program)
            assert len(shown) > 150
            assert program.stop() == 0
        finally:
            program.end()
    shown += files(tmp_path)
    names = {name for name, _ in shown}
    assert "p/data/pynvr.sqlite" in names
    assert {".mp4", ".log", ".jpg", ".json"} <= {Path(name).suffix for name in names}
    assert any("report.zip/" in name for name in names)
    wanted = Wanted(planted)
    # The one-time code is told in the log by its purpose, and has been used.
    logs = {name for name in names if name.endswith((".log", "output.txt")) or "/api/system/log" in name}
    assert wanted.found(one for one in shown if one[0] not in logs) == []
    assert wanted.found((one for one in shown if one[0] in logs), but=("setup",)) == []


def answers(asker):
    try:
        return asker.ask("GET", "/health")[0]
    except OSError:
        return 0


def processes(program):
    """What every user of the machine sees of each process, and its environment."""
    for process in program.processes():
        folder = Path(f"/proc/{process.pid}")
        yield (
            f"process {process.name()}",
            b"".join((folder / name).read_bytes() for name in ("cmdline", "environ", "comm")),
        )


def files(folder):
    """All that was written, and what is in ZIP files."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and path.name not in ITS_PLACE and not name.startswith("stock/"):
            yield name, path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as packed:
                    yield from ((f"{name}/{entry}", packed.read(entry)) for entry in packed.namelist())
