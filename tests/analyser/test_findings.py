"""What was found waits for the database; what can't wait any longer leaves nothing behind."""

from types import SimpleNamespace
from typing import Any

import pytest

from pynvr.analyser import findings
from pynvr.analyser.findings import Findings
from pynvr.base.errors import StoreError
from pynvr.model.box import Box
from pynvr.model.settings import DetectorSettings
from pynvr.store.store import Store
from pynvr.vision.detector import Found, Sighting
from tests.finisher.running import settings_of

T0 = 1_782_900_000_000_000


class Bench:
    def __init__(self, tmp_path, monkeypatch):
        settings = settings_of(tmp_path)
        self.camera, self.system = settings.cameras[0], settings.system
        self.is_away = True
        self.findings = Findings(self._open)
        monkeypatch.setattr(findings, "_MOST_WAITING", 3)
        monkeypatch.setattr(findings, "to_jpeg", lambda *_: b"jpeg")

    def see(self, second, count=1):
        """A picture with so many things in it."""
        found = (Found(0.9, Box(0, 0, 1, 1)),) * count
        picture: Any = SimpleNamespace()
        seen = Sighting(self.camera, "face", T0 + second * 1_000_000, picture, found, DetectorSettings())
        self.findings.add(seen, self.system)

    def pictures(self):
        """The seconds of which there is one."""
        paths = self.system.jpg_cache_dir.rglob("*.jpg")
        return sorted((int(path.name.split(".")[2]) - T0) // 1_000_000 for path in paths)

    def _open(self):
        if self.is_away:
            raise StoreError("locked")
        return Store.open(self.system.database)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    return Bench(tmp_path, monkeypatch)


def test_the_picture_goes_with_the_last_thing_in_it_that_cant_wait_any_longer(bench):
    bench.see(0, count=2)
    bench.see(1)
    assert bench.pictures() == [0, 1]
    bench.see(2)
    assert bench.findings.lost == 1 and bench.pictures() == [0, 1, 2]
    bench.see(3)
    assert bench.findings.lost == 2 and bench.pictures() == [1, 2, 3]


def test_a_picture_of_which_one_thing_was_stored_stays(bench, monkeypatch):
    bench.see(0, count=2)
    bench.is_away = False
    write = Findings._write

    def once(self, *what):
        monkeypatch.setattr(Findings, "_write", fail)
        write(self, *what)

    def fail(*_):
        raise StoreError("locked")

    monkeypatch.setattr(Findings, "_write", once)
    bench.findings.write(0.0)
    assert bench.findings.stored == 1
    bench.findings.lose_rest()
    assert bench.findings.lost == 1 and bench.pictures() == [0]


def test_what_still_waits_in_the_end_takes_its_pictures_along(bench):
    bench.see(0, count=2)
    bench.see(1)
    bench.findings.write(0.0)
    bench.findings.lose_rest()
    assert bench.pictures() == []
