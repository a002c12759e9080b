"""The pages and their files. Addresses are names in tables: nothing of a request reaches the file system."""

from collections.abc import Callable, Mapping

from bottle import HTTPResponse

from pynvr.web.caching import is_known, takes_gzip
from pynvr.web.errors import not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.static_files import Content, StaticFiles

START_PAGE = "/scrub"
# Address: file, who may see it, what it is.
PAGES: Mapping[str, tuple[str, Access, str]] = {
    "/login": ("login/login.html", Access.OPEN, "the login page"),
    "/setup": ("login/setup.html", Access.OPEN, "the page that makes the first user"),
    "/live": ("live.html", Access.VIEWER, "all cameras as they are now"),
    "/scrub": ("scrub.html", Access.VIEWER, "all cameras over one time axis"),
    "/cameras": ("cameras.html", Access.VIEWER, "every camera and how it is"),
    "/alerts": ("alerts.html", Access.VIEWER, "what detectors saw that somebody should look at"),
    "/incidents": ("incidents.html", Access.VIEWER, "moments for which clips are made and delivered"),
    "/tags": ("tags.html", Access.VIEWER, "labelled moments, found by their words"),
    "/downloads": ("downloads.html", Access.VIEWER, "stored downloads and what is kept"),
    "/system": ("system.html", Access.VIEWER, "processes, disks, coverage, log"),
    "/account": ("account.html", Access.VIEWER, "one's own password and sessions"),
    "/settings": ("settings.html", Access.ADMIN, "the cameras' settings"),
    "/log": ("log.html", Access.ADMIN, "who did what, and what became of cameras and processes"),
    "/users": ("users.html", Access.ADMIN, "users, sessions and tokens"),
}
# What the two open pages need: under /login/static/ these go out to anybody.
OPEN_FILES = frozenset(
    {
        "site.css",
        "icon.svg",
        "login/door.css",
        "login/login.js",
        "login/setup.js",
        "login/form.js",
        "shell/api.js",
        "shell/dom.js",
        "shell/forms.js",
        "shell/theme.js",
    }
)
_NAME = Parameter("name", "path", "name of the file", {"type": "string"})


def routes(site: Site, files: StaticFiles | None = None) -> list[Route]:
    """The pages, `/` which leads to the first of them, and their files."""
    del site  # pages are the same for all; what differs comes from the interface
    files = files or StaticFiles()
    return [
        _page("/", lambda: HTTPResponse("", 303, {"Location": START_PAGE}), Access.VIEWER, "leads to the start page"),
        *(
            _page(address, _sender(files, name), access, summary)
            for address, (name, access, summary) in PAGES.items()
            if name in files.names
        ),
        _file("/login/site.css", _sender(files, "site.css"), Access.OPEN, ()),
        _file("/favicon.ico", _sender(files, "icon.svg"), Access.OPEN, ()),
        _file("/login/static/<name:path>", lambda name: _open_file(files, name), Access.OPEN, (_NAME,)),
        _file("/static/<name:path>", lambda name: _send(files.get(name)), Access.VIEWER, (_NAME,)),
    ]


def _page(address: str, handler: Callable[..., object], access: Access, summary: str) -> Route:
    return Route("GET", address, handler, access, summary, media_type="text/html; charset=utf-8", documented=False)


def _file(rule: str, handler: Callable[..., object], access: Access, parameters: tuple[Parameter, ...]) -> Route:
    # The true type goes with each file.
    return Route(
        "GET", rule, handler, access, "a file of the pages", parameters, media_type="text/plain", documented=False
    )


def _sender(files: StaticFiles, name: str) -> Callable[[], HTTPResponse]:
    return lambda: _send(files.get(name))


def _open_file(files: StaticFiles, name: str) -> HTTPResponse:
    return _send(files.get(name) if name in OPEN_FILES else None)


def _send(content: Content | None) -> HTTPResponse:
    """The file, or 304 where the browser has it already: every use asks again, so an update shows at once."""
    if content is None:
        raise not_found("there is no such file")
    body, tag = content.plain, content.tag
    headers = {"Content-Type": content.media_type, "Cache-Control": "private, no-cache"}
    if content.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        if takes_gzip():
            body, tag = content.packed, f"{content.tag}-gzip"
            headers["Content-Encoding"] = "gzip"
    headers["ETag"] = f'"{tag}"'
    if is_known(tag):
        return HTTPResponse("", 304, {name: value for name, value in headers.items() if name != "Content-Encoding"})
    return HTTPResponse(body, 200, headers)
