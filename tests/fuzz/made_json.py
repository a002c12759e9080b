"""JSON that nobody expects: odd values in known places, damaged texts, depth."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

_ODD = ["", "gate", "\0", "\ud800", "../x", "1e999", "*", "' or 1=1 --", "\u202e", "2026-03-29T02:30:00"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([-1, 0, 2**31, 2**63, -(2**63) - 1, 10**30])
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(_ODD)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NOT_JSON = st.sampled_from(["", "{", "[" * 60_000, "9" * 6000, "NaN", "\ud800", "{} {}", '{"a":' * 30_000]) | st.text(
    max_size=80
)


def objects(keys: Sequence[str], likely: Any = VALUES) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of these keys, and sometimes one more; `likely` fill them mostly. Any: JSON."""
    known = st.fixed_dictionaries({}, optional={key: st.one_of(likely, VALUES) for key in keys})
    return st.builds(
        lambda one, more: {**more, **one}, known, st.just({}) | st.dictionaries(st.text(max_size=8), VALUES, max_size=1)
    )


def texts(objects: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    """Such an object as JSON, or what is none."""
    return st.one_of(objects.map(json.dumps), VALUES.map(json.dumps), _NOT_JSON)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
