"""Rows of what was measured, what is to be reached, and whether it was."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`measured` and `target` as text with units; `reached` None = nothing to reach, a figure for orientation."""

    what: str
    measured: str
    target: str = ""
    reached: bool | None = None


def print_rows(title: str, rows: list[Row]) -> None:
    print(f"\n## {title}\n\n| what | measured | to reach | |\n|---|---|---|---|")
    for row in rows:
        verdict = {True: "reached", False: "**missed**", None: ""}[row.reached]
        print(f"| {row.what} | {row.measured} | {row.target} | {verdict} |", flush=True)
