"""The address of a sub-stream as a person saves it: its mask stands for the stored password of either stream."""

from typing import Any

from pynvr.config.camera_document import Document
from pynvr.config.masked_url import MaskError, unmasked


def sub_stream_in(camera: Document) -> str:
    """`live.url` of a camera's document, empty if there is none."""
    live = camera.get("live")
    url: Any = live.get("url") if isinstance(live, dict) else None  # Any: JSON that isn't checked yet
    return url if isinstance(url, str) else ""


def unmask_sub_stream(camera: Document, known: Document) -> None:
    """Put stored passwords in place of masks in `live.url`; raises MaskError.

    `known`: the stored camera. Most cameras have one login for both streams, so the main stream's will do for a new
    sub-stream, as long as the host is the same.
    """
    url = sub_stream_in(camera)
    if not url:
        return
    stored = [one for one in (sub_stream_in(known), known.get("url")) if isinstance(one, str) and one] or [""]
    for last, one in enumerate(stored, 1):
        try:
            camera["live"] = {**camera["live"], "url": unmasked(url, one)}
            return
        except MaskError:
            if last == len(stored):
                raise
