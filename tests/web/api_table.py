"""`python -m tests.web.api_table`: writes the list of calls into docs/api.md, out of the routes."""

import tempfile
from pathlib import Path

from pynvr.web.app import all_routes
from pynvr.web.openapi import path_of, tag_of
from pynvr.web.routing import Access, Route
from tests.web.making import make_site

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
BEGIN = "<!-- calls: written by `python -m tests.web.api_table` -->\n"
END = "<!-- end of calls -->\n"
_WHO = {Access.OPEN: "anybody", Access.VIEWER: "viewer", Access.ADMIN: "admin"}


def table(routes: list[Route]) -> str:
    """The documented routes as Markdown, one table a subject."""
    subjects: dict[str, list[Route]] = {}
    for route in routes:
        if route.documented:
            subjects.setdefault(tag_of(route), []).append(route)
    return "\n".join(f"### {subject}\n\n{_rows(subjects[subject])}" for subject in sorted(subjects))


def _rows(routes: list[Route]) -> str:
    rows = ["| call | for | |", "|---|---|---|"]
    for route in sorted(routes, key=lambda one: (path_of(one.rule), one.method)):
        query = ", ".join(f"`{one.name}`" for one in route.parameters if one.where == "query")
        what = route.summary.replace("|", "\\|") + (f"; takes {query}" if query else "")
        rows.append(f"| `{route.method} {path_of(route.rule)}` | {_WHO[route.access]} | {what} |")
    return "\n".join(rows) + "\n"


def with_table(document: str, calls: str) -> str:
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{calls}\n{END}{after}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        calls = table(all_routes(make_site(Path(folder)).site))
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(), calls))


if __name__ == "__main__":
    main()
