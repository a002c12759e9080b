"""The cameras of nvr.json, and the same as streams: groups of routes that share the file's lock."""

from pynvr.web.api import cameras, streams
from pynvr.web.api.cameras import CameraHandlers
from pynvr.web.camera_file import CameraFile
from pynvr.web.routing import Route
from pynvr.web.site import Site


def routes(site: Site) -> list[Route]:
    handlers = CameraHandlers(site, CameraFile(lambda: site.settings().path))
    return [*cameras.routes(site, handlers), *streams.routes(site, handlers)]
