"""Questions and their answers: from an option, from the person at the terminal, or the default."""

from collections.abc import Sequence
from typing import TypeVar

import click

from pynvr.base.errors import UsageError
from pynvr.cli.output import ask_password
from pynvr.config.kinds import Kind, NotOfKindError

T = TypeVar("T")

SHORTEST_PASSWORD = 8


class Asker:
    """Asks what no option answers; when nobody is to be asked, takes the default."""

    def __init__(self, interactive: bool) -> None:
        self.interactive = interactive

    def value(self, question: str, kind: Kind[T], given: object, default: object, option: str = "") -> T:
        """An answer of the kind. `given`: the option's value, None if it wasn't used. `default`: None if there is none.

        Raises UsageError if the option's value isn't of the kind, or nobody is to be asked and there is no default.
        """
        if given is not None:
            return _read(kind, [given], option)
        if default is None and not self.interactive:
            raise UsageError(f"{option or question} is needed")
        if not self.interactive:
            return _read(kind, _readings(str(default)), option or question)
        answer: T = click.prompt(
            question, default=None if default is None else str(default), value_proc=lambda typed: _typed(kind, typed)
        )
        return answer

    def yes(self, question: str, given: bool | None, default: bool) -> bool:
        if given is not None:
            return given
        return click.confirm(question, default=default) if self.interactive else default

    def choice(self, question: str, letters: str, default: str) -> str:
        """One of the letters; the default when nobody is to be asked."""
        if not self.interactive:
            return default
        return str(click.prompt(question, type=click.Choice(list(letters)), default=default, show_choices=False))

    def new_password(self, question: str) -> str:
        """A password typed twice, long enough."""
        while True:
            password = ask_password(False, question, confirm=True)
            if len(password) >= SHORTEST_PASSWORD:
                return password
            click.echo(f"  Please take at least {SHORTEST_PASSWORD} characters.")

    def old_password(self, question: str) -> str:
        """A password of something else, typed once; may be empty."""
        return str(click.prompt(question, hide_input=True, default="", show_default=False, err=True))

    def title(self, text: str) -> None:
        """The head of a group of questions."""
        if self.interactive:
            click.echo("\n" + click.style(text, bold=True))

    def hint(self, text: str) -> None:
        """A sentence that helps to answer."""
        if self.interactive:
            click.echo(click.style(f"  {text}", dim=True))


def _typed(kind: Kind[T], typed: object) -> T:
    """As click wants it: an answer that isn't of the kind is asked for again."""
    try:
        return _first(kind, _readings(str(typed)))
    except NotOfKindError as err:
        raise click.UsageError(f"expected {err.expected}") from err


def _read(kind: Kind[T], readings: Sequence[object], name: str) -> T:
    try:
        return _first(kind, readings)
    except NotOfKindError as err:
        raise UsageError(f"{name}: expected {err.expected}") from err


def _first(kind: Kind[T], readings: Sequence[object]) -> T:
    """The first of the readings that is of the kind; raises NotOfKindError with what was expected."""
    expected = kind.expected
    for value in readings:
        try:
            return kind.read(value)
        except NotOfKindError as err:
            expected = err.expected or kind.expected
    raise NotOfKindError(expected)


def _readings(typed: str) -> list[object]:
    """What typed text may mean: a number, or the text as it is; the kind decides."""
    for number in (int, float):
        try:
            return [number(typed), typed]
        except ValueError:
            continue
    return [typed]
