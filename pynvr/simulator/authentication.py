"""Whether a request's Authorization header holds the camera's password (RFC 7617 Basic, RFC 2617 Digest)."""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Literal

_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
REALM = "PyNVR simulated camera"


def challenge(kind: Literal["digest", "basic"], nonce: str) -> str:
    """The WWW-Authenticate header of a 401."""
    if kind == "basic":
        return f'Basic realm="{REALM}"'
    return f'Digest realm="{REALM}", nonce="{nonce}"'


def is_authorized(
    header: str, kind: Literal["digest", "basic"], method: str, *, nonce: str, user: str, password: str
) -> bool:
    """True if the header answers the challenge; only the kind that was asked for counts."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != kind:
        return False
    if kind == "basic":
        try:
            given = base64.b64decode(rest.strip(), validate=True)
        except binascii.Error:
            return False
        return hmac.compare_digest(given, f"{user}:{password}".encode())
    fields = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
    if fields.get("username") != user or fields.get("nonce") != nonce:
        return False
    wanted = _response(fields, method, nonce, user, password)
    return hmac.compare_digest(fields.get("response", "").encode(), wanted.encode())


def _response(fields: dict[str, str], method: str, nonce: str, user: str, password: str) -> str:
    secret = _md5(f"{user}:{REALM}:{password}")
    request = _md5(f"{method}:{fields.get('uri', '')}")
    if fields.get("qop"):
        return _md5(f"{secret}:{nonce}:{fields.get('nc', '')}:{fields.get('cnonce', '')}:{fields['qop']}:{request}")
    return _md5(f"{secret}:{nonce}:{request}")


def _md5(text: str) -> str:
    # RTSP cameras offer MD5 and nothing else; what it protects here is a pretended camera.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
