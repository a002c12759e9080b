"""The preparation's own work, with a real database and real folders."""

import socket
import threading
from pathlib import Path

import pytest

from pynvr.archive.marker import MARKER_NAME, read_marker
from pynvr.base.heart import Beat, Heart
from pynvr.store.store import Store
from pynvr.supervisor.prepare import PrepareOrder, read_markers, run


class Place:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "pynvr.sqlite"
        self.url = f"sqlite:///{self.database}"
        self.run_dir = folder / "run"
        self.run_dir.mkdir()

    def prepare(self, *folders: Path, url: str = "") -> list[dict[str, str]]:
        """The facts of all beats, in order."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        facts: list[dict[str, str]] = []

        def listen() -> None:
            while data := ours.recv(100_000):
                facts.append(dict(Beat.from_bytes(data).facts))

        listener = threading.Thread(target=listen)
        listener.start()
        with ours:
            with theirs:
                run(Heart(theirs), PrepareOrder(url or self.url, self.run_dir, folders))
            listener.join(60)
        return [fact for fact in facts if fact]

    def markers(self, facts: list[dict[str, str]]) -> dict[str, str]:
        return {fact["folder"]: fact["marker"] for fact in facts if "marker" in fact}

    def known(self) -> dict[Path, str]:
        with Store.open(self.url, create=False) as store:
            return store.disks.known()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_new_folder_is_made_and_gets_a_marker_that_is_remembered(place: Place):
    gate = place.folder / "cameras" / "gate"
    facts = place.prepare(gate)
    marker = read_marker(gate)
    assert marker and place.markers(facts) == {str(gate): marker}
    assert place.known() == {gate: marker} == read_markers(place.run_dir / "markers.json")
    assert facts[-1] == {"database": ""}


def test_a_folder_of_an_older_installation_keeps_its_marker(place: Place):
    gate = place.folder / "gate"
    gate.mkdir()
    (gate / MARKER_NAME).write_text("abc123\n")
    assert place.markers(place.prepare(gate)) == {str(gate): "abc123"}


def test_a_known_disk_that_is_not_mounted_is_not_given_a_new_marker(place: Place):
    gate = place.folder / "gate"
    marker = place.markers(place.prepare(gate))[str(gate)]
    (gate / MARKER_NAME).unlink()
    assert place.markers(place.prepare(gate)) == {str(gate): marker}
    assert read_marker(gate) is None


@pytest.mark.parametrize("loss", ["deleted", "unusable"])
def test_the_cache_knows_the_disks_when_the_database_does_not(place: Place, loss: str):
    gate = place.folder / "gate"
    marker = place.markers(place.prepare(gate))[str(gate)]
    (gate / MARKER_NAME).unlink()
    url = ""
    if loss == "deleted":
        place.database.unlink()
    else:
        url = f"sqlite:///{place.run_dir}/markers.json/no.sqlite"
    facts = place.prepare(gate, url=url)
    assert place.markers(facts) == {str(gate): marker}
    assert bool(facts[-1]["database"]) == (loss == "unusable")
    assert read_marker(gate) is None


def test_the_database_knows_the_disks_when_the_cache_does_not(place: Place):
    gate = place.folder / "gate"
    marker = place.markers(place.prepare(gate))[str(gate)]
    (gate / MARKER_NAME).unlink()
    (place.run_dir / "markers.json").write_text("torn")
    assert place.markers(place.prepare(gate)) == {str(gate): marker}


def test_what_the_cache_knows_is_told_before_the_database_is_opened(place: Place, monkeypatch):
    gate, yard = place.folder / "gate", place.folder / "yard"
    place.prepare(gate)

    def refuse(database: str) -> dict[Path, str]:
        raise SystemExit("the database is being repaired")

    monkeypatch.setattr("pynvr.supervisor.prepare._known_markers", refuse)
    facts: list[dict[str, str]] = []
    with pytest.raises(SystemExit):
        monkeypatch.setattr(
            "pynvr.supervisor.prepare._tell", lambda heart, within_s, **fact: facts.append(fact) if fact else None
        )
        run(None, PrepareOrder(place.url, place.run_dir, (gate, yard)))  # type: ignore[arg-type]
    assert [fact["folder"] for fact in facts] == [str(gate)]


def test_a_folder_that_cannot_be_made_is_told_with_its_cause(place: Place):
    (place.folder / "file").write_text("")
    bad, good = place.folder / "file" / "gate", place.folder / "yard"
    facts = place.prepare(bad, good)
    (problem,) = [fact for fact in facts if "problem" in fact]
    assert problem["folder"] == str(bad) and problem["cause"] == "disk missing"
    assert str(bad) in problem["problem"]
    assert list(place.markers(facts)) == [str(good)]


def test_more_folders_than_the_channel_holds_at_once_are_all_told(place: Place):
    folders = [place.folder / f"camera{number}" for number in range(200)]
    assert len(place.markers(place.prepare(*folders))) == 200
