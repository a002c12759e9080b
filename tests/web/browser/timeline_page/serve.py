"""Serves the page with the axis alone: the site's static files, the page's own, and pictures that say what they are."""

import re
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).parent
STATIC = HERE.parents[3] / "pynvr" / "web" / "static"
_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_PICTURE = re.compile(r"/api/1/camera/(?P<what>.+\.jpg)")


class Handler(BaseHTTPRequestHandler):
    """`asked` gets the path of every picture."""

    protocol_version = "HTTP/1.1"

    def __init__(self, asked: list[str], *arguments) -> None:
        self._asked = asked
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if picture := _PICTURE.match(path):
            self._asked.append(self.path)
            self._answer(drawn(picture["what"]), "image/svg+xml")
            return
        folder, name = (STATIC, path.removeprefix("/static/")) if path.startswith("/static/") else (HERE, "index.html")
        if path.startswith("/page/"):
            folder, name = HERE, path.removeprefix("/page/")
        file = (folder / name).resolve()
        if file.is_relative_to(folder) and file.is_file():
            self._answer(file.read_bytes(), _KINDS.get(file.suffix, "text/plain"))
        else:
            self.send_error(404)

    def log_message(self, *_arguments: object) -> None:
        """The tests' output is enough."""

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def drawn(what: str) -> bytes:
    """A sky over a ground, other colours for each name."""
    hue = crc32(what.encode()) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180">'
        f'<rect width="320" height="180" fill="hsl({hue} 22% 38%)"/>'
        f'<rect y="100" width="320" height="80" fill="hsl({hue} 14% 26%)"/>'
        f'<circle cx="{40 + hue % 240}" cy="96" r="16" fill="hsl({hue} 30% 60%)"/></svg>'
    ).encode()


def server(asked: list[str], port: int = 0) -> ThreadingHTTPServer:
    """Not running yet; on localhost."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, asked))
