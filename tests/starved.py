"""A machine that can start no further thread (its limit of tasks, no memory)."""

import threading
from contextlib import contextmanager


@contextmanager
def without_threads(monkeypatch):
    """While the `with` lasts, for this process."""

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as starved:
        starved.setattr(threading.Thread, "start", refuse)
        yield
