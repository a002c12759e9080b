"""`python -m benchmarks.change [tuning|more|weak|held|former] [WORD …]`: cases whose names hold a word, a line each."""

import click

from benchmarks.change import held, tuning
from benchmarks.change.method import pynvr
from benchmarks.change.plain import last_difference
from benchmarks.change.recorded import is_recorded, recorded
from benchmarks.change.report import line, rows
from benchmarks.change.score import judge
from benchmarks.table import print_rows


@click.command()
@click.argument("which", type=click.Choice(["tuning", "more", "weak", "held", "former"]), default="tuning")
@click.argument("words", nargs=-1)
@click.option("--peer", is_flag=True, help="Ask the plain method that PyNVR's is compared with.")
@click.option("--known", is_flag=True, help="Only those that have been recorded already.")
@click.option("--only-record", is_flag=True, help="Make the recordings; ask nothing.")
def main(which: str, words: tuple[str, ...], peer: bool, known: bool, only_record: bool) -> None:
    """Ask for each case, and print the sums."""
    groups = {"tuning": tuning.cases, "more": tuning.more, "weak": tuning.weak}
    cases = {**groups, "held": held.cases, "former": held.former}[which]()
    verdicts = []
    for case in cases:
        if (words and not any(word in case.name for word in words)) or (known and not is_recorded(case)):
            continue
        recording = recorded(case)
        if only_record:
            print(f"{case.name}: {recording.config.parent}", flush=True)
            continue
        verdicts.append(judge(recording, last_difference if peer else pynvr))
        print(line(verdicts[-1]), flush=True)
    if verdicts:
        print_rows(f"Find the change, {which}", rows(verdicts))


main()
