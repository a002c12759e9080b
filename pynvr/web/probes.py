"""Cameras opened to see what they send: few at a time, each in a process that is ended when its time is over."""

import json
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pynvr
from pynvr.media.probing import Order
from pynvr.model.settings import Camera
from pynvr.web.errors import ApiError

AT_ONCE = 2
WATCH_S = 5.0
LIMIT_S = 30.0
_MODULE = "pynvr.media.probing"
# The child ends itself; this is for one that can't even do that.
_GRACE_S = 2.0


class Probes:
    """For all threads of the process."""

    def __init__(self, at_once: int = AT_ONCE, limit_s: float = LIMIT_S, watch_s: float = WATCH_S) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._at_once = at_once
        self._limit_s = limit_s
        self._watch_s = watch_s

    def run(self, *streams: Camera) -> list[dict[str, object]]:
        """What `media.probe` saw of each, by its fields, and `ok` true; or `ok` false with `problem` and `cause`.

        They are of one camera, and watched side by side. Raises ApiError 429 while others are being watched.
        """
        if not self._places.acquire(blocking=False):
            message = f"{self._at_once} cameras are being tested already; try again in a moment"
            raise ApiError(429, "busy", message, headers={"Retry-After": "5"})
        try:
            with ThreadPoolExecutor(len(streams)) as pool:
                return list(pool.map(self._run, [Order(one, self._watch_s, self._limit_s) for one in streams]))
        finally:
            self._places.release()

    def _run(self, order: Order) -> dict[str, object]:
        root = str(Path(pynvr.__file__).parent.parent)
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": root},
            start_new_session=True,
        )
        try:
            told, _ = child.communicate(pickle.dumps(order), timeout=self._limit_s + _GRACE_S)
        except subprocess.TimeoutExpired:
            told = b""
        finally:
            child.kill()
            # One that the kernel holds is left to it; the answer doesn't wait.
            threading.Thread(target=child.wait, daemon=True).start()
        try:
            found = json.loads(told)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            return {"ok": False, "problem": f"nothing could be seen within {self._limit_s:g} s", "cause": "stalled"}
        return found
