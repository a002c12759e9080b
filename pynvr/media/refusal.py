"""Why a source can't be opened or read, in words and as the `Cause` that coverage shows.

libav's own message is never used whole: it holds the URL, and so the password.
"""

import errno
import socket
from urllib.parse import urlsplit

import av

from pynvr.base.errors import SourceError
from pynvr.base.redaction import redact
from pynvr.model.cause import Cause

_CHECK_TIMEOUT_S = 2.0
_RTSP_PORT = 554
_DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443, "rtmp": 1935}
# An open that took about as long as it was allowed to was ended by the clock, whatever libav calls it: after an RTSP
# timeout it speaks of invalid data.
_ABOUT = 0.95

_BY_KIND: tuple[tuple[type[Exception], str, Cause], ...] = (
    (av.error.HTTPUnauthorizedError, "401: wrong user or password", Cause.REFUSED),
    (av.error.HTTPForbiddenError, "403: this user may not see the stream", Cause.REFUSED),
    (av.error.HTTPNotFoundError, "404: the camera has no such stream; check the URL's path", Cause.REFUSED),
    (av.error.HTTPBadRequestError, "400: the camera doesn't understand the request", Cause.REFUSED),
    (av.error.HTTPClientError, "the camera refused the request (4xx)", Cause.REFUSED),
    (av.error.HTTPError, "the camera answered with an error of its own (5xx)", Cause.REFUSED),
    (av.error.ProtocolNotFoundError, "libav doesn't know this kind of URL", Cause.UNUSABLE),
    (av.error.FileNotFoundError, "there is no such file", Cause.UNREACHABLE),
)
_BY_NUMBER: dict[int, tuple[str, Cause]] = {
    errno.ECONNREFUSED: ("connection refused: nothing listens on that port", Cause.UNREACHABLE),
    errno.EHOSTUNREACH: ("no route to host", Cause.UNREACHABLE),
    errno.ENETUNREACH: ("no route to host: the network can't be reached", Cause.UNREACHABLE),
    errno.EHOSTDOWN: ("no route to host: it is down", Cause.UNREACHABLE),
    errno.ETIMEDOUT: ("no answer from the host", Cause.UNREACHABLE),
    errno.ECONNRESET: ("the camera reset the connection", Cause.STALLED),
    errno.EPROTONOSUPPORT: ("461: the camera refuses this transport; set `transport` to auto", Cause.REFUSED),
    errno.EPIPE: ("the camera closed the connection", Cause.STALLED),
}


def opening_failed(err: Exception, url: str, timeout_s: float, took_s: float) -> SourceError:
    """What to say of a source that could not be opened; may look at the network for up to some seconds."""
    if took_s >= timeout_s * _ABOUT:
        return _never_heard(url, timeout_s)
    known = _known(err)
    if known is not None:
        return known
    number = getattr(err, "errno", None)
    host = urlsplit(url).hostname
    if number == errno.EIO and host and not _has_address(host):
        return SourceError(f"host name {host} not found", Cause.UNREACHABLE)
    if isinstance(err, av.error.InvalidDataError):
        return SourceError("not a media stream: what came can't be understood", Cause.UNUSABLE)
    if isinstance(err, EOFError):
        return SourceError("the camera closed the connection without sending anything", Cause.STALLED)
    return SourceError(f"can't be opened: {_words(err)}", Cause.UNREACHABLE)


def reading_failed(err: Exception, silent_s: float) -> SourceError:
    """What to say of a source that broke off; `silent_s`: how long it was waited for."""
    if isinstance(err, av.error.ExitError):
        return stopped(silent_s)
    known = _known(err)
    if known is not None:
        return known
    if isinstance(err, av.error.InvalidDataError):
        return SourceError("the stream became something that can't be understood", Cause.STALLED)
    return SourceError(f"the stream broke off: {_words(err)}", Cause.STALLED)


def ended() -> SourceError:
    return SourceError("the camera ended the stream", Cause.STALLED)


def stopped(silent_s: float) -> SourceError:
    """Video came, and then no more."""
    return SourceError(f"the stream stopped: no video for {silent_s:g} s", Cause.STALLED)


def silent(timeout_s: float) -> SourceError:
    return SourceError(f"connected, but no video for {timeout_s:g} s", Cause.STALLED)


def no_video(codecs: str) -> SourceError:
    return SourceError(f"no video in the stream (it has: {codecs or 'nothing'})", Cause.UNUSABLE)


def uncarried(codec: str) -> SourceError:
    return SourceError(
        f"MP4 can't carry the camera's {codec}; set record.codec to h264 to transcode it", Cause.UNUSABLE
    )


def _known(err: Exception) -> SourceError | None:
    for kind, words, cause in _BY_KIND:
        if isinstance(err, kind):
            return SourceError(words, cause)
    words_and_cause = _BY_NUMBER.get(getattr(err, "errno", None) or 0)
    return SourceError(*words_and_cause) if words_and_cause else None


def _never_heard(url: str, timeout_s: float) -> SourceError:
    """Whether the host is silent or only the video, so that the user knows where to look."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in _DEFAULT_PORTS:
        return silent(timeout_s)
    try:
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        socket.create_connection((parts.hostname, port), _CHECK_TIMEOUT_S).close()
    except (OSError, ValueError):
        return SourceError(f"no answer from the host for {timeout_s:g} s", Cause.UNREACHABLE)
    return silent(timeout_s)


def _has_address(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, _RTSP_PORT))
    except (OSError, UnicodeError):
        return False


def _words(err: Exception) -> str:
    return redact(getattr(err, "strerror", None) or type(err).__name__)
