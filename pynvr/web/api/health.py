"""For probes and monitoring: `/health` and `/metrics`."""

from bottle import request, response

from pynvr import __version__
from pynvr.web.api.schemas import TEXT, record
from pynvr.web.health import Health, judged
from pynvr.web.metrics import page_of
from pynvr.web.routing import Access, Route
from pynvr.web.site import Site
from pynvr.web.traffic import ENVIRON_KEY, Traffic

_HEALTH = record(
    {
        "status": {"type": "string", "enum": [*Health]},
        "version": TEXT,
        "cameras": record({"recording": {"type": "integer"}, "wanted": {"type": "integer"}}),
    },
    {"reason": TEXT},
)


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "GET",
            "/health",
            lambda: _health(site),
            Access.OPEN,
            "Whether PyNVR does its work: 200 if it does, even if something needs a person; 503 if nothing is recorded",
            answer=_HEALTH,
            also=(503,),
        ),
        Route(
            "GET",
            "/metrics",
            lambda: _metrics(site),
            Access.VIEWER,
            "Figures in Prometheus's text format",
            media_type="text/plain; version=0.0.4; charset=utf-8",
        ),
    ]


def _health(site: Site) -> dict[str, object]:
    status = site.status()
    finding = judged(status, site.clock.now_us())
    if finding.health is Health.ERROR:
        response.status = 503
    recording, wanted = (0, 0) if status is None else (status.program.cameras_recording, status.program.cameras_wanted)
    answer: dict[str, object] = {
        "status": finding.health,
        "version": __version__,
        "cameras": {"recording": recording, "wanted": wanted},
    }
    return answer | ({"reason": finding.reason} if finding.reason else {})


def _metrics(site: Site) -> str:
    traffic = request.environ.get(ENVIRON_KEY)
    figures = traffic.now() if isinstance(traffic, Traffic) else None
    return page_of(site.status(), site.store.totals.cameras(), figures, site.clock.now_us())
