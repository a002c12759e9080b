"""The list of long files tells of files that are there, and decides who is first."""

from pathlib import Path
from types import SimpleNamespace

from tests.conftest import LONGEST, TOGETHER, pytest_collection_modifyitems

ROOT = Path(__file__).parents[1]


def test_each_long_file_is_there_and_listed_once():
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []
    assert len(set(LONGEST)) == len(LONGEST)
    assert [name for name in TOGETHER if not (ROOT / name).is_file()] == []


def test_the_longest_come_first_and_the_tests_of_a_file_stay_in_their_order():
    others = ["tests/base/test_a.py::b", "tests/web/test_b.py::a"]
    long = [f"{LONGEST[1]}::b[x::y]", f"{LONGEST[1]}::a", f"{LONGEST[3]}::a"]
    items = [SimpleNamespace(nodeid=name) for name in (others[0], long[2], *long[:2], others[1])]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == [*long, *others]
