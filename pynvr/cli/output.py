"""What every command prints alike: JSON for scripts, columns for people, a bar for work that takes time."""

import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from pynvr.base.redaction import redact

_ERASE_LINE = "\r\x1b[K"
_TICK_S = 1.0
# Where nobody sees a line change, a further one must do.
_LINE_EACH_TICKS = 15


def write_json(value: object) -> None:
    """The value as JSON on stdout, passwords of URLs masked."""
    click.echo(redact(json.dumps(value, indent=2, ensure_ascii=False)))


def write_columns(rows: Sequence[Sequence[str]], indent: str = "") -> None:
    """Rows of texts, each column as wide as its widest text; passwords of URLs masked."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        click.echo(redact((indent + "  ".join(cells)).rstrip()))


def note(text: str) -> None:
    """A line about the work itself, on stderr, so that it never mixes with the result."""
    click.echo(redact(text), err=True)


def passing(text: str) -> None:
    """A line that the next one replaces; shown to a person only."""
    if sys.stderr.isatty():
        columns = shutil.get_terminal_size().columns
        click.echo(_ERASE_LINE + redact(text)[: columns - 1], nl=False, err=True)


def passed() -> None:
    """Take the line of `passing` away."""
    if sys.stderr.isatty():
        click.echo(_ERASE_LINE, nl=False, err=True)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """While something goes on that tells nothing by itself: that it does, and for how long."""
    ended = threading.Event()

    def tell() -> None:
        began_s = time.monotonic()
        ticks = 0
        while not ended.wait(_TICK_S):
            ticks += 1
            words = f"{text} … {time.monotonic() - began_s:.0f} s"
            passing(words)
            if ticks % _LINE_EACH_TICKS == 0 and not sys.stderr.isatty():
                note(words)

    teller = threading.Thread(target=tell, name="waiting", daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()
        passed()


def ask_password(from_stdin: bool, prompt: str, confirm: bool = False) -> str:
    """A password that no process list and no screen shows: hidden typing, or the first line of stdin, which alone may
    be empty."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        typed = _hidden(prompt)
        if not typed:
            note("  It can't be empty.")
        elif confirm and typed != _hidden("Repeat for confirmation"):
            note("  The two aren't the same; type it twice again.")
        else:
            return typed


def _hidden(prompt: str) -> str:
    return str(click.prompt(prompt, hide_input=True, default="", show_default=False, err=True))
