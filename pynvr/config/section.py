"""An object of nvr.json, read key by key; a camera's stands over `defaults`, at every depth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pynvr.config.json_text import JsonObject
from pynvr.config.kinds import Kind, NotOfKindError
from pynvr.config.mistakes import Mistakes, joined, shown

T = TypeVar("T")

NOT_GIVEN = 1_000


@dataclass(frozen=True, slots=True)
class Layer:
    """One object and where it stands in the file."""

    path: str
    values: JsonObject


class Section:
    """Reads values from the first layer that has them, notes mistakes, and asks for no key twice.

    A value that can't be used is replaced by the default, so that one pass finds every mistake.
    """

    def __init__(self, layers: Sequence[Layer], mistakes: Mistakes, general_path: str) -> None:
        """`general_path`: the path without numbers (`cameras[].record`), by which the key is known."""
        self._layers = layers
        self.mistakes = mistakes
        self._general_path = general_path
        self._known: set[str] = set()
        for layer in layers:
            for key in layer.values.repeated:
                mistakes.add(joined(layer.path, key), "found this key more than once, expected it once")

    @property
    def layers(self) -> list[Layer]:
        """The objects, the most specific one first."""
        return list(self._layers)

    @property
    def path(self) -> str:
        """The JSON path of the most specific object."""
        return self._layers[0].path if self._layers else self._general_path

    def get(self, key: str, kind: Kind[T], default: T) -> T:
        """The value, or the default if it isn't there or isn't of the kind."""
        found = self._find(key)
        if found is None:
            return default
        path, value = found
        try:
            return kind.read(value)
        except NotOfKindError as err:
            expected = err.expected or kind.expected
            if kind.secret:
                self.mistakes.add(path, f"found something else (not shown, it may be a password), expected {expected}")
            else:
                self.mistakes.wrong(path, value, expected)
            return default

    def need(self, key: str, kind: Kind[T], stand_in: T) -> T:
        """As `get`, but it is a mistake if the key isn't there."""
        if self._find(key) is None:
            self.mistakes.add(joined(self.path, key), f"found nothing, expected {kind.expected}")
        return self.get(key, kind, stand_in)

    def section(self, key: str, known_as: str = "") -> "Section":
        """The object under the key, over the same of the layers below; empty if there is none.

        `known_as`: its path without numbers, if that differs (`defaults` holds what `cameras[]` holds).
        """
        self._note(key)
        layers = []
        for layer in self._layers:
            if key not in layer.values:
                continue
            path, value = joined(layer.path, key), layer.values[key]
            if isinstance(value, JsonObject):
                layers.append(Layer(path, value))
            else:
                self.mistakes.wrong(path, value, "an object")
        return Section(layers, self.mistakes, known_as or joined(self._general_path, key))

    def items(self, key: str, or_one_text: bool = False) -> list[tuple[str, object]]:
        """The list under the key, each item with its path; lists of different layers are never mixed.

        `or_one_text`: a text that stands there alone is the only item.
        """
        found = self._find(key)
        if found is None:
            return []
        path, value = found
        if or_one_text and isinstance(value, str):
            return [(path, value)]
        if not isinstance(value, list):
            self.mistakes.wrong(path, value, "a list")
            return []
        return [(f"{path}[{number}]", item) for number, item in enumerate(value)]

    def depth(self, key: str) -> int:
        """Which layer gives the key: 0 the most specific one; NOT_GIVEN if none does."""
        return next((depth for depth, layer in enumerate(self._layers) if key in layer.values), NOT_GIVEN)

    def wrong(self, key: str, expected: str) -> None:
        """A mistake in how this key, whose value is of its kind, stands to others."""
        path, value = self._find(key) or (joined(self.path, key), None)
        self.mistakes.wrong(path, value, expected)

    def warn(self, key: str, expected: str) -> None:
        """As `wrong`, where older versions let it pass (`Mistakes.warn`)."""
        path, value = self._find(key) or (joined(self.path, key), None)
        self.mistakes.warn(path, f"found {shown(value)}, expected {expected}")

    def allow(self, key: str) -> None:
        """The key may stand here; somebody else judges it."""
        self._known.add(key)

    def end(self) -> None:
        """Every key that nobody asked for is a mistake."""
        for layer in self._layers:
            for key in layer.values:
                if key not in self._known:
                    self.mistakes.unknown(layer.path, key, frozenset(self._known))

    def _find(self, key: str) -> tuple[str, object] | None:
        self._note(key)
        for layer in self._layers:
            if key in layer.values:
                return joined(layer.path, key), layer.values[key]
        return None

    def _note(self, key: str) -> None:
        self._known.add(key)
        self.mistakes.known_paths.add(joined(self._general_path, key))
