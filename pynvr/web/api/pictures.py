"""Pictures out of recorded video: groups of routes that share the decoders and what they made."""

from pynvr.playback.frame_at import FramePictures
from pynvr.playback.previews import Previews
from pynvr.web.api import frames, previews
from pynvr.web.routing import Route
from pynvr.web.site import Site


def routes(site: Site) -> list[Route]:
    pictures = FramePictures(site.footage)
    stored = Previews(site.footage, pictures, lambda: site.settings().system.jpg_cache_dir)
    return [*frames.routes(site, pictures), *previews.routes(site, stored)]
