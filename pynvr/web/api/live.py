"""Live view as the interface describes it. Those who ask for a WebSocket never come here: `pynvr.web.live` has them."""

from pynvr.web.errors import ApiError
from pynvr.web.live.door import PAGE, STREAM
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site

_PARAMETERS = (
    Parameter("camera", "query", "id of the camera"),
    Parameter(
        "url",
        "query",
        "instead: a camera's URL as nvr.json has it, of its sub-stream too; name and password may be left out",
    ),
    Parameter(
        "stream",
        "query",
        "of a camera with a sub-stream: which one, as long as it brings frames",
        {"type": "string", "enum": ["main", "sub"], "default": "sub"},
    ),
    Parameter("mode", "query", "form of the video", {"type": "string", "enum": ["mp4", "jpeg"], "default": "mp4"}),
    Parameter("sound", "query", "0: no sound", {"type": "string", "enum": ["0", "1"], "default": "1"}),
)


def routes(site: Site) -> list[Route]:
    del site  # every request here is a mistake
    return [
        Route("GET", STREAM, _refuse, Access.VIEWER, "WebSocket: a camera live (docs/live.md)", _PARAMETERS),
        Route("GET", PAGE, _refuse, Access.VIEWER, "WebSocket: many cameras live, for a page (docs/live.md)"),
    ]


def _refuse() -> object:
    raise ApiError(426, "upgrade_required", "this is a WebSocket", headers={"Upgrade": "websocket"})
