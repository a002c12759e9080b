"""Tags as part of what a download is called."""

from pynvr.playback.range_name import tags_in_name
from pynvr.store.store import Store

# A range with more of them isn't about any.
_MOST = 3


def named_by_tags(store: Store, camera_id: str, start_us: int, end_us: int, name: str) -> str:
    """`gate 2026-11-21 14.05.10-14.09.42 van backs in.mp4`: the name with the labels of its time, if they are few."""
    labels = [tag.label for tag in store.tags.between([camera_id], start_us, end_us, _MOST + 1)]
    words = tags_in_name(labels) if len(labels) <= _MOST else ""
    stem, dot, ending = name.rpartition(".")
    return f"{stem} {words}{dot}{ending}" if words else name
