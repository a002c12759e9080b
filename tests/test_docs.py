"""What the documentation promises about files, paths and commands is so."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pynvr.cli.main import VERBS

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
INSTALLED = re.compile(r"/opt/pynvr/\S*bin/pynvr\b")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_command_is_installed_at_one_place_in_all_recipes():
    named = {
        path: set(INSTALLED.findall((ROOT / path).read_text()))
        for path in ("README.md", "docs/operations.md", "init.d/pynvr", "init.d/pynvr.service")
    }
    assert set(map(frozenset, named.values())) == {frozenset({"/opt/pynvr/.venv/bin/pynvr"})}, named


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text()
    assert [verb for verb in VERBS if f"`{verb}`" not in readme and f"pynvr {verb}" not in readme] == []


def test_every_package_and_folder_of_the_map_is_there_and_none_is_left_out():
    page = (ROOT / "docs/ARCHITECTURE.md").read_text()
    packages = {path.parent.name for path in (ROOT / "pynvr").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `pynvr/(\w+)`", page, re.MULTILINE)) == packages


SPAN = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?:[\w*-]+/)*[\w*.-]+\.(?:py|js|css|html|sql|service|toml)")
FOLDERS = ("pynvr", "tests", "docs", "benchmarks", "init.d")


def spans(pattern: str) -> set[tuple[str, str]]:
    """Page and match of each that a code span of the pages begins with, or a line of their shell recipes."""
    found = set()
    for page in PAGES:
        text = page.read_text()
        recipes = "\n".join(re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
        candidates = SPAN.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
        for candidate in [*candidates, *(line.strip() for line in recipes.splitlines())]:
            match = re.match(pattern, candidate)
            if match:
                found.add((str(page.relative_to(ROOT)), match[1]))
    return found


def test_every_file_of_the_project_that_a_page_names_is_there():
    there = [path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")]
    there += [path.name for path in ROOT.iterdir()]
    named = {(page, name) for page, name in spans(r"(\S+)$") if FILE.fullmatch(name)}
    assert len(named) > 150
    missing = [
        (page, name)
        for page, name in sorted(named)
        # Numbers of a migration to come are letters.
        if "NNNN" not in name and not any(fnmatch(f"/{path}", f"*/{name}") for path in there)
    ]
    assert missing == []


def test_every_command_that_a_page_names_is_there():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [found for found in spans(r"make ([a-z-]+)") if found[1] not in targets] == []
    words = spans(r"(?:\S*bin/)?pynvr (?:--config \S+ )?([a-z]+)\b")
    assert len(words) > 20
    assert [found for found in words if found[1] not in VERBS] == []
    modules = spans(r"(?:\S*bin/)?python -m ([\w.]+)")
    assert len(modules) > 5
    places = [ROOT / name.replace(".", "/") for _, name in modules]
    assert [place for place in places if not place.is_dir() and not place.with_suffix(".py").exists()] == []


def test_every_call_that_a_page_names_is_in_the_list_of_calls():
    calls = set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", (ROOT / "docs/api.md").read_text(), re.MULTILINE))
    shapes = {re.sub(r"\{\w+\}", "{}", call).rstrip("/") for call in calls}
    named = {
        (page, re.sub(r"\{\w+\}|<\w+>", "{}", call.partition("?")[0]).rstrip("/"))
        for page, call in spans(r"((?:GET|POST|PUT|PATCH|DELETE) /\S+)$")
    }
    assert len(named) > 20
    assert sorted(found for found in named if found[1] not in shapes) == []
