"""What was changed of a camera in nvr.json, for the audit log: the keys, and no value that may be a secret."""

from collections.abc import Iterator, Mapping

from pynvr.web.audit.deed import deed

_MOST_TOLD = 12


def tell_changes(camera_id: str, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    """Let the entry of the request being handled name the keys that differ, of numbers and switches also the values."""
    changes = list(changed_keys(before, after))
    told = deed()
    told.camera_id = camera_id
    if before:
        shown = [*(key for key, _old, _new in changes[:_MOST_TOLD]), *(["…"] if len(changes) > _MOST_TOLD else [])]
        told.names["keys"] = f": {', '.join(shown)}" if changes else ", to what it was"
        told.detail["changed"] = {key: [_plain(old), _plain(new)] for key, old, new in changes}


def changed_keys(
    before: Mapping[str, object], after: Mapping[str, object], prefix: str = ""
) -> Iterator[tuple[str, object, object]]:
    """Each key whose value differs, with dots between the depths, and both values; None = it isn't there."""
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from changed_keys(old, new, f"{prefix}{key}.")
        elif old != new:
            yield f"{prefix}{key}", old, new


def _plain(value: object) -> object:
    """Texts, lists and objects may hold passwords."""
    return value if value is None or isinstance(value, bool | int | float) else "…"
