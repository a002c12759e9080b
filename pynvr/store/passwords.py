"""Password hashes: scrypt (RFC 7914) with the parameters that OWASP's Password Storage Cheat Sheet gives for 32 MiB."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets

# N = 2^15, r = 8, p = 3: as strong as N = 2^17, p = 1, for a quarter of the memory; cameras need the rest.
_LN, _R, _P = 15, 8, 3
# OWASP's Authentication Cheat Sheet: no rules but a length; longer ones than 64 must be possible.
SHORTEST, LONGEST = 8, 1024
_SALT_BYTES, _HASH_BYTES = 16, 32
_FORM = re.compile(r"scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)")


def password_mistake(password: str) -> str | None:
    """What is wrong with a new password, None if it will do."""
    if SHORTEST <= len(password) <= LONGEST:
        return None
    return f"a password has {SHORTEST} to {LONGEST} letters"


def hash_password(password: str) -> str:
    """The hash as it is stored, with its parameters and a new salt."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _scrypt(password, salt, (_LN, _R, _P), _HASH_BYTES)
    return f"scrypt$ln={_LN},r={_R},p={_P}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def verify_password(password: str, stored: str) -> bool:
    """Whether it is the password of the stored hash; takes the same time for each answer."""
    match = _FORM.fullmatch(stored)
    if match is None:
        return False
    try:
        salt, expected = base64.b64decode(match[4], validate=True), base64.b64decode(match[5], validate=True)
    except binascii.Error:
        return False
    digest = _scrypt(password, salt, (int(match[1]), int(match[2]), int(match[3])), len(expected))
    return hmac.compare_digest(digest, expected)


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int], length: int) -> bytes:
    ln, r, p = cost
    needed_bytes = 128 * r * ((1 << ln) + p + 2)
    return hashlib.scrypt(password.encode(), salt=salt, n=1 << ln, r=r, p=p, maxmem=needed_bytes, dklen=length)
