"""`python -m tests.web.serve CONFIG PORT`: the application alone, without a supervisor; says `ready`."""

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from pynvr.web.app import build

from pynvr.base.clock import SystemClock
from pynvr.config.load import load
from pynvr.model.status import Status
from pynvr.playback.footage import Footage
from pynvr.store.store import Store
from pynvr.web.site import Site


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    config, port = Path(sys.argv[1]), int(sys.argv[2])
    settings = load(config)

    def status() -> Status | None:
        return Status.from_json((settings.system.run_dir / "status.json").read_bytes())

    store = Store.open(settings.system.database)
    site = Site(lambda: settings, status, store, Footage(store, lambda: settings), SystemClock())
    with make_server("127.0.0.1", port, build(site), Server, Quiet) as server:
        print("ready", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
