"""What a browser may keep, and the short answer when it has the newest already (RFC 9110 §13, RFC 9111)."""

import gzip
import zlib

from bottle import HTTPResponse, request, response

_DAY_S = 86_400
# Level 6 takes twice as long for a twentieth less.
_GZIP_LEVEL = 4


def keep(tag: str, *, forever: bool) -> None:
    """Name the answer's state and say how long it may be kept; raises the answer 304 if the client has this one.

    `forever`: the address will never mean anything else. A proxy in between keeps nothing: it needs a login.
    """
    etag = f'"{tag}"'
    headers = {
        "ETag": etag,
        "Cache-Control": f"private, max-age={_DAY_S}, immutable" if forever else "private, no-cache",
    }
    if is_known(tag):
        raise HTTPResponse(status=304, headers=headers)
    for name, value in headers.items():
        response.set_header(name, value)


def is_known(tag: str) -> bool:
    """Whether the client has the answer of this name already (`If-None-Match`)."""
    given = [part.strip().removeprefix("W/") for part in request.get_header("If-None-Match", "").split(",")]
    return f'"{tag}"' in given or given == ["*"]


def zipped(text: str, media_type: str) -> bytes:
    """The text as the answer's body, compressed for clients that take it; with an ETag of its content."""
    data = text.encode()
    response.set_header("Vary", "Accept-Encoding")
    packed = takes_gzip()
    keep(f"{zlib.crc32(data):08x}{len(data):x}{'-gzip' if packed else ''}", forever=False)
    response.content_type = media_type
    if not packed:
        return data
    response.set_header("Content-Encoding", "gzip")
    return gzip.compress(data, _GZIP_LEVEL, mtime=0)


def takes_gzip() -> bool:
    """Whether the client takes an answer packed with gzip (`Accept-Encoding`)."""
    for part in request.get_header("Accept-Encoding", "").lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or not weight
    return False
