"""The URL of a camera, checked without contacting it."""

import re
from difflib import get_close_matches
from urllib.parse import urlsplit

from pynvr.config.kinds import Kind, NotOfKindError

_LONGEST = 2000
# What libav opens for reading (its protocols, and the demuxers that take a URL of their own).
_WITH_HOST = (
    "rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "rtmpt", "rtmpe", "rtmpte", "rtmpts", "mmsh", "mmst",
    "ftp", "sftp", "tls", "satip",
)  # fmt: skip
_WITHOUT_HOST = ("file", "udp", "rtp", "srtp", "srt", "tcp", "rist", "unix")  # they may listen, or name a path
_SCHEMES = (*_WITH_HOST, *_WITHOUT_HOST)
_USUAL = ("rtsp", "rtsps", "http", "https", "rtmp", "srt", "udp", "rtp", "file")
_FORM = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.+)", re.DOTALL)
_EXPECTED = "a URL with scheme and host, as rtsp://user:password@192.168.1.20/stream"


def _camera_url(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST:
        raise NotOfKindError
    if any(character.isspace() or not character.isprintable() for character in value):
        raise NotOfKindError("a URL without blanks and control characters (a blank in a password is written %20)")
    match = _FORM.fullmatch(value)
    if match is None or (match["scheme"].lower() not in _SCHEMES and not match["rest"].startswith("//")):
        raise NotOfKindError
    scheme = match["scheme"].lower()
    if scheme not in _SCHEMES:
        near = get_close_matches("".join(sorted(scheme)), ["".join(sorted(usual)) for usual in _USUAL], n=1)
        usual = [usual for usual in _USUAL if "".join(sorted(usual)) in near]
        raise NotOfKindError("a scheme that libav opens, as " + ", ".join(usual or _USUAL))
    if scheme in _WITH_HOST:
        _check_host(value)
    return value


def _check_host(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as err:
        raise NotOfKindError(
            "a host and a port from 1 to 65535 (in a password, / is written %2F, ? %3F, # %23, @ %40, : %3A)"
        ) from err
    if not host:
        raise NotOfKindError


CAMERA_URL: Kind[str] = Kind(_EXPECTED, _camera_url)
