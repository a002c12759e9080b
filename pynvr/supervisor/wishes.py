"""The master's side of wishes: who may ask for what, and the answers."""

import logging
from collections.abc import Callable, Mapping

from pynvr.base.errors import PyNVRError, WishError
from pynvr.base.wishes import Answer, Value, Wish
from pynvr.supervisor.crew import Asked

# What does it: takes what the wish is about, gives the answer's result, raises WishError. The master does nothing else
# meanwhile, so it must not take long.
Grant = Callable[[Mapping[str, Value]], Mapping[str, Value]]

# Kinds of children that may ask at all.
MAY_ASK = frozenset({"web"})
# And those whose beats may say what is wanted to be there besides.
MAY_WANT = MAY_ASK | {"analyser"}

_log = logging.getLogger(__name__)


def answered(asked: Asked, grants: Mapping[str, Grant]) -> Answer:
    """The answer to a wish; an error in a grant is logged and refused, for it must not end the master."""
    wish, who = asked.wish, asked.wanted
    try:
        if who.kind not in MAY_ASK:
            raise WishError("invalid", f"{who.name} may ask for nothing")
        grant = grants.get(wish.kind)
        if grant is None:
            raise WishError("invalid", f"nobody knows how to {wish.kind!r}")
        result = grant(wish.about)
    except WishError as err:
        _log.info("%s asked for %s: %s", who.name, wish.kind, err)
        return _refused(wish, err.reason, str(err))
    except PyNVRError as err:
        _log.warning("%s asked for %s: %s", who.name, wish.kind, err)
        return _refused(wish, "conflict", str(err))
    except Exception:
        _log.exception("%s asked for %s, which failed", who.name, wish.kind)
        return _refused(wish, "unheard", "it failed in the master; its log says how")
    return Answer(wish.number, result)


def text_in(about: Mapping[str, Value], name: str) -> str:
    """A text of a wish; raises WishError."""
    value = about.get(name)
    if not isinstance(value, str):
        raise WishError("invalid", f"{name!r} must be a text")
    return value


def _refused(wish: Wish, reason: str, message: str) -> Answer:
    return Answer(wish.number, refused=reason, message=message)
