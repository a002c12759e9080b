"""What the documentation promises about files, paths and commands is so."""

import re
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
