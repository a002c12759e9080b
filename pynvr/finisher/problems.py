"""The table of problems made equal to the `.bad` files that were seen."""

from pathlib import Path

from pynvr.archive.paths import parse_name
from pynvr.finisher.set_aside import reason_of
from pynvr.store.problems import Problem
from pynvr.store.store import Store


def match_problems(store: Store, bad: set[Path]) -> None:
    """Add rows for files that have none (the database is new), remove those of files that a person took away.

    A folder that isn't there keeps its rows: its disk may come back. Raises StoreError, OSError.
    """
    known = {problem.path for problem in store.problems.all()}
    for path in sorted(bad - known):
        parsed = parse_name(path.name)
        if parsed is None:
            continue
        facts = path.stat()
        name = parsed[0]
        noticed_us = facts.st_mtime_ns // 1000
        store.problems.add(Problem(path, name.camera_id, name.stamp, reason_of(path), facts.st_size, noticed_us))
    for path in known - bad:
        if path.parent.parent.is_dir() and not path.exists():
            store.problems.remove(path)
