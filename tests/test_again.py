"""What is run once more: what failed, and of a story all of it."""

from pathlib import Path

from tests.again import STORIES, again

ROOT = Path(__file__).parents[1]


def test_what_failed_is_run_again_and_of_a_story_all_of_it_once():
    others = ["tests/web/test_a.py::test_one[x::y]", "tests/web/test_b.py"]
    assert again([others[0], f"{STORIES[0]}::test_b", others[1], f"{STORIES[0]}::test_a"]) == [
        others[0],
        STORIES[0],
        others[1],
    ]


def test_each_story_is_there_and_says_that_it_is_one():
    for name in STORIES:
        assert "in which they stand here" in (text := (ROOT / name).read_text()) or "stand in the order" in text, name


def test_no_other_file_says_so():
    saying = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.name != "test_again.py" and "The tests stand in the order" in path.read_text()
    }
    assert saying <= set(STORIES)
