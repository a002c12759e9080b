"""The WSGI application called directly: no sockets, no server; a client keeps cookies as a browser does."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote_to_bytes

HOST = "localhost:8080"


@dataclass(frozen=True)
class Answer:
    """What came back. `headers`: each name in small letters with all its values."""

    status: int
    headers: Mapping[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """The header's one value, empty if it is missing."""
        values = self.headers.get(name.lower(), [])
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else ""

    @property
    def json(self) -> Any:
        assert self.header("Content-Type").startswith("application/json"), (self.status, self.body[:300])
        return json.loads(self.body)

    @property
    def payload(self) -> Any:
        """What stands in the envelope of version 1."""
        return self.json["payload"]

    @property
    def error(self) -> str:
        """The error's code."""
        return str(self.json["error"]["code"])


class Client:
    """One browser (with `cookies`) or program (with `token`). `client.get("/api/me").json`.

    `ours`: send what our pages send with a change, `X-PyNVR` and the right `Origin`.
    """

    def __init__(self, application: Callable[..., Any], *, token: str = "", address: str = "192.0.2.7") -> None:
        self._application = application
        self._token = token
        self._address = address
        self.cookies: dict[str, str] = {}

    def get(self, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        return self.request("GET", path, headers=headers, **more)

    def head(self, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        return self.request("HEAD", path, headers=headers, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Answer:
        return self.request("POST", path, json=json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> Answer:
        return self.request("PUT", path, json=json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> Answer:
        return self.request("PATCH", path, json=json, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.request("DELETE", path, **more)

    def login(self, name: str, password: str) -> Answer:
        return self.post("/api/login", {"name": name, "password": password})

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        ours: bool = True,
        scheme: str = "http",
        environ: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send one request; `body` is sent as it is, `json` is encoded. A header whose value is None isn't sent."""
        sent: dict[str, Any] = {"Host": HOST}
        if json is not None:
            body, sent["Content-Type"] = _dumps(json), "application/json"
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        elif ours and method not in ("GET", "HEAD"):
            sent |= {"X-PyNVR": "1", "Origin": f"{scheme}://{HOST}"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= headers or {}
        return self._call(method, path, body or b"", sent, scheme, environ or {})

    def _call(
        self, method: str, path: str, body: bytes, sent: Mapping[str, Any], scheme: str, more: Mapping[str, Any]
    ) -> Answer:
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8080",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self._address,
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in sent.items():
            if value is not None:
                key = name.upper().replace("-", "_")
                environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[..., object]:
            started.append((status, headers))
            return lambda data: None

        parts = self._application({**environ, **more}, start_response)
        try:
            answered = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = started[-1]
        found: dict[str, list[str]] = {}
        for name, value in headers:
            found.setdefault(name.lower(), []).append(value)
        self._keep_cookies(found.get("set-cookie", []))
        return Answer(int(status.split()[0]), found, answered)

    def _keep_cookies(self, values: list[str]) -> None:
        for value in values:
            for name, morsel in SimpleCookie(value).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def _dumps(value: Any) -> bytes:
    return json.dumps(value).encode()
