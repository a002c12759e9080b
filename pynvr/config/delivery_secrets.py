"""Secrets of the address that clips of incidents go to, put in again where they come back masked (`masked_url`)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pynvr.base.redaction import MASK, redact
from pynvr.config.camera_document import Document
from pynvr.config.masked_url import MaskError, unmasked

_PORTS = {"http": 80, "https": 443}


class DeliveryMaskError(MaskError):
    """As MaskError; `key` of the camera that it is about."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def unmask_delivery(given: Document, known: Document, *, is_patch: bool) -> None:
    """Put stored secrets in place of masks in `post_url`, `post_token` and `post_headers`; raises DeliveryMaskError.

    `given`: the camera, or with `is_patch` what of it is to change; `known`: as it is stored. Stored secrets stay with
    the address that they are for: who names another host, or goes from https to http, has to give them anew.
    """
    stored_url = _text(known.get("post_url"))
    if isinstance(given.get("post_url"), str):
        try:
            given["post_url"] = unmasked(given["post_url"], stored_url)
        except MaskError as err:
            raise DeliveryMaskError("post_url", str(err)) from err
    url = _text(given.get("post_url", stored_url if is_patch else ""))
    is_same = bool(url) and _place(url) == _place(stored_url)
    stored_token, stored_headers = _text(known.get("post_token")), _headers(known)
    if given.get("post_token") == MASK:
        given["post_token"] = _stored("post_token", stored_token, is_same)
    headers = _headers(given)
    if MASK in headers.values():
        given["post_headers"] = {
            name: _stored("post_headers", stored_headers.get(name), is_same) if value == MASK else value
            for name, value in headers.items()
        }
    if is_patch and url and not is_same:
        if stored_token and "post_token" not in given:
            raise DeliveryMaskError("post_token", "it anew, or null: the stored one isn't for another host")
        if given.get("post_headers", {}) is not None and not stored_headers.keys() <= headers.keys():
            raise DeliveryMaskError("post_headers", "them anew, or null: the stored ones aren't for another host")


def _stored(key: str, secret: object, is_same: bool) -> object:
    if not secret:
        raise DeliveryMaskError(key, f"a secret in place of {MASK}: none is stored")
    if not is_same:
        raise DeliveryMaskError(key, f"a secret in place of {MASK}: the stored one isn't for another host")
    return secret


def _headers(camera: Document) -> Mapping[str, Any]:  # Any: JSON that isn't checked yet
    headers = camera.get("post_headers")
    return headers if isinstance(headers, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _place(url: str) -> tuple[str, str, int] | None:
    try:
        # A password may hold what would end the host; masked, it doesn't.
        parts = urlsplit(redact(url))
        scheme = parts.scheme.lower()
        return scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0)
    except ValueError:
        return None
