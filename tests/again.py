"""`python -m tests.again`: what `make test` runs once more alone, a line each: the tests that failed just now.

Of a file whose tests build on each other, the whole file: a test of its middle alone can't but fail.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
# Their tests are the steps of one story.
STORIES = (
    "tests/end_to_end/test_database.py",
    "tests/end_to_end/test_service.py",
    "tests/end_to_end/test_web.py",
)


def again(failed: Iterable[str]) -> list[str]:
    """For each of these tests, what has to be run."""
    files = ((test.partition("::")[0], test) for test in failed)
    return list(dict.fromkeys(file if file in STORIES else test for file, test in files))


def main() -> None:
    wanted = again(json.loads(FAILED.read_text())) if FAILED.is_file() else []
    if not wanted:
        sys.exit("no test failed, something else did")
    print("\n".join(wanted))


if __name__ == "__main__":
    main()
