"""Questions and their answers: from an option, from the person at the terminal, or the default."""

from collections.abc import Callable
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
            return _read(kind, given, option)
        if not self.interactive:
            if default is None:
                raise UsageError(f"{option or question} is needed")
            return _read(kind, default, option or question)
        answer: T = click.prompt(
            question,
            default=None if default is None else str(default),
            show_default=default != "",
            value_proc=_proc(kind),
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


def _read(kind: Kind[T], value: object, name: str) -> T:
    try:
        return kind.read(value)
    except NotOfKindError as err:
        raise UsageError(f"{name}: expected {err.expected or kind.expected}") from err


def _proc(kind: Kind[T]) -> Callable[[object], T]:
    """As click wants it: the text typed (or the default as text) → the value."""

    def read(typed: object) -> T:
        for value in _readings(typed):
            try:
                return kind.read(value)
            except NotOfKindError as err:
                expected = err.expected or kind.expected
        raise click.UsageError(f"expected {expected}")

    return read


def _readings(typed: object) -> list[object]:
    """A typed number may be meant as a number or as text; the kind decides."""
    found: list[object] = []
    for number in (int, float):
        try:
            found.append(number(str(typed)))
            break
        except ValueError:
            continue
    return [*found, str(typed)]
