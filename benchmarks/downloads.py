"""What slow downloads cost everybody else: 200 at once, and the API's answers and the memory beside them.

The real program on made-up recordings; each client takes 64 KiB/s of a range MP4, as over a poor line.
"""

import asyncio
import http.client
import json
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.installation import free_port, wait_for
from benchmarks.table import Row
from benchmarks.usage import usage_of
from tests.web.archive_maker import Archive, MadeCamera, make_archive

DOWNLOADS = 200
BYTES_PER_S = 65_536
PROBES_PER_S = 20
ASKED = ("/api/1/cameras.json", "/api/1/system.json", "/api/system", "/health")
_PIECES_PER_S = 4
# A small buffer, so that the server feels at once how slowly the client reads.
_BUFFER_BYTES = 65_536


def run(seconds: int) -> list[Row]:
    """`seconds`: how long the downloads are watched."""
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place:
        archive = make_archive(
            Path(place).absolute(),
            [MadeCamera("gate", width=1280, height=720, fps=25, look="overcast")],
            90,
            skip=("pictures",),
        )
        port, token = _set_up(archive)
        with _running(archive):
            wait_for(lambda: _answers(port), 30, "the site")
            address = f"/api/1/camera/gate.range.{archive.start_us / 1e6:.0f}.to.{archive.end_us / 1e6:.0f}.mp4"
            return _measured(_Site(port, token), lambda: _web_of(archive), address, seconds)


class _Site:
    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"}

    def get_ms(self, path: str) -> float:
        """The time of a request over a fresh connection."""
        began_s = time.perf_counter()
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        client.request("GET", path, headers=self.headers)
        answer = client.getresponse()
        answer.read()
        client.close()
        if answer.status not in (200, 503):  # 503: /health, for the cameras can't be reached
            raise RuntimeError(f"{path}: {answer.status}")
        return (time.perf_counter() - began_s) * 1000


def _measured(site: _Site, web: Callable[[], int], address: str, seconds: int) -> list[Row]:
    for path in ASKED:
        site.get_ms(path)
    alone = _probe(site, 5)
    before = usage_of(web())
    slow = _SlowClients(site, address)
    slow.start()
    wait_for(lambda: slow.running == DOWNLOADS, 60, "all downloads to run")
    early = usage_of(web())
    beside = _probe(site, seconds)
    late = usage_of(web())
    taken = slow.stop()
    rate = statistics.median(taken) / BYTES_PER_S
    grown_mb = (late.pss_bytes - early.pss_bytes) / 1e6
    p95 = _p95(beside)
    return [
        Row(f"API beside {DOWNLOADS} slow downloads, p95", f"{p95:.0f} ms", "< 100 ms", p95 < 100),
        Row("the same, median and worst", f"{statistics.median(beside):.0f} ms, {max(beside):.0f} ms"),
        Row("API alone, median and p95", f"{statistics.median(alone):.0f} ms, {_p95(alone):.0f} ms"),
        Row("memory of the web process before", f"{before.pss_bytes / 1e6:.0f} MB"),
        Row("with all downloads begun", f"{early.pss_bytes / 1e6:.0f} MB"),
        Row(f"{seconds} s later", f"{late.pss_bytes / 1e6:.0f} MB", "flat", grown_mb < 10),
        Row("what a client gets of its 64 KiB/s", f"{rate:.2f}", "1", rate > 0.95),
        Row("CPU of the web process meanwhile", f"{(late.cpu_s - early.cpu_s) / seconds:.2f} cores"),
    ]


def _probe(site: _Site, seconds: float) -> list[float]:
    """Milliseconds of requests at an even pace, whatever the ones before took."""
    times: list[float] = []
    threads = []
    for number in range(int(seconds * PROBES_PER_S)):
        path = ASKED[number % len(ASKED)]
        threads.append(threading.Thread(target=lambda path=path: times.append(site.get_ms(path))))
        threads[-1].start()
        time.sleep(1 / PROBES_PER_S)
    for thread in threads:
        thread.join()
    if len(times) < len(threads):
        raise RuntimeError(f"{len(threads) - len(times)} of {len(threads)} requests failed")
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


class _SlowClients:
    """All in one thread of their own."""

    def __init__(self, site: _Site, address: str) -> None:
        self.running = 0
        self._site = site
        self._address = address
        self._stopping = False
        self._taken: list[float] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> list[float]:
        """Bytes a second that each client got."""
        self._stopping = True
        self._thread.join()
        return self._taken

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(DOWNLOADS)))

    async def _one(self) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            client.setblocking(False)
            await loop.sock_connect(client, ("127.0.0.1", self._site.port))
            headers = "".join(f"{name}: {value}\r\n" for name, value in self._site.headers.items())
            await loop.sock_sendall(
                client, f"GET {self._address} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()
            )
            head = await loop.sock_recv(client, 1000)
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head[:200].decode(errors="replace"))
            self.running += 1
            began_s = due_s = loop.time()
            taken = 0
            while not self._stopping:
                due_s += 1 / _PIECES_PER_S
                wanted = taken + BYTES_PER_S // _PIECES_PER_S
                while taken < wanted:
                    piece = await loop.sock_recv(client, wanted - taken)
                    if not piece:
                        raise RuntimeError("a download ended before its time")
                    taken += len(piece)
                await asyncio.sleep(max(0.0, due_s - loop.time()))
            self._taken.append(taken / (loop.time() - began_s))


def _set_up(archive: Archive) -> tuple[int, str]:
    """Gives nvr.json a free port and the site a token."""
    port = free_port()
    document = json.loads(archive.config.read_text())
    document["system"]["server"] = {"port": port}
    archive.config.write_text(json.dumps(document))
    command = [sys.executable, "-m", "pynvr", "--config", str(archive.config)]
    made = subprocess.run(
        [*command, "token", "create", "bench", "--role", "admin"], capture_output=True, text=True, check=True
    )
    subprocess.run(
        [*command, "user", "add", "admin", "--role", "admin", "--password-stdin"], input="bench-password", text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    return port, made.stdout.split()[-1]


@contextmanager
def _running(archive: Archive) -> Iterator[None]:
    command = [sys.executable, "-m", "pynvr", "--config", str(archive.config), "foreground"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _web_of(archive: Archive) -> int:
    status = json.loads((archive.settings.system.run_dir / "status.json").read_text())
    return int(next(one["pid"] for one in status["processes"] if one["kind"] == "web"))


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 5):
            return True
    except OSError:
        return False
