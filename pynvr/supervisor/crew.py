"""The crew: all posts together, as the roster wants them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pynvr.base.heart import Beat
from pynvr.base.wishes import Wish
from pynvr.recorder.order import RecorderOrder
from pynvr.supervisor.child import Child
from pynvr.supervisor.post import Ended, Post, State
from pynvr.supervisor.roster import Wanted


class Heard(NamedTuple):
    """A beat, and whose."""

    wanted: Wanted
    beat: Beat


class Asked(NamedTuple):
    """A wish, and whose. `child` takes the answer."""

    wanted: Wanted
    child: Child
    wish: Wish


class Lost(NamedTuple):
    """A child's end, and whose."""

    wanted: Wanted
    ended: Ended


class Crew:
    """Posts by name; times are monotonic seconds."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}

    def reconcile(self, wanted: Iterable[Wanted], touched: frozenset[str], now_s: float) -> None:
        """Make posts of those who are wanted, renew the touched ones, retire those nobody wants."""
        by_name = {one.name: one for one in wanted}
        for name, post in list(self.posts.items()):
            if name not in by_name:
                post.retire(now_s)
                if post.state is State.VACANT:
                    del self.posts[name]
        for name, one in by_name.items():
            known = self.posts.get(name)
            if known is None:
                self.posts[name] = Post(one, now_s)
            elif name in touched or known.retired or _essence(one) != _essence(known.wanted):
                known.renew(one, now_s)
            else:
                known.wanted = one

    def listen(self, now_s: float) -> list[Heard]:
        return [Heard(post.wanted, beat) for post in self.posts.values() for beat in post.listen(now_s)]

    def asked(self) -> list[Asked]:
        """The wishes that have come."""
        return [
            Asked(post.wanted, post.child, wish)
            for post in self.posts.values()
            if post.child is not None
            for wish in post.child.take_wishes()
        ]

    def wants(self, kinds: frozenset[str]) -> frozenset[str]:
        """What children of these kinds want to be there besides, by their last beats."""
        beats = [
            post.child.beat for post in self.posts.values() if post.wanted.kind in kinds and post.child is not None
        ]
        return frozenset(name for beat in beats if beat is not None for name in beat.wants)

    def step(self, now_s: float) -> list[Lost]:
        """Bury, kill and start whoever it is time for."""
        found = [(post.wanted, post.step(now_s)) for post in self.posts.values()]
        return [Lost(wanted, ended) for wanted, ended in found if ended is not None]

    def retire(self, kinds: frozenset[str], now_s: float, grace_s: float) -> None:
        for post in self.posts.values():
            if post.wanted.kind in kinds:
                post.retire(now_s, grace_s)

    def is_manned(self) -> bool:
        """Whether every post has a child, or at least had one that failed."""
        return all(post.child is not None or post.failing for post in self.posts.values())

    def left(self, kinds: frozenset[str] | None = None) -> list[str]:
        """The names of posts (of these kinds) that still have a child."""
        return [
            name
            for name, post in self.posts.items()
            if post.child is not None and (kinds is None or post.wanted.kind in kinds)
        ]

    def children(self) -> Iterator[Child]:
        for post in self.posts.values():
            if post.child is not None and not post.child.gone:
                yield post.child

    def dues_s(self) -> Iterator[float]:
        """When something is due at each post."""
        for post in self.posts.values():
            due_s = post.due_s()
            if due_s is not None:
                yield due_s


def _essence(wanted: Wanted) -> object:
    """What a recorder can't learn but by being started anew; a recording's own camera is told by the difference."""
    if not isinstance(wanted.order, RecorderOrder):
        return None
    return wanted.order.camera if wanted.kind == "live" else wanted.order.disk_marker
