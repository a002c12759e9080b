"""A report of trouble, as `pynvr report` makes it, for the page System."""

import tempfile
import threading
from collections.abc import Iterator
from typing import IO

from bottle import response

from pynvr.report.bundle import entries, file_name, write_zip
from pynvr.report.configuration import read_configuration
from pynvr.web.api.chosen import switch
from pynvr.web.errors import ApiError
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.streaming import disposition

# Somebody waits for it.
_VERIFY_S = 5.0
_IN_MEMORY_BYTES = 4_000_000
_PIECE_BYTES = 65_536


def routes(site: Site) -> list[Route]:
    making = threading.Lock()
    return [
        Route(
            "GET",
            "/api/system/report.zip",
            lambda: _report(site, making),
            Access.ADMIN,
            "What is needed to understand trouble, without secrets, names of users and pictures",
            (
                Parameter(
                    "keep_addresses",
                    "query",
                    "1: addresses and names of machines stay as they are",
                    {"type": "string", "enum": ["0", "1"], "default": "0"},
                ),
            ),
            media_type="application/zip",
        )
    ]


def _report(site: Site, making: threading.Lock) -> Iterator[bytes]:
    if not making.acquire(blocking=False):
        raise ApiError(503, "busy", "a report is being made already", headers={"Retry-After": "10"})
    try:
        now_us = site.clock.now_us()
        # Made whole before it is sent: what fails is said with a status.
        file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 — closed when it is sent
        parts = entries(
            read_configuration(site.settings().path),
            now_us,
            keep_addresses=switch("keep_addresses", default=False),
            verify_s=_VERIFY_S,
        )
        for _ in write_zip(file, parts):
            pass
        length = file.tell()
        file.seek(0)
    finally:
        making.release()
    response.set_header("Content-Disposition", disposition(file_name(now_us), download=True))
    response.set_header("Content-Length", str(length))
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
