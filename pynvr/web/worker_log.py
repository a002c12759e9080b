"""What gunicorn calls its log: a logger, and the place where answers are counted."""

import logging
from typing import Any

from pynvr.web.traffic import Traffic

_log = logging.getLogger(__name__)


class WorkerLog:
    """Of one worker."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self.debug = _log.debug
        # What clients send wrong is theirs to know; anybody could fill the log with it.
        self.info = self.warning = _log.debug
        self.error = _log.error
        self.exception = _log.exception
        self.critical = _log.critical

    def access(self, response: Any, _request: object, _environ: object, took: Any) -> None:
        status = getattr(response, "status_code", None) or int(str(response.status or "500")[:3])
        self._traffic.answered(status, response.sent, took.total_seconds())
