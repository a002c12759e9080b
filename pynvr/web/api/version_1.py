"""The recordings as version 1 of the interface tells of them: groups of routes that share one view of the time axis."""

from pynvr.playback.growing import Growing
from pynvr.playback.timeline import Timeline
from pynvr.web.api import coverage, keeps, recordings, segments, tags, timeline
from pynvr.web.routing import Route
from pynvr.web.site import Site


def routes(site: Site) -> list[Route]:
    axis = Timeline(site.store, Growing(), site.by_the_way)
    return [
        *recordings.routes(site, axis),
        *segments.routes(site),
        *timeline.routes(site, axis),
        *coverage.routes(site, axis),
        *keeps.routes(site, axis),
        *tags.routes(site),
    ]
