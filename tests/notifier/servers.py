"""Who takes messages: an HTTP server that may be rude, a real MQTT broker with a real client, an SMTP server."""

import email
import email.policy
import json
import ssl
import subprocess
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.ports import free_port
from tests.waiting import wait_until


class Receiver:
    """A webhook's other end. `answers`: what it does with the next requests, 204 when there is nothing more to do.

    An answer is a status, (status, headers), "stall" (says nothing until `end`) or "trickle" (a header a moment).
    """

    def __init__(self, tls: Any = None, port: int = 0) -> None:
        self.answers: list[Any] = []
        self.always: Any = 204
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, dict(self.headers), body))
                self.close_connection = True
                answer = outer.answers.pop(0) if outer.answers else outer.always
                if answer == "stall":
                    outer.over.wait()
                    return
                if answer == "trickle":
                    self.wfile.write(b"HTTP/1.1 204 No")
                    while not outer.over.wait(0.1):
                        try:
                            self.wfile.write(b".")
                        except OSError:
                            return
                    return
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.certificate, tls.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.port: int = self._server.server_address[1]
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}/hook"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, _, body in self.requests]

    def end(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


class Broker:
    """mosquitto. `lines`: more of its configuration."""

    def __init__(self, folder: Path, *lines: str, anonymous: bool = True) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        allowed = "true" if anonymous else "false"
        basics = [f"listener {self.port} 127.0.0.1", f"allow_anonymous {allowed}", "user root", *lines]
        self._config.write_text("\n".join(basics) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["mosquitto", "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None


class Listener:
    """A client that hears everything; `retained`: what a newcomer would get, as far as it was heard."""

    def __init__(self, port: int, **more: Any) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.now: dict[str, bytes] = {}
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.reconnect_delay_set(1, 1)
        if "user" in more:
            self._client.username_pw_set(more["user"], more["password"])
        self._client.on_connect = lambda client, *_: client.subscribe("#", 1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()
        wait_until(self._subscribed.is_set, what="the listener to be connected")

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        self.heard.append((message.topic, message.payload))
        self.now[message.topic] = message.payload

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(payload) for topic, payload in self.heard if topic.endswith("/event")]

    def end(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class MailServer:
    """SMTP; `mails` are what it took. `refusals`: how many it refuses first, for now."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.port: int = self._controller.port
        self.url = f"mailto://127.0.0.1:{self.port}?from=nvr@example.org&to=me@example.org"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusals:
            self.refusals -= 1
            return "451 come back later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def end(self) -> None:
        self._controller.stop()
