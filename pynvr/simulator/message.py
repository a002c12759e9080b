"""RTSP messages (RFC 2326 §4 to §7) and what else comes on the same connection."""

import re
from dataclasses import dataclass, field

REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
}
_LONGEST = 65_536
_NUMBERS = re.compile(r"(?P<first>\d{1,5})(?:-(?P<second>\d{1,5}))?", re.ASCII)
_LAST_CHANNEL, _LAST_PORT = 255, 65_535


@dataclass(frozen=True, slots=True)
class Request:
    """`headers`: names in lower case."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interleaved:
    """A packet that the client sent inside the connection: RTCP receiver reports."""

    channel: int
    data: bytes


class MalformedRequestError(Exception):
    """The bytes aren't RTSP; the connection can't go on."""


def take_message(buffer: bytearray) -> Request | Interleaved | None:
    """Remove the first whole message from the buffer; None if there is none yet."""
    if buffer[:1] == b"$":
        if len(buffer) < 4:
            return None
        end = 4 + int.from_bytes(buffer[2:4], "big")
        if len(buffer) < end:
            return None
        packet = Interleaved(buffer[1], bytes(buffer[4:end]))
        del buffer[:end]
        return packet
    head, separator, _ = bytes(buffer).partition(b"\r\n\r\n")
    if not separator:
        if len(buffer) > _LONGEST:
            raise MalformedRequestError("a request without end")
        return None
    request = _parse_head(head.decode("utf-8", "replace"))
    end = len(head) + 4 + _content_length(request)
    if len(buffer) < end:
        return None
    del buffer[:end]
    return request


def _parse_head(head: str) -> Request:
    first, *rest = head.lstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("RTSP/1."):
        raise MalformedRequestError(f"not an RTSP request: {first[:80]!r}")
    headers = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return Request(words[0].upper(), words[1], headers)


def _content_length(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    if not text.isdecimal() or int(text) > _LONGEST:
        raise MalformedRequestError(f"Content-Length {text[:20]!r}")
    return int(text)


def response(status: int, request: Request, headers: dict[str, str], body: str = "") -> bytes:
    lines = [
        f"RTSP/1.0 {status} {REASONS[status]}",
        f"CSeq: {request.headers.get('cseq', '0')}",
        "Server: PyNVR simulator",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    data = body.encode()
    if data:
        lines += ["Content-Type: application/sdp", f"Content-Length: {len(data)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


@dataclass(frozen=True, slots=True)
class Transport:
    """What SETUP asks for: interleaved channels, or the client's UDP ports."""

    kind: str
    first: int | None
    second: int | None


def parse_transport(header: str) -> list[Transport]:
    """The offers of a Transport header that this server knows at all, in the client's order."""
    offers = []
    for offer in header.split(","):
        words = [word.strip() for word in offer.split(";")]
        if words[0].upper() not in {"RTP/AVP", "RTP/AVP/UDP", "RTP/AVP/TCP"} or "multicast" in words:
            continue
        kind = "tcp" if words[0].upper().endswith("TCP") else "udp"
        wanted = "interleaved" if kind == "tcp" else "client_port"
        pair = next((word.partition("=")[2] for word in words if word.startswith(f"{wanted}=")), "")
        numbers = _NUMBERS.fullmatch(pair)
        if numbers is None:
            if pair or kind == "udp":
                continue
            offers.append(Transport(kind, None, None))
            continue
        first = int(numbers["first"])
        second = int(numbers["second"] or first + 1)
        # What no socket, and no byte of a channel, can take would end more than this client.
        least, most = (0, _LAST_CHANNEL) if kind == "tcp" else (1, _LAST_PORT)
        if least <= min(first, second) and max(first, second) <= most:
            offers.append(Transport(kind, first, second))
    return offers
