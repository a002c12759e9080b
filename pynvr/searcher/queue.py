"""Whose turn it is: askers take turns at each step, and what one asker asks for is done one after the other. Pure."""

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")

# Each holds a connection, and a thread of the web process.
MOST = 32
# Of one asker; pages that are looked at anew leave searches that they hang up on.
MOST_OF_ASKER = 8
# That are being worked on, of different askers; each may keep 100 MB in memory.
MOST_BEGUN = 4


class Queue(Generic[T]):
    """Tasks by asker. One of each asker is being worked on at a time, which bounds what all of them keep in memory."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, list[T]] = OrderedDict()
        self._begun: list[T] = []

    def __len__(self) -> int:
        return sum(len(tasks) for tasks in self._tasks.values())

    def has_room(self, asker: str) -> bool:
        return len(self) < MOST and len(self._tasks.get(asker, ())) < MOST_OF_ASKER

    def add(self, asker: str, task: T) -> None:
        self._tasks.setdefault(asker, []).append(task)

    def remove(self, task: T) -> None:
        """It is done, or nobody wants it any more."""
        if task in self._begun:
            self._begun.remove(task)
        for asker, tasks in list(self._tasks.items()):
            if task in tasks:
                tasks.remove(task)
            if not tasks:
                del self._tasks[asker]

    def next(self) -> T | None:
        """The task that gets the next step: the oldest of who had none for longest; it stays in the queue.

        With `MOST_BEGUN` begun, a further asker's turn comes when one of these is done.
        """
        for asker, tasks in self._tasks.items():
            is_begun = tasks[0] in self._begun
            if is_begun or len(self._begun) < MOST_BEGUN:
                self._tasks.move_to_end(asker)
                if not is_begun:
                    self._begun.append(tasks[0])
                return tasks[0]
        return None

    def waiting(self) -> list[T]:
        """Those that aren't begun before another one is done."""
        rest = [task for tasks in self._tasks.values() for task in tasks[1:]]
        if len(self._begun) >= MOST_BEGUN:
            rest += [tasks[0] for tasks in self._tasks.values() if tasks[0] not in self._begun]
        return rest
