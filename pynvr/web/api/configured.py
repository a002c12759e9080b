"""The cameras of nvr.json, and the same as streams: groups of routes that share the file's lock."""

from pynvr.web.api import cameras, streams
from pynvr.web.api.camera_edits import CameraEdits
from pynvr.web.camera_file import CameraFile
from pynvr.web.routing import Route
from pynvr.web.site import Site


def routes(site: Site) -> list[Route]:
    file = CameraFile(lambda: site.settings().path)
    edits = CameraEdits(site, file)
    return [*cameras.routes(site, file, edits), *streams.routes(site, edits)]
