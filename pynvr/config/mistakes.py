"""What is wrong in a configuration: lines that name file, JSON path, what was found and what was expected."""

import json
import re
from difflib import get_close_matches
from pathlib import Path

from pynvr.base.redaction import MASK, redact

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_FOUND = 60


class Mistakes:
    """Collects the lines, each once, and the keys that the readers asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: dict[str, None] = {}
        self._warnings: dict[str, None] = {}
        self._unknown: dict[tuple[str, str], frozenset[str]] = {}
        self.known_paths: set[str] = set()

    def add(self, path: str, sentence: str) -> None:
        self._lines[self._line(path, sentence)] = None

    def warn(self, path: str, sentence: str) -> None:
        """A mistake that older versions let pass: who writes it now is told, but a file that has had it for long is no
        reason to record nothing at all."""
        self._warnings[self._line(path, sentence)] = None
        self.add(path, sentence)

    def wrong(self, path: str, found: object, expected: str) -> None:
        self.add(path, f"found {shown(found)}, expected {expected}")

    def unknown(self, section: str, key: str, known_here: frozenset[str]) -> None:
        """An unknown key; judged at the end, when all the keys that exist are known."""
        self._unknown[section, key] = known_here

    def lines(self) -> list[str]:
        for (section, key), known_here in self._unknown.items():
            self.add(joined(section, key), f"found an unknown key, expected {self._nearest(key, known_here)}")
        self._unknown.clear()
        return list(self._lines)

    def warnings(self) -> list[str]:
        """Those of the lines that keep nobody from following the file."""
        return list(self._warnings)

    def _line(self, path: str, sentence: str) -> str:
        return f"{self._file}: {path}: {sentence}" if path else f"{self._file}: {sentence}"

    def _nearest(self, key: str, known_here: frozenset[str]) -> str:
        folded = {name.casefold(): name for name in sorted(known_here)}
        near = get_close_matches(key.casefold(), folded, n=1)
        if near:
            return f'"{folded[near[0]]}"'
        elsewhere = {path.rpartition(".")[2].casefold(): path for path in sorted(self.known_paths, reverse=True)}
        near = get_close_matches(key.casefold(), elsewhere, n=1)
        if near:
            return f"it as {elsewhere[near[0]]}"
        return "one of " + ", ".join(f'"{name}"' for name in sorted(known_here))


def joined(section: str, key: str) -> str:
    """The JSON path of a key of a section (`cameras[2]`, `url` → `cameras[2].url`)."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{section}[{shown(key)}]"
    return f"{section}.{key}" if section else key


def shown(found: object) -> str:
    """The value as a message may show it: short, without passwords, without the inside of objects and lists."""
    if isinstance(found, dict):
        return "an object"
    if isinstance(found, list):
        return "a list"
    text = json.dumps(without_credentials(found) if isinstance(found, str) else found, ensure_ascii=True)
    return text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + "…"


def without_credentials(text: str) -> str:
    """The text with whatever stands before an @ masked, URL or not; the rest as in `redact`."""
    text = redact(text)
    head, at, tail = text.rpartition("@")
    if not at:
        return text
    scheme, colon, _ = head.partition("://")
    return f"{scheme}://{MASK}@{tail}" if colon else f"{MASK}@{tail}"
