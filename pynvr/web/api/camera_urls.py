"""Addresses of a camera as requests bring them: masks become the stored passwords; 422 where that can't be."""

from pynvr.base.redaction import MASK
from pynvr.config.camera_document import Document
from pynvr.config.delivery_secrets import DeliveryMaskError, unmask_delivery
from pynvr.config.masked_url import MaskError, masked, unmasked
from pynvr.config.sub_stream_url import unmask_sub_stream
from pynvr.web.errors import ApiError


def with_urls(camera: Document, known: Document, *, is_patch: bool) -> None:
    """`rtsp_url` becomes `url`, and every mask what the stored camera has there. Raises ApiError 422."""
    stored = str(known.get("url", ""))
    if "rtsp_url" in camera:
        alias = camera.pop("rtsp_url")
        url, shown = camera.get("url", alias), masked(stored)
        # Of two, the one that isn't as it was shown is meant.
        camera["url"] = alias if url == shown else url
        if alias not in (url, shown) and url != shown:
            raise mistake_at("url", "found two addresses, url and rtsp_url, expected one")
    if isinstance(camera.get("url"), str):
        camera["url"] = main_url(camera["url"], known)
    with_sub_stream(camera, known)
    try:
        unmask_delivery(camera, known, is_patch=is_patch)
    except DeliveryMaskError as err:
        raise mistake_at(err.key, f"expected {err}") from err


def main_url(url: str, known: Document) -> str:
    """The address with the password that the stored camera has; raises ApiError 422."""
    try:
        return unmasked(url, str(known.get("url", "")))
    except MaskError as err:
        raise mistake_at("url", f"found {MASK}, expected {err}") from err


def with_sub_stream(camera: Document, known: Document) -> None:
    """The same of `live.url`."""
    try:
        unmask_sub_stream(camera, known)
    except MaskError as err:
        raise mistake_at("live.url", f"found {MASK}, expected {err}") from err


def mistake_at(key: str, message: str) -> ApiError:
    """In the form of those that checking nvr.json finds."""
    mistake = {"path": key, "key": key, "message": message}
    return ApiError(422, "invalid_camera", f"{key}: {message}", {"mistakes": [mistake]})
