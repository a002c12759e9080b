"""`python -m benchmarks [NAME …]`: all that PyNVR promises, or what is named."""

import time
from pathlib import Path

import click

from benchmarks import results
from benchmarks.questions import QUESTIONS, shorten
from benchmarks.results import Result, Results
from benchmarks.table import print_rows

_SHORT_S = 5


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(QUESTIONS)))
@click.option("--seconds", default=60, show_default=True, help="How long recordings are watched; minutes are best.")
@click.option("--all", "everything", is_flag=True, help="Also what isn't promised: floor, detection, downloads, …")
@click.option("--again", is_flag=True, help="Also what was measured already at this commit.")
@click.option("--short", is_flag=True, help="Only see that each still runs; its figures mean nothing.")
@click.option(
    "--results",
    "folder",
    default="bench-results",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where measurements are kept; a run that was broken off goes on.",
)
def main(*, names: tuple[str, ...], seconds: int, everything: bool, again: bool, short: bool, folder: Path) -> None:
    """Measure, and print tables in Markdown; what is named is measured anew."""
    print(f"{time.strftime('%Y-%m-%d')}, commit {results.commit()}, {results.machine()}", flush=True)
    kept = Results(folder / "short" if short else folder)
    found = []
    for name in names or [name for name, question in QUESTIONS.items() if question.is_promise or everything]:
        question = QUESTIONS[name]
        result = None if again or names or short else kept.find(name)
        if result is None:
            if short:
                shorten(question)
            began_s, load = time.monotonic(), results.load()
            result = kept.keep(name, began_s, load, question.measure(_SHORT_S if short else seconds))
        print_rows(question.title, result.rows)
        print(
            f"\n(`{name}`: {result.measured_at}, took {result.took_s:g} s, load before it {result.load:g})", flush=True
        )
        found.append(result)
    _print_targets(found)


def _print_targets(found: list[Result]) -> None:
    rows = [row for result in found for row in result.rows if row.reached is not None]
    missed = sum(row.reached is False for row in rows)
    print_rows(f"All targets: {len(rows) - missed} reached, {missed} missed", rows)


if __name__ == "__main__":
    main()
